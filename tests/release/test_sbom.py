"""Bills of materials: what they list is what cargo compiles for that package and that processor, and nothing of the tests'."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ["consumer", "ingest", "sweeper"]
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
PACKAGES = [(function, architecture) for architecture in TARGETS for function in FUNCTIONS]
COMMAND_LINES = {
    "landfall-aarch64-apple-darwin": "aarch64-apple-darwin",
    "landfall-x86_64-pc-windows-msvc.exe": "x86_64-pc-windows-msvc",
    "landfall-x86_64-unknown-linux-gnu": "x86_64-unknown-linux-gnu",
}


def program(name):
    return f"the program of {name}".encode()


def written(folder, packages=PACKAGES, command_lines=COMMAND_LINES):
    """The bills of a release whose programs are texts, by the names of their files."""
    for function, architecture in packages:
        name = f"landfall-{function}-{architecture}.zip"
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("bootstrap", program(name))
            archive.writestr("landfall.toml", "")
    for name in command_lines:
        (folder / name).write_bytes(program(name))
    (folder / "landfall-arm64.json").write_text("")
    command = [ROOT / ".tools" / "release" / "bin" / "python", ROOT / "local" / "sbom.py", folder]
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return {file.name: file.read_text() for file in folder.glob("*.cdx.json")}


@pytest.fixture(scope="module")
def bills(tmp_path_factory):
    return {
        name.removesuffix(".cdx.json"): json.loads(text)
        for name, text in written(tmp_path_factory.mktemp("release")).items()
    }


@cache
def compiled(target, *packages):
    """What cargo says is compiled into them, crate by crate."""
    command = ["cargo", "tree", "--locked", "--target", target, "--edges", "normal,no-proc-macro", "--prefix", "none"]
    command += [word for name in packages for word in ("--package", name)]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return {tuple(line.replace(" v", "@", 1).split()[0].split("@")) for line in lines if line}


def components(bill):
    return {(part["name"], part["version"]) for part in bill["components"]}


def test_each_package_and_each_command_line_has_one(bills):
    assert bills.keys() == {f"landfall-{function}-{architecture}.zip" for function, architecture in PACKAGES} | set(
        COMMAND_LINES
    )


@pytest.mark.parametrize(("function", "architecture"), PACKAGES)
def test_a_functions_bill_lists_what_is_compiled_into_it(bills, function, architecture):
    bill = bills[f"landfall-{function}-{architecture}.zip"]
    alone, together = compiled(TARGETS[architecture], function), compiled(TARGETS[architecture], *FUNCTIONS)
    (std,) = [part for part in bill["components"] if part["name"] == "std"]
    listed = components(bill) - {("std", std["version"])}
    itself = (bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"])
    assert itself[0] == function
    # At least what it has by itself, and at most what the three have together, whose features a release compiles.
    assert alone <= listed | {itself} <= together
    names = {name for name, _ in listed}
    assert {"aws-sdk-dynamodb", "aws-sdk-sqs", "aws-lc-sys", "landfall-protocol"} <= names
    # Of the tests, of the command line, and of the compiler.
    assert not names & {"proptest", "insta", "clap", "aws-config", "aws-sdk-sso", "serde_derive", "cc"}


@pytest.mark.parametrize(("name", "target"), COMMAND_LINES.items())
def test_the_command_lines_bill_is_that_of_its_system(bills, name, target):
    alone = compiled(target, "landfall")
    (std,) = [part for part in bills[name]["components"] if part["name"] == "std"]
    itself = bills[name]["metadata"]["component"]
    assert components(bills[name]) | {(itself["name"], itself["version"])} == alone | {("std", std["version"])}
    assert ("windows-sys" in {part["name"] for part in bills[name]["components"]}) == name.endswith(".exe")


def test_a_bill_names_its_program_and_its_commits_time(bills):
    numbers = set()
    for name, bill in bills.items():
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        itself = bill["metadata"]["component"]
        assert itself["type"] == "application"
        assert itself["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(program(name)).hexdigest()}]
        assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
        numbers.add(bill["serialNumber"])
    assert len(numbers) == len(bills)


def test_a_crate_has_a_licence_and_the_digest_of_its_registry_and_ours_no_name_of_a_strangers(bills):
    lock = (ROOT / "Cargo.lock").read_text()
    for bill in bills.values():
        for part in bill["components"]:
            assert part["licenses"], part["name"]
            if part["name"] == "std":
                assert part["cpe"] == f"cpe:2.3:a:rust-lang:rust:{part['version']}:*:*:*:*:*:*:*"
                continue
            entry = rf'name = "{part["name"]}"\nversion = "{re.escape(part["version"])}"\n(?:source = .*\nchecksum = "(.*)")?'
            digest = re.search(entry, lock)[1]
            if digest:
                # A plus is written as a package URL writes it.
                assert part["purl"] == f"pkg:cargo/{part['name']}@{part['version'].replace('+', '%2B')}"
                assert part["hashes"] == [{"alg": "SHA-256", "content": digest}]
            else:
                assert part["name"].startswith("landfall-") and "purl" not in part and "hashes" not in part


def test_every_part_hangs_together_with_the_program(bills):
    for bill in bills.values():
        uses = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
        found = [bill["metadata"]["component"]["bom-ref"]]
        for ref in found:
            found += [used for used in uses[ref] if used not in found]
        assert set(found[1:]) == {part["bom-ref"] for part in bill["components"]}


def test_every_licence_is_there_with_its_text(tmp_path):
    bills = written(tmp_path, command_lines={})
    subprocess.run([sys.executable, ROOT / "local" / "licences.py", tmp_path], check=True, stdout=subprocess.PIPE)

    said = (tmp_path / "LICENCES.txt").read_text()

    strangers = {
        (part["name"], part["version"])
        for bill in bills.values()
        for part in json.loads(bill)["components"]
        if not part["name"].startswith("landfall-")
    }
    listed, *texts = re.split(r"^~{80}$", said, flags=re.MULTILINE)
    assert set(re.findall(r"^(\S+) (\S+): \S", listed, re.MULTILINE)) == strangers
    # After each list of crates comes the text that they share.
    users, texts = texts[::2], texts[1::2]
    # Some say in a file of their own only which licences there are.
    whole = [list_ for list_, text in zip(users, texts) if len(text.strip()) > 500]
    assert {tuple(line.split()) for list_ in whole for line in list_.strip().splitlines()} == strangers
    of_aws_lc = [text for list_, text in zip(users, texts) if "aws-lc-sys " in list_]
    assert any("OpenSSL" in text for text in of_aws_lc), "the C code's licences, too"


def test_two_runs_write_the_same(tmp_path):
    runs = []
    for folder in (tmp_path / "a", tmp_path / "b" / "c"):
        folder.mkdir(parents=True)
        runs.append(written(folder, PACKAGES[:1], []))
    assert len(runs[0]) == 1
    assert runs[0] == runs[1]


def test_what_is_not_cyclonedx_is_not_written(tmp_path):
    script = f"""
import sys
sys.path.insert(0, {str(ROOT / "local")!r})
import sbom
class Wrong:
    def __init__(self, bill): pass
    def output_as_string(self, indent): return '{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": 1}}'
sbom.JsonV1Dot6 = Wrong
sbom.write(sbom.Path({str(tmp_path / "bill.json")!r}), "x", b"", "landfall", "x86_64-unknown-linux-gnu", ("landfall",))
"""
    ran = subprocess.run([ROOT / ".tools/release/bin/python", "-c", script], capture_output=True, text=True)
    assert ran.returncode == 1 and "would not be CycloneDX" in ran.stderr, ran.stderr
    assert not (tmp_path / "bill.json").exists()
