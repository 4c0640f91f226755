"""What a release deploys: packages that hold the same bytes wherever they are made, and a template over them that is
infra/template.yaml but for where the code comes from."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "local"))

import package  # noqa: E402

TEMPLATE = (ROOT / "infra" / "template.yaml").read_text()
FUNCTIONS = ["Consumer", "Ingest", "Sweeper"]
ARCHITECTURES = ["arm64", "x86_64"]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_packaged_template_is_ours_but_for_where_the_code_comes_from(architecture):
    released = json.loads(package.template(TEMPLATE, architecture))

    expected = json.loads(json.dumps(yaml_parse(TEMPLATE)))
    del expected["Globals"]["Function"]["CodeUri"]
    functions = {name: of for name, of in expected["Resources"].items() if of["Type"] == "AWS::Serverless::Function"}
    assert sorted(functions) == FUNCTIONS
    for name, function in functions.items():
        # `sam build` would look for a makefile.
        assert function["Metadata"].pop("BuildMethod") == "makefile"
        function["Properties"]["CodeUri"] = f"landfall-{name.lower()}-{architecture}.zip"
    # What is built for one processor is not deployed to the other.
    parameter = expected["Parameters"]["Architecture"]
    assert architecture in parameter["AllowedValues"]
    parameter |= {"Default": architecture, "AllowedValues": [architecture]}
    parameter["Description"] = released["Parameters"]["Architecture"]["Description"]
    assert released == expected


def built(folder, content=b"program"):
    """What cargo-lambda leaves."""
    for architecture in ARCHITECTURES:
        for function in FUNCTIONS:
            file = folder / architecture / function.lower() / "bootstrap"
            file.parent.mkdir(parents=True)
            file.write_bytes(content + function.encode())
    return folder


def test_every_package_that_the_templates_name_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["package.py", str(built(tmp_path))])
    package.main()

    made = {file.name for file in tmp_path.glob("landfall-*")}
    templates = {f"landfall-{architecture}.json" for architecture in ARCHITECTURES}
    assert templates < made
    named = set()
    for name in templates:
        resources = json.loads((tmp_path / name).read_text())["Resources"].values()
        named |= {of["Properties"]["CodeUri"] for of in resources if of["Type"] == "AWS::Serverless::Function"}
    assert made == templates | named
    for name in named:
        with zipfile.ZipFile(tmp_path / name) as archive:
            (entry,) = archive.infolist()
            # Lambda starts `bootstrap`, as somebody who is not its owner.
            assert (entry.filename, entry.external_attr >> 16) == ("bootstrap", 0o100755)
            assert name.split("-")[1].encode() in archive.read(entry).lower()


def test_a_package_says_nothing_of_where_and_when_it_was_made(tmp_path, monkeypatch):
    made = []
    for place, time, mode, zone in (("a", 1_000_000_000, 0o755, "UTC"), ("b/c", 1_700_000_000, 0o500, "Asia/Tokyo")):
        folder = built(tmp_path / place)
        for file in folder.glob("*/*/bootstrap"):
            file.chmod(mode)
            os.utime(file, (time, time))
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setattr(sys, "argv", ["package.py", str(folder)])
        package.main()
        made.append({file.name: file.read_bytes() for file in folder.glob("landfall-*")})
    assert len(made[0]) == 8
    assert made[0] == made[1]
