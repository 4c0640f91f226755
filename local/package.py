"""Packs the functions that cargo-lambda has built, the same bytes for the same binaries.

package.py FOLDER     FOLDER/ARCHITECTURE/FUNCTION/bootstrap becomes FOLDER/landfall-FUNCTION-ARCHITECTURE.zip
"""

import sys
import zipfile
from pathlib import Path

# The first day that a zip can name.
NO_TIME = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755 << 16


def pack(bootstrap, archive):
    entry = zipfile.ZipInfo("bootstrap", NO_TIME)
    entry.create_system = 3
    entry.external_attr = EXECUTABLE
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(entry, bootstrap.read_bytes(), compresslevel=9)


def main():
    folder = Path(sys.argv[1])
    for bootstrap in sorted(folder.glob("*/*/bootstrap")):
        architecture, function = bootstrap.parts[-3:-1]
        archive = folder / f"landfall-{function}-{architecture}.zip"
        pack(bootstrap, archive)
        print(archive)


if __name__ == "__main__":
    main()
