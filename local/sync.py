"""The functions' packages of a running stack: whether they have changed, and how they are replaced."""

import hashlib
import io
import zipfile

# Ingest comes last, as in the template: a new source's events must not come before those who work on them.
FUNCTIONS = ("Consumer", "Sweeper", "Ingest")
# What ingest is reached by: the version that this alias names.
ALIASES = {"Ingest": "live"}


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
        alias = ALIASES.get(function)
        name = {"FunctionName": names[function]}
        made = client.update_function_code(**name, ZipFile=package.getvalue(), Publish=alias is not None)
        if alias:
            client.update_alias(**name, Name=alias, FunctionVersion=made["Version"])
