"""Makes the packages of this commit twice, and says whether they are the same bytes: in two folders, of which one lies deeper, with
two homes of cargo, in two time zones, and for two sets of people who may read what is made.

reproducible.py [--quick] [--folder FOLDER] --architectures "arm64 x86_64" --functions "consumer ingest sweeper"

With --quick the compiler doesn't optimise: what a folder's name could get into is the same, and it takes a quarter of the time.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUICK = {
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
}


def copy(folder):
    """This commit, with the tools of this folder."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    (folder / ".tools").symlink_to(ROOT / ".tools")
    return folder


def another_home(folder):
    """What cargo has fetched, under another name."""
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    folder.mkdir(parents=True)
    for entry in home.iterdir():
        (folder / entry.name).symlink_to(entry)
    return folder


def made(folder, environment, umask, arguments):
    """The digests of what `make package` makes there, by name."""
    began = time.monotonic()
    # Of the folder from which this is run, which the copies must not look into.
    kept = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "PATH")}
    path = os.pathsep.join(
        part for part in os.environ["PATH"].split(os.pathsep) if part != str(ROOT / ".tools" / "bin")
    )
    command = ["make", "package", f"ARCHITECTURES={arguments.architectures}", f"FUNCTIONS={arguments.functions}"]
    environment = kept | {"PATH": path} | (QUICK if arguments.quick else {}) | environment
    subprocess.run(command, cwd=folder, env=environment, umask=umask, stdout=sys.stderr, check=True)
    print(f"{folder}: {time.monotonic() - began:.0f} s", flush=True)
    files = sorted((folder / "target" / "package").glob("landfall-*"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / "target" / "reproducible")
    parser.add_argument("--architectures", required=True)
    parser.add_argument("--functions", required=True)
    arguments = parser.parse_args()

    beside = arguments.folder
    shutil.rmtree(beside, ignore_errors=True)
    one = made(copy(beside / "one"), {"TZ": "UTC"}, 0o022, arguments)
    home = {"TZ": "Asia/Tokyo", "CARGO_HOME": str(another_home(beside / "another-home"))}
    other = made(copy(beside / "the" / "other" / "one"), home, 0o077, arguments)
    differ = [name for name in sorted(one | other) if one.get(name) != other.get(name)]
    for name in sorted(one | other):
        print(f"{one.get(name)}  {name}{'  DIFFERS' if name in differ else ''}")
    if differ or not one:
        sys.exit(f"They differ: {', '.join(differ)}. Both are in {beside}.")
    shutil.rmtree(beside)


if __name__ == "__main__":
    main()
