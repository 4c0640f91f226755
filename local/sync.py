"""The functions' packages of a running stack: whether they have changed, and how they are replaced."""

import hashlib
import io
import zipfile

# Ingest comes last, as in the template: a new source's events must not come before those who work on them.
FUNCTIONS = ("Consumer", "Sweeper", "Ingest")


def digests(build):
    """What names the content of each function's package in this build."""
    return {function: digest(build / function) for function in FUNCTIONS}


def digest(folder):
    found = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        found.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def replace(client, names, build):
    """Gives the functions of these names (by logical id) the packages of this build. `sam deploy` would do the same, but
    spends half a minute on compressing what never leaves this machine."""
    for function in FUNCTIONS:
        if function not in names:
            continue
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
            for file in sorted((build / function).iterdir()):
                archive.write(file, file.name)
        client.update_function_code(FunctionName=names[function], ZipFile=package.getvalue())
