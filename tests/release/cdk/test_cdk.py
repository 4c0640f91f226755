"""The stack that infra/cdk/landfall.mjs makes in a CDK app is the packaged template, but for what the CDK adds of its own. Wants
Node, and what `make cdk` has put into .tools/cdk."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "local"))

import package  # noqa: E402

TOOLS = ROOT / ".tools" / "cdk"
FUNCTIONS = ["Consumer", "Ingest", "Sweeper"]


def synthesized(release, out):
    """What the app writes of the packages in the folder."""
    for file in (ROOT / "infra" / "cdk" / "landfall.mjs", Path(__file__).with_name("app.mjs")):
        shutil.copy(file, TOOLS)
    # Nothing is asked or told over the network.
    environment = {"PATH": os.environ["PATH"], "HOME": str(out), "CDK_DISABLE_TELEMETRY": "1"}
    command = ["node", TOOLS / "app.mjs", release, out / "cdk.out"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return out / "cdk.out"


def as_the_app_says(value):
    """With the environment that the app has fixed."""
    if isinstance(value, dict):
        if value == {"Ref": "Environment"}:
            return "test"
        return {key: as_the_app_says(inner) for key, inner in value.items()}
    return [as_the_app_says(inner) for inner in value] if isinstance(value, list) else value


def test_the_cdks_stack_is_the_packaged_template(tmp_path):
    release = tmp_path / "release"
    release.mkdir()
    (release / "landfall-arm64.json").write_text(package.template(package.TEMPLATE.read_text(), "arm64"))
    for name in FUNCTIONS:
        program = tmp_path / name
        program.write_bytes(f"the program of {name}".encode())
        package.pack(program, release / package.package_name(name, "arm64"))

    out = synthesized(release, tmp_path)
    found = json.loads((out / "landfall-test.template.json").read_text())

    # What the CDK looks for in an account that it was prepared for.
    del found["Parameters"]["BootstrapVersion"], found["Rules"]["CheckBootstrapVersion"]
    # Each function's code is its package, which the CDK uploads under the digest of what is in it.
    assets = json.loads((out / "landfall-test.assets.json").read_text())["files"]
    for name in FUNCTIONS:
        key = found["Resources"][name]["Properties"].pop("CodeUri")["Key"]
        source = assets[key.removesuffix(".zip")]["source"]
        assert source["packaging"] == "file"
        packed = (release / package.package_name(name, "arm64")).read_bytes()
        assert (out / source["path"]).read_bytes() == packed

    expected = json.loads((release / "landfall-arm64.json").read_text())
    del expected["Parameters"]["Environment"]
    for name in FUNCTIONS:
        del expected["Resources"][name]["Properties"]["CodeUri"]
    # No text names the parameter, which would have stayed.
    assert "${Environment}" not in json.dumps(expected)
    assert found == as_the_app_says(expected)
