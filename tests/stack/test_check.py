"""The check of a new version of ingest, run as it stands in the template, on the deployed functions. CodeDeploy, which MiniStack
hasn't, is a server that takes what it is told. And the template's rules, which CloudFormation holds before it makes anything."""

import http.server
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from deployment import run_check
from harness import ROOT, serving, wait_for
from samcli.yamlhelper import yaml_parse

SOURCE = "landfall.check"


class CodeDeploy(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.headers["x-amz-target"], told))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def check(bench, monkeypatch):
    """Has the version that `live` names checked, and returns what CodeDeploy is told of it."""
    clients = boto3.client
    name = bench.outputs["IngestFunctionName"]
    version = bench.client("lambda").get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    assert version != "$LATEST"

    with serving(0, CodeDeploy) as server:

        def client(service, config=None):
            port = server.server_address[1]
            endpoint = f"http://127.0.0.1:{port}" if service == "codedeploy" else bench.note["endpoint"]
            return clients(
                service,
                config=config,
                endpoint_url=endpoint,
                region_name=bench.note["region"],
                aws_access_key_id=bench.note["access_key_id"],
                aws_secret_access_key=bench.note["secret_access_key"],
            )

        def run():
            del server.seen[:]
            status = run_check(client, f"{name}:{version}", bench.function("Consumer"), monkeypatch)
            target, told = server.seen[0]
            assert len(server.seen) == 1 and target.endswith(".PutLifecycleEventHookExecutionStatus")
            assert told == {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "e-1", "status": status}
            return status

        yield run


def checked(bench, kind):
    """The ledger's items of checks."""
    return {item["pk"]: item for item in bench.items() if item["pk"].startswith(f"{SOURCE}#") and item["sk"] == kind}


def test_a_version_that_works_passes_and_its_check_leads_nowhere(bench, check):
    before = checked(bench, "event").keys()
    letters = bench.depth("DlqUrl")

    assert check() == "Succeeded"

    made = checked(bench, "event").keys() - before
    assert len(made) == 2, "the signed ones, and no forged one"
    wait_for(lambda: all(work(bench, pk) == "succeeded" for pk in made), "the consumer to be done with the check")
    assert bench.depth("DlqUrl") == letters
    for line in bench.logged("consumer", 2, source=SOURCE):
        assert line["outcome"] == "dropped" and "events.unrouted" not in line


def work(bench, pk):
    return checked(bench, "work").get(pk, {}).get("state")


@pytest.mark.parametrize(
    "action", ["dynamodb:PutItem", "sqs:SendMessage", "s3:PutObject"], ids=["ledger", "queue", "bucket"]
)
def test_a_version_that_may_not_what_it_must_does_not_pass(bench, check, action):
    with bench.without("Ingest", action):
        assert check() == "Failed"


def test_nobody_reaches_the_check_from_outside(bench):
    delivery = json.dumps({"landfall-check": {"secret": "whsec_AAAA", "delivery": {}}}).encode()

    assert bench.request("POST", f"/webhooks/{SOURCE}", delivery).status == 404
    assert bench.request("POST", "/", delivery).status == 404


CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/hooks"


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"DomainName": "hooks.example.com"}, "CertificateArn"),
        ({"DomainName": "hooks.example.com", "CertificateArn": CERTIFICATE, "FrontDoor": "url"}, "FrontDoor=api"),
        ({"CertificateArn": CERTIFICATE}, "DomainName"),
        ({"HostedZoneId": "Z1"}, "DomainName"),
        ({"DomainName": "hooks.example.com", "CertificateArn": CERTIFICATE}, None),
    ],
    ids=str,
)
def test_a_domain_comes_with_its_certificate_or_not_at_all(bench, parameters, named):
    """By the template's own rules, parameters and conditions, and no resource that would matter."""
    template = yaml_parse((ROOT / "infra" / "template.yaml").read_text())
    kept = {name: template[name] for name in ("AWSTemplateFormatVersion", "Parameters", "Rules", "Conditions")}
    body = json.dumps(kept | {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
    given = {"Environment": "test"} | parameters
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    cloudformation, name = bench.client("cloudformation"), "landfall-domain"
    try:
        cloudformation.create_stack(StackName=name, TemplateBody=body, Parameters=given)
        cloudformation.delete_stack(StackName=name)
        said = None
    except ClientError as error:
        said = error.response["Error"]["Message"]

    assert (said is None) == (named is None), said
    assert named is None or named in said
