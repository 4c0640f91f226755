"""Writes the licences of all that a release is made of, with their texts, as most of them ask for.

licences.py FOLDER     FOLDER/LICENCES.txt, for what the bills of materials in FOLDER list (local/sbom.py)

A crate's texts are those that its package has. A package without any, and Rust's standard library, have the texts of their
licences as Rust itself comes with them.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCE_FILE = re.compile(r"(licen[sc]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def output(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def listed(folder):
    """The components of all bills, with what each says its licence is. Ours are in no registry."""
    found = {}
    for file in sorted(folder.glob("*.cdx.json")):
        for part in json.loads(file.read_text())["components"]:
            if "purl" in part or part["name"] == "std":
                found[part["name"], part["version"]] = expression(part)
    return found


def expression(part):
    entries = part.get("licenses", [])
    said = [entry.get("expression") or entry["license"].get("id") or entry["license"]["name"] for entry in entries]
    return " AND ".join(said)


def packages():
    """Where cargo keeps each package from a registry."""
    metadata = json.loads(output("cargo", "metadata", "--locked", "--format-version", "1"))
    return {
        (package["name"], package["version"]): Path(package["manifest_path"]).parent
        for package in metadata["packages"]
        if package["source"]
    }


def texts(folder):
    """The texts in a package: beside its manifest, or in a folder of licences there."""
    found = [file for file in sorted(folder.iterdir()) if LICENCE_FILE.match(file.name)]
    files = [file for entry in found for file in (sorted(entry.iterdir()) if entry.is_dir() else [entry])]
    return [file.read_text(errors="replace").strip() for file in files if file.is_file()]


def texts_of_rust(said):
    """The texts of these licences, as Rust comes with them."""
    folder = Path(output("rustc", "--print", "sysroot").strip()) / "share" / "doc" / "rust" / "licenses"
    named = re.findall(r"[\w.-]+", said)
    return [(folder / f"{name}.txt").read_text().strip() for name in named if (folder / f"{name}.txt").exists()]


def main():
    folder = Path(sys.argv[1])
    kept, of_text = packages(), defaultdict(list)
    parts = listed(folder)
    for (name, version), said in sorted(parts.items()):
        found = texts(kept[name, version]) if name != "std" else []
        found = found or texts_of_rust(said)
        if not found:
            raise SystemExit(f"{name} {version} ({said}) has no text of its licence")
        for text in dict.fromkeys(found):
            of_text[text].append(f"{name} {version}")
    lines = ["What Landfall's programs are made of, and under which licences.", ""]
    lines += [f"{name} {version}: {said}" for (name, version), said in sorted(parts.items())]
    for text, users in of_text.items():
        lines += ["", "~" * 80, *users, "~" * 80, "", text]
    file = folder / "LICENCES.txt"
    file.write_text("\n".join(lines) + "\n")
    print(file)


if __name__ == "__main__":
    main()
