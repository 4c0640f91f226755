"""Writes what the packages of a release are made of, as CycloneDX: the crates that the linker was given for this package, for
its target and with the features of a release. What nothing in the program reaches, the linker has left out.

sbom.py FOLDER     beside each FOLDER/landfall-FUNCTION-ARCHITECTURE.zip, and each command line FOLDER/landfall-TARGET, the
                   file of the same name with .cdx.json behind it

Two runs over the same programs write the same bytes: its time is that of the commit, or SOURCE_DATE_EPOCH.
"""

import hashlib
import os
import re
import subprocess
import sys
import uuid
import zipfile
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ["consumer", "ingest", "sweeper"]
ARCHITECTURES = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}


def output(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


# ---- What cargo says ----


@cache
def tree(target, *packages):
    """For each crate (name, version), its licence and the crates that it uses; with a build's features, which are those of all
    packages that it names. Macros run while it compiles, and nothing of them is in the program."""
    command = ["cargo", "tree", "--locked", "--target", target, "--edges", "normal,no-proc-macro", "--prefix", "depth"]
    command += [word for package in packages for word in ("--package", package)]
    crates, path = {}, []
    for line in output(*command, "--format", "|{p}|{l}").splitlines():
        if not line:
            continue
        depth, called, licence = line.removesuffix(" (*)").split("|")
        name, version = called.split()[:2]
        crate = name, version.removeprefix("v")
        path[int(depth) :] = [crate]
        crates.setdefault(crate, (licence, set()))
        if len(path) > 1:
            crates[path[-2]][1].add(crate)
    return crates


@cache
def digests():
    """The digests of the crates that come from a registry, by name and version."""
    lock = (ROOT / "Cargo.lock").read_text()
    entry = r'^name = "(.*)"\nversion = "(.*)"\nsource = "registry\+.*"\nchecksum = "(.*)"$'
    return {(name, version): digest for name, version, digest in re.findall(entry, lock, re.MULTILINE)}


def reached(crates, root):
    """The crates that a crate is made of, itself first."""
    found = [root]
    for crate in found:
        found += sorted(crates[crate][1] - set(found))
    return found


# ---- What is written ----


def sha256(content):
    return HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(content).hexdigest())


def component(crate, licence):
    name, version = crate
    digest = digests().get(crate)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        # Ours are in no registry: a stranger's crate may have the same name there.
        purl=PackageURL("cargo", name=name, version=version) if digest else None,
        bom_ref=f"{name}@{version}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)] if digest else [],
        # Some still write "or" as crates.io once did.
        licenses=[LicenseFactory().make_from_string(re.sub(r"\s*/\s*", " OR ", licence))] if licence else [],
    )


def standard_library():
    version = output("rustc", "--version").split()[1]
    return Component(
        type=ComponentType.LIBRARY,
        name="std",
        version=version,
        bom_ref=f"std@{version}",
        description="Rust's standard library",
        # Under this name its faults are published.
        cpe=f"cpe:2.3:a:rust-lang:rust:{version}:*:*:*:*:*:*:*",
        licenses=[LicenseFactory().make_from_string("MIT OR Apache-2.0")],
    )


def bill(name, program, package, target, together):
    """What this program is made of, that was compiled from the package, together with others."""
    crates = tree(target, *together)
    (root,) = [crate for crate in crates if crate[0] == package]
    parts = {crate: component(crate, crates[crate][0]) for crate in reached(crates, root)}
    itself = parts.pop(root)
    itself.type = ComponentType.APPLICATION
    itself.hashes = [sha256(program)]
    itself.properties = [Property(name="landfall:target", value=target)]

    std = standard_library()
    bom = Bom(components=[*parts.values(), std])
    bom.metadata.component = itself
    bom.metadata.timestamp = datetime.fromtimestamp(made_at(), timezone.utc)
    # The same program has the same number.
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"landfall:{name}:{hashlib.sha256(program).hexdigest()}")
    for crate, listed in {root: itself, **parts}.items():
        uses = [parts[used] for used in crates[crate][1]]
        bom.register_dependency(listed, [*uses, std] if crate == root else uses)
    return bom


@cache
def made_at():
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))


def write(file, name, program, package, target, together):
    text = JsonV1Dot6(bill(name, program, package, target, together)).output_as_string(indent=2) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        raise SystemExit(f"{file} would not be CycloneDX: {fault}")
    file.write_text(text)
    print(file)


def beside(file):
    return file.with_name(f"{file.name}.cdx.json")


def main():
    folder = Path(sys.argv[1])
    for file in sorted(folder.glob("landfall-*")):
        if file.suffix == ".zip":
            function, architecture = re.fullmatch(r"landfall-([a-z]+)-(\w+)", file.stem).groups()
            with zipfile.ZipFile(file) as package:
                program = package.read("bootstrap")
            write(beside(file), file.stem, program, function, ARCHITECTURES[architecture], FUNCTIONS)
        elif file.suffix != ".json":
            target = file.name.removeprefix("landfall-").removesuffix(".exe")
            write(beside(file), file.name, file.read_bytes(), "landfall", target, ["landfall"])


if __name__ == "__main__":
    main()
