"""infra/terraform/landfall.tf: what it asks of the provider is what that documents, and what it makes of the template is right, as
far as that goes without the provider and an account."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "local"))

import package  # noqa: E402

FILE = ROOT / "infra" / "terraform" / "landfall.tf"

# As the provider's pages name them: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
DOCUMENTED = {
    "aws_cloudformation_stack": {
        *{"region", "name", "template_body", "template_url", "capabilities", "disable_rollback", "notification_arns"},
        *{"on_failure", "parameters", "policy_body", "policy_url", "tags", "iam_role_arn", "timeout_in_minutes"},
    },
    "aws_s3_object": {"bucket", "key", "source", "content", "etag", "source_hash"},
    "aws_s3_bucket": {"bucket"},
}
OF_TERRAFORM = {"for_each", "lifecycle", "depends_on"}


@pytest.fixture(scope="module")
def parsed():
    command = [ROOT / ".tools" / "release" / "bin" / "hcl2tojson", FILE]
    read = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def plain(value):
        if isinstance(value, dict):
            return {key.strip('"'): plain(inner) for key, inner in value.items() if key != "__is_block__"}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return value.strip('"') if isinstance(value, str) else value

    return plain(read)


def test_it_says_nothing_that_the_provider_does_not_document(parsed):
    blocks = [*parsed["resource"], *parsed["data"]]
    assert {type_ for block in blocks for type_ in block} == DOCUMENTED.keys()
    for block in blocks:
        for type_, named in block.items():
            for arguments in named.values():
                assert arguments.keys() <= DOCUMENTED[type_] | OF_TERRAFORM


def test_the_stack_takes_a_template_of_this_size_its_roles_and_its_transform(parsed):
    (stack,) = [
        block["aws_cloudformation_stack"] for block in parsed["resource"] if "aws_cloudformation_stack" in block
    ]
    # A template that is not in S3 may take 51,200 bytes, says the provider; one that is, 460,800.
    assert "template_url" in stack["landfall"]
    assert len(package.template(package.TEMPLATE.read_text(), "arm64")) < 460_800
    assert stack["landfall"]["capabilities"] == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    template = yaml_parse(package.TEMPLATE.read_text())
    assert "AWS::Serverless-2016-10-31" in template["Transform"]
    roles = [of["Properties"] for of in template["Resources"].values() if of["Type"].startswith("AWS::IAM::")]
    assert roles and not [role for role in roles if "RoleName" in role], "that would be CAPABILITY_NAMED_IAM"
    assert stack["landfall"]["depends_on"] == ["${aws_s3_object.package}"]


def test_what_it_uploads_stays_until_the_stack_needs_it_no_more(parsed):
    objects = [named for block in parsed["resource"] for named in block.get("aws_s3_object", {}).values()]
    assert len(objects) == 2
    for object_ in objects:
        assert object_["lifecycle"] == [{"create_before_destroy": True}]
        assert object_["key"].startswith("${local.prefix}/")


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform, which evaluates it, is not here")
@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_it_puts_the_packages_into_the_template_under_a_name_of_what_is_in_them(tmp_path, architecture):
    """Terraform itself says so, of the part that wants no provider."""
    release, folder = tmp_path / "release", tmp_path / "terraform"
    release.mkdir()
    folder.mkdir()
    text = package.template(package.TEMPLATE.read_text(), architecture)
    (release / package.template_name(architecture)).write_text(text)
    for name in ("consumer", "ingest", "sweeper"):
        (release / package.package_name(name, architecture)).write_bytes(name.encode())
    blocks = re.findall(r"^(?:variable|locals)\b.*?^}$", FILE.read_text(), re.MULTILINE | re.DOTALL)
    (folder / "main.tf").write_text("\n".join(blocks))

    def packaged():
        command = ["terraform", "console", "-var", f"release={release}", "-var", "bucket=my-bucket"]
        command += ["-var", f"architecture={architecture}"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
        asked = "jsonencode([local.prefix, local.packaged])\n"
        told = subprocess.run(command, cwd=folder, env=environment, input=asked, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        return json.loads(json.loads(told.stdout))

    prefix, template = packaged()
    expected = text
    for name in ("consumer", "ingest", "sweeper"):
        file = package.package_name(name, architecture)
        assert expected.count(f'"CodeUri": "{file}"') == 1
        expected = expected.replace(f'"{file}"', f'"s3://my-bucket/{prefix}/{file}"')
    assert template == expected

    # Another configuration in a package, and CloudFormation sees other code.
    (release / package.package_name("ingest", architecture)).write_bytes(b"another")
    assert packaged()[0] != prefix


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform, which formats it, is not here")
def test_it_is_formatted():
    command = ["terraform", "fmt", "-check", "-diff", FILE.parent]
    formatted = subprocess.run(command, capture_output=True, text=True)
    assert formatted.returncode == 0, formatted.stdout
