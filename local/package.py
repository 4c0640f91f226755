"""Makes of what cargo-lambda has built what a release has of it: packages, the same bytes for the same programs, and for each
architecture the template that deploys them.

package.py FOLDER     FOLDER/ARCHITECTURE/FUNCTION/bootstrap becomes FOLDER/landfall-FUNCTION-ARCHITECTURE.zip, and over
                      them stands FOLDER/landfall-ARCHITECTURE.json

Wants the Python that SAM is in.
"""

import json
import sys
import zipfile
from pathlib import Path

from samcli.yamlhelper import yaml_parse

TEMPLATE = Path(__file__).resolve().parent.parent / "infra" / "template.yaml"

# The first day that a zip can name.
NO_TIME = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755 << 16


def pack(bootstrap, archive, level=9):
    entry = zipfile.ZipInfo("bootstrap", NO_TIME)
    entry.create_system = 3
    entry.external_attr = EXECUTABLE
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(entry, bootstrap.read_bytes(), compresslevel=level)


def package_name(function, architecture):
    return f"landfall-{function.lower()}-{architecture}.zip"


def template_name(architecture):
    return f"landfall-{architecture}.json"


def template(text, architecture):
    """infra/template.yaml over packages as they are. As JSON, since CloudFormation takes no YAML with aliases: SAM and AWS's command
    line resolve them before they send a template, and others don't."""
    made = yaml_parse(text)
    # With another one, functions would be deployed and then not start.
    parameter = made["Parameters"]["Architecture"]
    parameter["Description"] = "Processor of the functions, that of the packages beside this template."
    parameter |= {"Default": architecture, "AllowedValues": [architecture]}
    # What `sam build` is told: in general, and of each function.
    del made["Globals"]["Function"]["CodeUri"]
    for name, resource in made["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            del resource["Metadata"]["BuildMethod"]
            resource["Properties"]["CodeUri"] = package_name(name, architecture)
    return json.dumps(made, indent=2) + "\n"


def main():
    folder = Path(sys.argv[1])
    architectures = set()
    for bootstrap in sorted(folder.glob("*/*/bootstrap")):
        architecture, function = bootstrap.parts[-3:-1]
        architectures.add(architecture)
        made = folder / package_name(function, architecture)
        pack(bootstrap, made)
        print(made)
    for architecture in sorted(architectures):
        made = folder / template_name(architecture)
        made.write_text(template(TEMPLATE.read_text(), architecture))
        print(made)


if __name__ == "__main__":
    main()
