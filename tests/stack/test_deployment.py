"""A deployment: what it makes of ingest, what it keeps, and what may reach a stack. The text alone; test_check.py runs the check
of a new version on the stack."""

import io
import json
import os
import platform
import shlex
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest
from deployment import check_program, expanded, references, run_check
from harness import ROOT
from test_template import DEPLOYS, PARAMETERS, RESOURCES, TEMPLATE, default, intrinsics, of_type, properties, values

MACHINE = platform.machine()

# What holds something that a deployment could not make again.
HOLDERS = {
    *of_type("AWS::DynamoDB::Table").keys() - {"EnrolmentTable"},
    *of_type("AWS::S3::Bucket"),
    *of_type("AWS::SQS::Queue"),
    *of_type("AWS::SecretsManager::Secret"),
    # But the check's, which comes and goes with GradualDeployment, under one name.
    *of_type("AWS::Logs::LogGroup").keys() - {"DeploymentCheckLogs"},
}

# What differs between ingest's versions, beside its package, which is another for another architecture.
OF_A_VERSION = {
    name
    for kind, name in intrinsics([RESOURCES["Ingest"]["Properties"], TEMPLATE["Globals"]["Function"]])
    if kind == "Ref" and name in PARAMETERS
} - {"Architecture", "IngestReservedConcurrency", "GradualDeployment", "GradualDeploymentType"} | {"Tracing"}


def test_ingest_is_updated_last():
    # Else it records events of a source that the consumer doesn't know, or sends tickets that it can't read.
    assert RESOURCES["Ingest"]["DependsOn"] == ["Consumer", "Sweeper"]
    upstream = str([RESOURCES[name] for name in ("Consumer", "Sweeper", "ConsumerRole", "SweeperRole")])
    assert "'Ingest'" not in upstream, "a circle"


# ---- Versions of ingest ----


def version(**changes):
    """The logical id of ingest's version: another one is another version."""
    (name,) = (name for name in expanded(**changes) if name.startswith("IngestVersion") and "Alarm" not in name)
    return name


def test_a_deployment_that_changes_nothing_makes_no_version():
    assert version() == version()


@pytest.mark.parametrize("parameter", sorted(OF_A_VERSION))
def test_a_parameter_of_ingest_that_changes_makes_a_version(parameter):
    """SAM compares the text, in which a parameter's name stays the same: https://github.com/aws/serverless-application-model/issues/3820"""
    assert version(**{parameter: "another"}) != version()


def test_what_is_of_no_version_makes_none():
    """Lambda publishes none where nothing of the function has changed since the last, and CloudFormation fails then:
    https://github.com/aws/serverless-application-model/issues/3281"""
    assert "AutoPublishAliasAllProperties" not in properties("Ingest")
    assert version(IngestReservedConcurrency="7") == version()


def test_deliveries_come_to_the_alias_and_nothing_else_of_ingest():
    """Whatever names the function itself, beside what is made for it and for its deployment."""
    resources = expanded(GradualDeployment="true")
    of_the_function = {name for name, resource in resources.items() if "Ingest" in set(references(resource, resources))}
    of_the_version = {name for name in of_the_function if name.startswith(("IngestVersion", "IngestAlias"))}
    of_version = {"IngestVersionErrorsAlarm", "IngestVersionUnrecordedAlarm"}
    watch = {"IngestErrorsAlarm", "IngestThrottledAlarm", "OperatorDashboard"} | of_version
    assert of_the_function - of_the_version - watch == {"DeploymentCheckRole", "DeploymentRole"}
    of_the_alias = {
        name for name, resource in resources.items() if "IngestAliaslive" in references(resource, resources)
    }
    doors = {"ApiIntegration", "ApiPermission", "IngestUrl", "IngestUrlPermission", "IngestByUrlPermission"}
    assert of_the_alias == doors


# ---- Gradual deployment ----


def test_a_gradual_deployment_checks_a_version_and_goes_back_by_its_errors_alone():
    """An alarm that is on when a deployment begins stops it, also that which mends the cause, so that none may be among these
    which says anything of the version before: https://github.com/aws/serverless-application-model, in its own words beside
    `alarms` in model/preferences/deployment_preference.py"""
    resources = expanded(GradualDeployment="true")
    policy = resources["IngestAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert policy["BeforeAllowTrafficHook"] == {"Ref": "DeploymentCheck"}
    group = resources["IngestDeploymentGroup"]["Properties"]
    watched = ["IngestVersionErrorsAlarm", "IngestVersionUnrecordedAlarm"]
    assert group["AlarmConfiguration"] == {"Enabled": True, "Alarms": [{"Name": {"Ref": name}} for name in watched]}
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["DeploymentRole", "Arn"]}
    dimensions = {entry["Name"]: entry["Value"] for entry in properties("IngestVersionErrorsAlarm")["Dimensions"]}
    assert dimensions.keys() == {"FunctionName", "Resource", "ExecutedVersion"}
    unrecorded = {entry["Name"]: entry["Value"] for entry in properties("IngestVersionUnrecordedAlarm")["Dimensions"]}
    assert unrecorded.keys() == {"stack", "version"}
    assert unrecorded["version"] == dimensions["ExecutedVersion"]
    assert resources["DeploymentCheck"]["Properties"]["Environment"]["Variables"]["INGEST"] == {"Ref": version()}


def test_what_is_made_for_gradual_deployments_is_there_for_them_alone():
    gradual, at_once = expanded(GradualDeployment="true"), expanded()
    deploys = {"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"}
    assert deploys <= {resource["Type"] for resource in gradual.values()}
    assert not deploys & {resource["Type"] for resource in at_once.values()}
    assert "UpdatePolicy" not in at_once["IngestAliaslive"]
    conditional = {name for name, resource in RESOURCES.items() if resource.get("Condition") == "IsGradual"}
    for name, resource in at_once.items():
        assert name in conditional or not conditional & set(references(resource, at_once)), name
    assert TEMPLATE["Conditions"]["IsGradual"] == {"Fn::Equals": [{"Ref": "GradualDeployment"}, "true"]}


@pytest.mark.parametrize("gradual", ["true", "false"])
def test_no_resource_waits_for_itself(gradual):
    resources = expanded(GradualDeployment=gradual)
    graph = {name: set(references(resource, resources)) & resources.keys() for name, resource in resources.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(resources)


def test_live_is_deployed_gradually_and_nothing_else_is():
    gradual = {name for name, deploy in DEPLOYS.items() if values(deploy)["GradualDeployment"] == "true"}
    assert gradual == {"live"}
    assert default("GradualDeploymentType") in PARAMETERS["GradualDeploymentType"]["AllowedValues"]


# ---- The check of a version ----


class Lambda:
    """Functions that answer as they should, but for what is said otherwise."""

    def __init__(self, status=200, forged=400, line=(), unreadable=(), fails=(), consumer=None):
        self.answers = {True: status, False: forged}
        self.line, self.unreadable, self.fails = dict(line), list(unreadable), fails
        self.consumer = consumer or {"batchItemFailures": []}
        self.deliveries = []
        self.told = []

    def client(self, service, config=None):
        assert service in ("lambda", "codedeploy")
        return self

    def invoke(self, FunctionName, Payload):
        payload = json.loads(Payload)
        said = self.consumer if "Records" in payload else self.deliver(Payload, payload)
        failed = {"FunctionError": "Unhandled"} if FunctionName in self.fails else {}
        return {"Payload": io.BytesIO(json.dumps(said).encode())} | failed

    def deliver(self, text, payload):
        # How ingest knows it.
        assert text.startswith('{"landfall-check":')
        asked = payload["landfall-check"]
        signed = is_signed(asked["secret"], asked["delivery"])
        self.deliveries.append((signed, len(asked["delivery"]["body"])))
        answer = {"statusCode": self.answers[signed], "body": json.dumps({"outcome": "accepted"})}
        return {"answer": answer, "line": self.line, "unreadable": self.unreadable}

    def put_lifecycle_event_hook_execution_status(self, **told):
        self.told.append(told)


def is_signed(secret, delivery):
    from test_ways import signed_with

    return signed_with(secret, delivery["headers"], delivery["body"].encode())


def judged(monkeypatch, **ways):
    functions = Lambda(**ways)
    status = run_check(functions.client, "ingest:8", "consumer", monkeypatch)
    told = {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "e-1", "status": status}
    assert functions.told == [told], "exactly once, whatever happens"
    return status, functions.deliveries


def test_a_version_is_sent_signed_and_forged_deliveries_of_both_sizes(monkeypatch):
    status, deliveries = judged(monkeypatch)
    assert status == "Succeeded"
    assert [signed for signed, _ in deliveries] == [True, False, True, False]
    most = PARAMETERS["InlineBodyBytes"]["MaxValue"]
    assert {size > most for _, size in deliveries} == {True, False}, (
        "one goes to the bucket, whatever the parameter says"
    )


def test_code_deploy_hears_of_a_check_before_its_time_is_up():
    program = check_program()
    config, calls = program["IN_TIME"], 1 + 2 * len(program["SIZES"])
    longest = (config.connect_timeout + config.read_timeout) * config.retries["total_max_attempts"]
    assert properties("DeploymentCheck")["Timeout"] > calls * longest


@pytest.mark.parametrize(
    "ways",
    [
        {"fails": ["ingest:8"]},
        {"fails": ["consumer"]},
        {"consumer": {"errorMessage": "the configuration is wrong"}},
        {"status": 503},
        {"status": 400},
        {"forged": 200},
        {"forged": 503},
        {"line": {"enqueue.deferred": 1}},
        {"unreadable": ["reading the secret: AccessDeniedException"]},
    ],
    ids=str,
)
def test_a_version_that_is_unfit_gets_no_delivery(ways, monkeypatch):
    assert judged(monkeypatch, **ways)[0] == "Failed"


# ---- What stays ----


@pytest.mark.parametrize("name", sorted(HOLDERS))
def test_what_a_live_stack_holds_outlives_it_and_what_a_test_holds_does_not(name):
    """RetainExceptOnCreate goes with a creation that is taken back:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    assert RESOURCES[name]["DeletionPolicy"] == {"Fn::If": ["IsLive", "RetainExceptOnCreate", "Delete"]}
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    # Else a first deployment that fails could not be taken back.
    assert "DeletionProtectionEnabled" not in properties(name)


def test_intrinsic_functions_in_a_deletion_policy_have_their_transform_and_it_comes_first():
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/function-refs-in-policy-attributes.html"""
    assert TEMPLATE["Transform"] == ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]


@pytest.mark.parametrize("name", ["test", "live"])
def test_a_first_deployment_that_fails_leaves_nothing_behind(name):
    assert DEPLOYS[name]["on_failure"] == "DELETE"


# ---- A domain of one's own ----


def test_a_domain_is_the_only_way_to_its_api():
    closed = {"Fn::If": ["HasDomain", True, {"Ref": "AWS::NoValue"}]}
    assert properties("Api")["DisableExecuteApiEndpoint"] == closed
    (configuration,) = properties("ApiDomain")["DomainNameConfigurations"]
    assert configuration["CertificateArn"] == {"Ref": "CertificateArn"}
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    mapping = {"ApiId": {"Ref": "Api"}, "DomainName": {"Ref": "ApiDomain"}, "Stage": {"Ref": "ApiStage"}}
    assert properties("ApiDomainMapping") == mapping
    assert {RESOURCES[name]["Condition"] for name in ("ApiDomain", "ApiDomainMapping")} == {"HasDomain"}
    assert RESOURCES["ApiDomainRecord"]["Condition"] == "HasDomainRecord"
    condition, own, otherwise = TEMPLATE["Outputs"]["ApiUrl"]["Value"]["Fn::If"][2]["Fn::If"]
    assert (condition, own) == ("HasDomain", {"Fn::Sub": "https://${DomainName}"})
    assert TEMPLATE["Outputs"]["DomainTarget"]["Condition"] == "HasDomain"


# ---- Processors ----


@pytest.mark.parametrize(("architecture", "fits"), [("x86_64", MACHINE == "x86_64"), ("arm64", MACHINE == "aarch64")])
def test_a_program_for_another_processor_is_not_packaged(architecture, fits, tmp_path):
    """The makefile of each architecture, with a compiler that builds for this machine whatever it is told."""
    (tmp_path / "bin").mkdir()
    compiler = tmp_path / "bin" / "cargo"
    compiler.write_text(f"#!/bin/sh\n[ $1 = run ] || cp -L {shlex.quote(sys.executable)} {tmp_path}/bootstrap\n")
    compiler.chmod(0o755)
    environment = os.environ | {"PATH": f"{compiler.parent}:{os.environ['PATH']}"}
    command = ["make", "build-Ingest", f"ARTIFACTS_DIR={tmp_path}"]
    folder = ROOT / "infra" / "package" / architecture
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert (ran.returncode == 0) == fits, ran.stderr
    assert fits or f"is not built for {architecture}" in ran.stderr
