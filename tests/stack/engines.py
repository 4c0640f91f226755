"""The second engine: moto's server, with tables and queues as infra/template.yaml says them."""

import json
import subprocess
import urllib.request
from contextlib import contextmanager

import boto3
from harness import ROOT, free_port, wait_for
from samcli.yamlhelper import yaml_parse

REGION = "us-east-1"
ACCOUNT = "123456789012"


@contextmanager
def moto(log):
    """Runs moto's server on a free port of this machine, and yields its endpoint."""
    port = free_port()
    command = [ROOT / ".tools/moto/bin/python", ROOT / "tests/stack/moto_server.py", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(server, endpoint, log), "moto's server to answer")
        yield endpoint
    finally:
        server.terminate()
        server.wait()


def answers(server, endpoint, log):
    assert server.poll() is None, log.read_text()
    try:
        with urllib.request.urlopen(f"{endpoint}/moto-api/", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def environment(endpoint):
    """How a program finds the services at this endpoint."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


class Template:
    """The tables, queues and the bucket of the template, made by the services' own calls."""

    def __init__(self):
        template = yaml_parse((ROOT / "infra" / "template.yaml").read_text())
        self.parameters = template["Parameters"]
        self.resources = template["Resources"]

    def properties(self, name):
        return self.plain(self.resources[name]["Properties"])

    def plain(self, value):
        """A value without intrinsics: parameters have their defaults, and a queue's ARN its name."""
        if isinstance(value, list):
            return [self.plain(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if "Ref" in value:
            return self.parameters[value["Ref"]]["Default"]
        if "Fn::GetAtt" in value:
            name, attribute = value["Fn::GetAtt"]
            assert attribute == "Arn"
            return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        return {name: self.plain(entry) for name, entry in value.items() if not name.startswith("Fn::")}

    def make(self, endpoint):
        """Makes everything at this endpoint, and returns where it is as the stack's outputs say it."""

        def client(service):
            return boto3.client(
                service,
                endpoint_url=endpoint,
                region_name=REGION,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )

        dynamodb, sqs = client("dynamodb"), client("sqs")
        for table in ("LedgerTable", "EnrolmentTable"):
            said = self.properties(table)
            asked = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
            dynamodb.create_table(TableName=table, **{name: said[name] for name in asked if name in said})
        urls = {}
        for queue in ("DeadLetterQueue", "TicketQueue"):
            said = self.properties(queue).items()
            attributes = {
                name: json.dumps(value) if isinstance(value, dict) else str(value).lower() for name, value in said
            }
            urls[queue] = sqs.create_queue(QueueName=queue, Attributes=attributes)["QueueUrl"]
        client("s3").create_bucket(Bucket="bodies")
        return {
            "TableName": "LedgerTable",
            "IndexName": self.properties("LedgerTable")["GlobalSecondaryIndexes"][0]["IndexName"],
            "EnrolmentTableName": "EnrolmentTable",
            "QueueUrl": urls["TicketQueue"],
            "DlqUrl": urls["DeadLetterQueue"],
            "BucketName": "bodies",
        }
