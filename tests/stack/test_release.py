"""A release is deployed as docs/releases.md has it, by somebody who has no compiler: packages that were built elsewhere, their
configuration put in, and the template over them; with a function URL before ingest."""

import hashlib
import json
import platform
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import tomlkit
from bench import Bench
from harness import CONFIGURATION, ROOT
from test_readme import blocks, commands

sys.path.insert(0, str(ROOT / "local"))

import package

ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
STACK = "landfall-release"


def documented(program):
    """What the page says to a program, for the processor of this machine."""
    lines = [line for block in blocks("docs/releases.md") for line in commands(block)]
    (line,) = [line for line in lines if line.startswith(program + " ")]
    return shlex.split(line.replace("arm64", ARCHITECTURE))


def overrides(name):
    """The parameters that the tests' own stack is deployed with."""
    config = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()
    return config[name]["deploy"]["parameters"]["parameter_overrides"]


@pytest.fixture
def release(tmp_path):
    """A folder as it is after a download: packages, template and digests."""
    for function in ("Ingest", "Consumer", "Sweeper"):
        program = tmp_path / function
        built = ROOT / ".aws-sam" / "test" / function / "bootstrap"
        # Without what debuggers read, which is most of it.
        subprocess.run(["strip", "-o", program, built], check=True)
        package.pack(program, tmp_path / package.package_name(function, ARCHITECTURE), level=1)
        program.unlink()
    text = package.template(package.TEMPLATE.read_text(), ARCHITECTURE)
    (tmp_path / package.template_name(ARCHITECTURE)).write_text(text)
    files = sorted(tmp_path.iterdir())
    digests = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (tmp_path / "SHA256SUMS").write_text("".join(digests))
    shutil.copy(CONFIGURATION, tmp_path / "landfall.toml")
    return tmp_path


def test_a_release_is_deployed_without_a_compiler(bench, release):
    # No cargo, no zig, and nothing else.
    nowhere = release / "nowhere"
    nowhere.mkdir()
    environment = bench.environment | {"PATH": str(nowhere), "HOME": str(release), "SAM_CLI_TELEMETRY": "0"}

    def run(program, words):
        ran = subprocess.run([program, *words], cwd=release, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    run(shutil.which("sha256sum"), documented("sha256sum")[1:])
    run(ROOT / ".tools/bin/landfall", documented("landfall package")[1:])
    deploy = [STACK if word == "landfall-test" else word for word in documented("sam deploy")[1:-1]]
    parameters = [*overrides("e2e"), "FrontDoor=url"]
    run(ROOT / ".tools/bin/sam", [*deploy, *parameters, "--no-progressbar", "--region", bench.note["region"]])

    cloudformation = bench.client("cloudformation")
    try:
        (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        # By path, since the URL's host is none of this machine.
        url = re.match(r"https?://(\w+)\.lambda-url\.", outputs["ApiUrl"])[1]
        outputs["ApiUrl"] = f"{bench.note['endpoint']}/_aws/lambda-url/{url}"
        note = release / "local.json"
        note.write_text(json.dumps(bench.note | {"stack": STACK, "outputs": outputs}))
        released = Bench(note)
        released.put_secrets(bench.secrets())

        id = released.accepted(bench.sign("financbase"))
        released.ended("financbase", id)
        assert bench.event("financbase", id) is None
        forged = bench.sign("financbase").with_body(b"{}")
        assert released.post(forged).status == 400
    finally:
        cloudformation.delete_stack(StackName=STACK)
