"""The text of infra/front.yaml. There is no local CloudFront that could take it."""

import json
import re
import shutil
import subprocess

import pytest
from harness import ROOT
from samcli.yamlhelper import yaml_parse

FRONT = yaml_parse((ROOT / "infra" / "front.yaml").read_text())
STACK = yaml_parse((ROOT / "infra" / "template.yaml").read_text())
RESOURCES = FRONT["Resources"]
INGEST = (ROOT / "functions" / "ingest" / "src" / "request" / "mod.rs").read_text()
# The names that ingest reads.
PROOF, VIEWER, CALLED_AS = re.findall(r'^const (?:PROOF|VIEWER|CALLED_AS): &str = "([\w-]+)";', INGEST, re.MULTILINE)


def properties(name):
    return RESOURCES[name]["Properties"]


DISTRIBUTION = properties("Distribution")["DistributionConfig"]
BEHAVIOUR = DISTRIBUTION["DefaultCacheBehavior"]
WAF = {rule["Name"]: rule for rule in properties("Firewall")["Rules"]}


def test_whatever_is_signed_reaches_ingest_as_it_came():
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html, and the same
    of cache policies: CachingDisabled, and AllViewerExceptHostHeader, as AWS recommends for API Gateway and function URLs."""
    assert BEHAVIOUR["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert BEHAVIOUR["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert set(BEHAVIOUR["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert BEHAVIOUR["Compress"] is False
    assert "CacheBehaviors" not in DISTRIBUTION


def test_nothing_goes_unencrypted():
    assert BEHAVIOUR["ViewerProtocolPolicy"] == "https-only"
    (origin,) = DISTRIBUTION["Origins"]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    _, own, _ = DISTRIBUTION["ViewerCertificate"]["Fn::If"]
    assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_the_secret_is_sent_under_the_name_that_ingest_reads_and_stands_nowhere():
    (origin,) = DISTRIBUTION["Origins"]
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == PROOF
    assert header["HeaderValue"] == {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:${Sends}}}"}
    generated = properties("Secret")["GenerateSecretString"]
    slots = json.loads(generated["SecretStringTemplate"]).keys() | {generated["GenerateStringKey"]}
    assert slots == set(FRONT["Parameters"]["Sends"]["AllowedValues"])
    # As long as ingest wants it.
    assert generated["PasswordLength"] >= 32


@pytest.mark.skipif(not shutil.which("node"), reason="CloudFront's functions are JavaScript")
@pytest.mark.parametrize("address", ["198.51.100.10", "2001:db8::1"])
def test_what_the_viewer_says_of_itself_is_written_over(address):
    """The event as https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html has it."""
    claimed = {"value": "192.0.2.1", "multiValue": [{"value": "192.0.2.1"}, {"value": "192.0.2.2"}]}
    request = {
        "method": "POST",
        "uri": "/webhooks/stripe",
        "querystring": {},
        "headers": {
            "host": {"value": "hooks.example.com"},
            VIEWER: claimed,
            CALLED_AS: claimed,
            "stripe-signature": {"value": "t=1"},
        },
        "cookies": {},
    }
    event = {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": address},
        "request": request,
    }
    program = f"{properties('Viewer')['FunctionCode']}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    told = {VIEWER: {"value": address}, CALLED_AS: {"value": "hooks.example.com"}}
    assert json.loads(done.stdout) == request | {"headers": request["headers"] | told}


def test_the_function_runs_before_each_request_is_passed_on():
    (association,) = BEHAVIOUR["FunctionAssociations"]
    assert association == {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Viewer", "FunctionARN"]}}
    assert properties("Viewer")["AutoPublish"] is True


def test_only_the_one_spelling_of_a_sources_path_is_let_through():
    """Others reach the source, too, and would be counted apart from it."""
    rule = WAF["no-source"]
    matched = rule["Statement"]["NotStatement"]["Statement"]["RegexMatchStatement"]
    assert rule["Priority"] == min(other["Priority"] for other in WAF.values())
    assert matched["FieldToMatch"] == {"UriPath": {}}
    assert matched["TextTransformations"] == [{"Priority": 0, "Type": "NONE"}]
    path = re.compile(matched["RegexString"])
    schema = json.loads((ROOT / "infra" / "landfall.schema.json").read_text())
    for name in ("a", "acme-billing", "x" * 64):
        assert path.search(f"/webhooks/{name}")
        assert any(re.search(allowed, name) for allowed in schema["properties"]["sources"]["patternProperties"])
    for other in (
        "/",
        "/webhooks/",
        "/webhooks/a/",
        "//webhooks/a",
        "/webhooks//a",
        "/x/webhooks/a",
        "/webhooks/A",
        "/webhooks/%61",
    ):
        assert not path.search(other), other


def test_each_address_and_each_source_has_a_limit_of_its_own():
    address = WAF["address"]["Statement"]["RateBasedStatement"]
    assert (address["AggregateKeyType"], address["Limit"]) == ("IP", {"Ref": "AddressLimit"})
    source = WAF["source"]["Statement"]["RateBasedStatement"]
    assert (source["AggregateKeyType"], source["Limit"]) == ("CUSTOM_KEYS", {"Ref": "SourceLimit"})
    assert source["CustomKeys"] == [{"UriPath": {"TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}]
    for rule in (WAF["address"], WAF["source"]):
        assert rule["Action"] == {"Block": {"CustomResponse": {"ResponseCode": 429}}}
        assert rule["Statement"]["RateBasedStatement"]["EvaluationWindowSec"] == 300
    assert properties("Firewall")["Scope"] == "CLOUDFRONT"
    assert DISTRIBUTION["WebACLId"] == {"Fn::GetAtt": ["Firewall", "Arn"]}


def test_no_request_is_kept_for_somebody_to_look_at():
    """A sample of WAF's shows headers: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing-view-sample.html"""
    for shown in (properties("Firewall"), *WAF.values()):
        assert shown["VisibilityConfig"]["SampledRequestsEnabled"] is False


@pytest.mark.parametrize("name", FRONT["Parameters"])
def test_a_parameter_is_described_bounded_and_used(name):
    parameter = FRONT["Parameters"][name]
    assert parameter["Description"].endswith(".")
    assert "MinValue" in parameter or "AllowedPattern" in parameter or "AllowedValues" in parameter
    assert re.search(rf"\bRef': '{name}'|\${{{name}}}", str([RESOURCES, FRONT["Conditions"]]))


def test_the_two_stacks_hand_each_other_what_they_need():
    for output in ("FrontDomain", "FrontSecretArn"):
        assert output in FRONT["Outputs"] and output in STACK["Parameters"]
    assert "OriginDomain" in STACK["Outputs"] and "OriginDomain" in FRONT["Parameters"]
    replica = FRONT["Outputs"]["FrontSecretArn"]["Value"]["Fn::Sub"][0]
    filled = replica.replace("${AWS::Partition}", "aws").replace("${StackRegion}", "eu-central-1")
    filled = filled.replace("${AWS::AccountId}", "1" * 12).replace("${Name}", "Secret-a1b2c3")
    assert re.fullmatch(STACK["Parameters"]["FrontSecretArn"]["AllowedPattern"], filled)
    assert STACK["Outputs"]["ApiUrl"]["Value"]["Fn::If"][:2] == ["HasFront", {"Fn::Sub": "https://${FrontDomain}"}]


def test_what_a_flood_costs_is_what_the_prices_come_to():
    """CloudFront's and WAF's: https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/, https://aws.amazon.com/waf/pricing/."""
    cost = ROOT / "cli" / "src" / "cost"
    prices = {
        name: price["usd"] / price["per"]
        for name, price in json.loads((cost / "prices.json").read_text())["prices"].items()
    }
    known = {name: known["value"] for name, known in json.loads((cost / "measured.json").read_text()).items()}
    memory = STACK["Parameters"]["IngestMemoryMegabytes"]["Default"] / 1024

    def logged(*lines):
        return sum(known[line] + known["log_overhead_bytes"] for line in lines) / 1e9 * prices["logs_ingestion"]

    run = prices["lambda_requests"] + known["ingest_ms"] / 1000 * memory * prices["lambda_arm64"]
    by_url = 1e6 * (run + logged("ingest_line_bytes"))
    by_api = 1e6 * (run + prices["http_api"] + logged("ingest_line_bytes", "access_line_bytes"))
    cloudfront, function, waf = 1.00, 0.10, 0.60
    through = cloudfront + function + waf + by_api
    page = (ROOT / "docs" / "front.md").read_text()
    a_day = STACK["Parameters"]["ThrottleRate"]["Default"] * 86_400 / 1e6
    for by, usd in {
        "an HTTP API": by_api,
        "a function URL": by_url,
        "CloudFront, stopped": waf,
        "CloudFront and": through,
    }.items():
        (row,) = [line.split(" | ") for line in page.splitlines() if line.startswith(f"| {by}")]
        assert (row[1], row[3].removesuffix(" |")) == (f"{usd:.2f}", f"{usd * a_day:.0f}"), by
