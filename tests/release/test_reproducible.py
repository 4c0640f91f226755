"""`make reproducible` sees what differs, with a compiler that is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CARGO = """\
#!/bin/sh
# Of `cargo lambda build`, only where it leaves what it has built.
folder=
while [ $# -gt 0 ]; do
    [ "$1" = --lambda-dir ] && folder=$2
    shift
done
[ -z "$folder" ] || { mkdir -p "$folder/sweeper" && echo "PROGRAM" >"$folder/sweeper/bootstrap"; }
"""


@pytest.mark.parametrize(
    ("program", "differs"),
    [("the same", False), ("$PWD", True), ("$CARGO_HOME", True)],
)
def test_what_comes_from_where_a_package_is_made_is_found(tmp_path, program, differs):
    cargo = tmp_path / "bin" / "cargo"
    cargo.parent.mkdir()
    cargo.write_text(CARGO.replace("PROGRAM", program))
    cargo.chmod(0o755)
    (tmp_path / "home").mkdir()
    path = f"{cargo.parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, ROOT / "tests" / "release" / "reproducible.py", "--folder", tmp_path / "copies"]
    ran = subprocess.run(
        [*command, "--architectures", "arm64", "--functions", "sweeper"],
        env=os.environ | {"PATH": path, "CARGO_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == int(differs), ran.stdout + ran.stderr
    assert ("landfall-sweeper-arm64.zip  DIFFERS" in ran.stdout) == differs
    assert "landfall-arm64.json" in ran.stdout and "landfall-arm64.json  DIFFERS" not in ran.stdout
    # What differs is left to be looked at.
    assert (tmp_path / "copies").exists() == differs
