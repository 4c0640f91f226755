"""Stacks that hold what the template's do, and nothing else, and the pages' commands run on them."""

import json
import re
import shlex
import subprocess

from harness import ROOT
from test_deployment import HOLDERS
from test_template import TEMPLATE, intrinsics
from typed import PROMPTLY, typed

NAMES = {
    "BUCKET": "BucketName",
    "LEDGER": "TableName",
    "PROJECTION": "ProjectionTableName",
    "QUEUE": "QueueUrl",
    "DLQ": "DlqUrl",
    "SECRET": "SecretArn",
    "DESTINATIONS": "DestinationSecretArn",
}


PLAIN = {"Ref", "Fn::GetAtt"}


def commands(page, section):
    """The lines of a section's blocks."""
    page = (ROOT / "docs" / page).read_text()
    (text,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]


def body(**more):
    """The template with what holds something, and nothing else."""
    resources = {name: TEMPLATE["Resources"][name] for name in sorted(HOLDERS | {"EnrolmentTable"})} | more
    there = resources.keys() | TEMPLATE["Parameters"].keys() | {"AWS::StackName", "AWS::NoValue"}

    def known(value):
        """Whether it is a value of what is there, and not put together."""
        found = list(intrinsics(value))
        named = {
            (name if isinstance(name, str) else name[0]).split(".")[0] for function, name in found if function in PLAIN
        }
        return named <= there and {function for function, _ in found} <= PLAIN

    outputs = {name: output for name, output in TEMPLATE["Outputs"].items() if known(output["Value"])}
    kept = {name: TEMPLATE[name] for name in ("AWSTemplateFormatVersion", "Transform", "Parameters", "Conditions")}
    return json.dumps(kept | {"Resources": resources, "Outputs": outputs})


class Held:
    def __init__(self, bench, stack, environment):
        self.bench, self.stack = bench, stack
        self.cloudformation = bench.client("cloudformation")
        self.given = [{"ParameterKey": "Environment", "ParameterValue": environment}]

    def create(self, body, **how):
        # `sam deploy` makes a change set instead, which needs no capability for transforms.
        may = ["CAPABILITY_AUTO_EXPAND"]
        self.cloudformation.create_stack(
            StackName=self.stack, TemplateBody=body, Parameters=self.given, Capabilities=may, **how
        )

    def made(self):
        self.create(body())
        self.cloudformation.get_waiter("stack_create_complete").wait(StackName=self.stack, WaiterConfig=PROMPTLY)
        (described,) = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        # A large body.
        self.bench.client("s3").put_object(Bucket=self.outputs["BucketName"], Key="bodies/large", Body=b"x")

    def run(self, line):
        """Runs a command of a page, and returns what it prints."""
        for name, output in NAMES.items():
            line = re.sub(rf"\b{name}\b", self.outputs[output], line)
        program, *words = shlex.split(line.replace("landfall-live", self.stack).replace("landfall-test", self.stack))
        if program == "aws":
            return typed(self.bench.client, *words)
        assert program == "landfall"
        command, environment = self.bench.command_folder / program, self.bench.command_environment
        ran = subprocess.run([command, *words], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def status(self):
        for stack in self.cloudformation.list_stacks()["StackSummaries"]:
            if stack["StackName"] == self.stack:
                return stack["StackStatus"]
        return None

    def left(self):
        """What there is of the stack, whether it is there or not."""
        client = self.bench.client
        logs = client("logs").describe_log_groups()["logGroups"]
        names = [
            *client("dynamodb").list_tables()["TableNames"],
            *(bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]),
            *client("sqs").list_queues().get("QueueUrls", []),
            *(secret["ARN"] for secret in client("secretsmanager").list_secrets()["SecretList"]),
            *(group["logGroupName"] for group in logs),
        ]
        return {name for name in names if self.stack in name}
