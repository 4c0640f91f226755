"""The template's text. A green local deploy proves little: MiniStack drops most of what it doesn't know."""

import json
import re

import pytest
import tomlkit
from harness import ROOT
from samcli.cli.types import CfnParameterOverridesType
from samcli.lib.config.samconfig import SamConfig
from samcli.yamlhelper import yaml_parse

TEMPLATE = yaml_parse((ROOT / "infra" / "template.yaml").read_text())
PARAMETERS = TEMPLATE["Parameters"]
RESOURCES = TEMPLATE["Resources"]
SAMCONFIG = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()
DEPLOYS = {
    name: SamConfig(ROOT).get_all(["deploy"], "parameters", env=name)
    for name, section in SAMCONFIG.items()
    if name != "version" and "deploy" in section
}

# What the consumer may do where the parameter lists something.
DESTINATIONS = {
    "DestinationQueueArns": "sqs:SendMessage",
    "DestinationTopicArns": "sns:Publish",
    "DestinationBusArns": ["events:PutEvents", "events:DescribeEventBus"],
    "DestinationFunctionArns": "lambda:InvokeFunction",
    "DestinationStateMachineArns": "states:StartExecution",
    "DestinationStreamArns": "kinesis:PutRecord",
    "DestinationFirehoseArns": "firehose:PutRecord",
    "DestinationObjectArns": "s3:PutObject",
    "DestinationSecretArns": "secretsmanager:GetSecretValue",
}

X_RAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}

# What Lambda needs of the role for a function's place in a VPC, as its managed policy AWSLambdaVPCAccessExecutionRole has it:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
NETWORK = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
}

# What whoever reads and writes tables, queues and objects under a key of one's own does with it.
WITH_A_KEY = {
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}

# Of these the service knows no resources, none before they are there, or AWS's own policy for it names none.
OF_ALL = (X_RAY, {"cloudwatch:GetMetricData"}, {"cloudwatch:DescribeAlarms"}, NETWORK)

# What may differ: an object's name, a function's version, and a name that CloudFormation makes up.
OPEN_ENDS = ("/bodies/*", "/quarantine/*", "${Ingest.Arn}:*", "-ServerlessDeploymentApplication-*/*")


def of_type(type_):
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == type_}


def properties(name):
    return RESOURCES[name]["Properties"]


def as_list(value):
    return value if isinstance(value, list) else [value]


def default(name):
    return PARAMETERS[name]["Default"]


def overrides(deploy):
    """The parameters that a section of samconfig.toml sets."""
    return CfnParameterOverridesType().convert(list(deploy["parameter_overrides"]), None, None)


def values(deploy):
    """Every parameter as a deployment with this section would have it."""
    return {name: parameter.get("Default") for name, parameter in PARAMETERS.items()} | overrides(deploy)


def statements(role):
    """The statements of a role's policies, those under a condition included."""
    for policy in properties(role)["Policies"]:
        if "Fn::If" in policy:
            policy = policy["Fn::If"][1]
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def intrinsics(value):
    """Every Ref, GetAtt and the like within a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "Ref" or name.startswith("Fn::"):
                yield name, inner
            yield from intrinsics(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from intrinsics(inner)


FUNCTIONS = of_type("AWS::Serverless::Function")
ROLES = of_type("AWS::IAM::Role")


# ---- Least privilege ----


def test_each_function_may_do_what_its_code_does_and_nothing_else():
    may = {
        role: {
            (action, str(statement["Resource"]))
            for statement in statements(role)
            for action in as_list(statement["Action"])
            if statement["Effect"] == "Allow"
        }
        for role in ROLES
    }
    always = {
        *((action, "*") for action in X_RAY | NETWORK),
        *((action, str({"Ref": "KeyArn"})) for action in WITH_A_KEY),
    }
    ledger, projection = "LedgerTable.Arn", "ProjectionTable.Arn"
    queue, dlq, bodies = "TicketQueue.Arn", "DeadLetterQueue.Arn", "${BodyBucket.Arn}/bodies/*"
    ingest = str([{"Fn::GetAtt": ["Ingest", "Arn"]}, {"Fn::Sub": "${Ingest.Arn}:*"}])
    deployment_group = (
        "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:"
        "${AWS::StackName}-ServerlessDeploymentApplication-*/*"
    )
    assert may == {
        "IngestRole": {
            *allowed(ledger, "dynamodb:PutItem", "dynamodb:GetItem"),
            *allowed("EnrolmentTable.Arn", "dynamodb:UpdateItem"),
            *allowed(queue, "sqs:SendMessage"),
            *allowed("SourceSecrets.Id", "secretsmanager:GetSecretValue"),
            ("secretsmanager:GetSecretValue", str({"Ref": "OwnSecretArns"})),
            ("secretsmanager:GetSecretValue", str({"Ref": "FrontSecretArn"})),
            ("kms:Decrypt", str({"Ref": "SecretKeyArns"})),
            ("s3:PutObject", str({"Fn::Sub": bodies})),
            ("s3:PutObject", str({"Fn::Sub": "${BodyBucket.Arn}/quarantine/*"})),
            *allowed("IngestLogs.Arn", "logs:CreateLogStream", "logs:PutLogEvents"),
            *always,
        },
        "ConsumerRole": {
            *allowed(queue, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
            *allowed(queue, "sqs:ChangeMessageVisibility", "sqs:SendMessage"),
            *allowed(dlq, "sqs:SendMessage"),
            *allowed(ledger, "dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            *allowed(projection, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            ("s3:GetObject", str({"Fn::Sub": bodies})),
            ("s3:PutObject", str({"Fn::Sub": bodies})),
            *allowed("DestinationSecrets.Id", "secretsmanager:GetSecretValue"),
            ("kms:Decrypt", str({"Ref": "SecretKeyArns"})),
            *((action, str({"Ref": name})) for name in DESTINATIONS for action in as_list(DESTINATIONS[name])),
            *allowed("ConsumerLogs.Arn", "logs:CreateLogStream", "logs:PutLogEvents"),
            *always,
        },
        "SweeperRole": {
            ("dynamodb:Query", str({"Fn::Sub": "${LedgerTable.Arn}/index/by_time"})),
            *allowed(ledger, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
            *allowed(queue, "sqs:SendMessage", "sqs:GetQueueAttributes"),
            ("cloudwatch:GetMetricData", "*"),
            *allowed("SweeperLogs.Arn", "logs:CreateLogStream", "logs:PutLogEvents"),
            *always,
        },
        "SchedulerRole": {*allowed("Sweeper.Arn", "lambda:InvokeFunction")},
        "DeploymentCheckRole": {
            ("lambda:InvokeFunction", str([{"Fn::GetAtt": ["Consumer", "Arn"]}, {"Fn::Sub": "${Ingest.Arn}:*"}])),
            ("codedeploy:PutLifecycleEventHookExecutionStatus", str({"Fn::Sub": deployment_group})),
            *allowed("DeploymentCheckLogs.Arn", "logs:CreateLogStream", "logs:PutLogEvents"),
        },
        "DeploymentRole": {
            *((action, ingest) for action in ("lambda:GetAlias", "lambda:UpdateAlias")),
            ("lambda:GetProvisionedConcurrencyConfig", ingest),
            *allowed("DeploymentCheck.Arn", "lambda:InvokeFunction"),
            ("cloudwatch:DescribeAlarms", "*"),
        },
    }


def allowed(attribute, *actions):
    return ((action, str({"Fn::GetAtt": attribute.split(".")})) for action in actions)


@pytest.mark.parametrize("parameter", DESTINATIONS)
def test_what_no_parameter_lists_is_not_allowed(parameter):
    """Each by itself, so that a stack with a queue for a destination has no statement about topics."""
    (statement,) = [
        statement
        for policy in properties("ConsumerRole")["Policies"]
        for statement in policy.get("PolicyDocument", {}).get("Statement", [])
        if ("Ref", parameter) in list(intrinsics(statement))
    ]
    condition, allowed_, otherwise = statement["Fn::If"]
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert allowed_["Resource"] == {"Ref": parameter}
    empty = {"Fn::Equals": [{"Fn::Join": ["", {"Ref": parameter}]}, ""]}
    assert TEMPLATE["Conditions"][condition] == {"Fn::Not": [empty]}
    assert (PARAMETERS[parameter]["Type"], default(parameter)) == ("CommaDelimitedList", "")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_no_wildcard_but_where_the_service_knows_no_resources(role):
    for statement in statements(role):
        if statement["Effect"] == "Deny":
            continue
        actions = set(as_list(statement["Action"]))
        assert not [action for action in actions if "*" in action]
        for resource in as_list(statement["Resource"]):
            text = resource if isinstance(resource, str) else str(resource.get("Fn::Sub", ""))
            for end in OPEN_ENDS:
                text = text.removesuffix(end)
            assert "*" not in text or (text == "*" and actions in OF_ALL)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_a_role_of_its_own_that_only_lambda_may_assume(function):
    assert properties(function)["Role"] == {"Fn::GetAtt": [f"{function}Role", "Arn"]}
    (statement,) = properties(f"{function}Role")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_no_role_is_made_behind_our_back():
    for function in FUNCTIONS:
        assert not {"Policies", "Events"} & properties(function).keys(), "SAM would write policies of its own"
    assert not of_type("AWS::IAM::ManagedPolicy") and not of_type("AWS::IAM::Policy")
    for role in ROLES.keys() - {"ConsumerRole"}:
        assert "ManagedPolicyArns" not in properties(role)


def test_handlers_are_allowed_further_calls_only_by_who_deploys():
    given, nothing = {"Ref": "HandlerPolicyArns"}, {"Ref": "AWS::NoValue"}
    assert properties("ConsumerRole")["ManagedPolicyArns"] == {"Fn::If": ["HasHandlerPolicies", given, nothing]}
    is_empty = {"Fn::Equals": [{"Fn::Join": ["", given]}, ""]}
    assert TEMPLATE["Conditions"]["HasHandlerPolicies"] == {"Fn::Not": [is_empty]}
    assert (PARAMETERS["HandlerPolicyArns"]["Type"], default("HandlerPolicyArns")) == ("CommaDelimitedList", "")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_bounded_where_the_account_asks_for_it(role):
    boundary = {"Fn::If": ["HasPermissionsBoundary", {"Ref": "PermissionsBoundaryArn"}, {"Ref": "AWS::NoValue"}]}
    assert properties(role)["PermissionsBoundary"] == boundary
    assert default("PermissionsBoundaryArn") == ""


@pytest.mark.parametrize("role", ["IngestRole", "ConsumerRole"])
def test_keys_of_ones_own_are_used_for_secrets_alone(role):
    (use,) = [statement for statement in statements(role) if statement["Resource"] == {"Ref": "SecretKeyArns"}]
    service = {"Fn::Sub": "secretsmanager.${AWS::Region}.amazonaws.com"}
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": service}}


# ---- Encryption, at rest and on the way ----


@pytest.mark.parametrize(
    ("holder", "type_", "names"),
    [
        *((queue, "AWS::SQS::QueuePolicy", "Queues") for queue in of_type("AWS::SQS::Queue")),
        *((bucket, "AWS::S3::BucketPolicy", "Bucket") for bucket in of_type("AWS::S3::Bucket")),
    ],
)
def test_queues_and_buckets_refuse_what_comes_without_tls(holder, type_, names):
    policies = of_type(type_).values()
    (policy,) = [policy for policy in policies if {"Ref": holder} in as_list(policy["Properties"][names])]
    # MiniStack speaks plain HTTP, so only the local stack goes without.
    assert policy["Condition"] == "IsOnAws"
    assert TEMPLATE["Conditions"]["IsOnAws"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Environment"}, "local"]}]}
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    service = "sqs" if type_ == "AWS::SQS::QueuePolicy" else "s3"
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", f"{service}:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    arn = {"Fn::GetAtt": [holder, "Arn"]}
    if service == "s3":
        assert statement["Resource"] == [arn, {"Fn::Sub": f"${{{holder}.Arn}}/*"}]
    else:
        assert statement["Resource"] == arn


KEY, NOTHING = {"Ref": "KeyArn"}, {"Ref": "AWS::NoValue"}


def test_queues_and_the_bucket_are_encrypted_and_the_bucket_is_private():
    for queue in of_type("AWS::SQS::Queue"):
        # One or the other: SQS takes no queue with both.
        assert properties(queue)["SqsManagedSseEnabled"] == {"Fn::If": ["HasKey", False, True]}
        assert properties(queue)["KmsMasterKeyId"] == {"Fn::If": ["HasKey", KEY, NOTHING]}
    bucket = properties("BodyBucket")
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    condition, own, aws = rule["Fn::If"]
    assert (condition, aws) == ("HasKey", {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}})
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert own == {"ServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("table", of_type("AWS::DynamoDB::Table"))
def test_a_table_is_encrypted_by_the_key_that_is_named(table):
    own = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert properties(table)["SSESpecification"] == {"Fn::If": ["HasKey", own, NOTHING]}


@pytest.mark.parametrize("role", ["IngestRole", "ConsumerRole", "SweeperRole"])
def test_the_key_is_used_by_way_of_the_stacks_services_alone(role):
    (use,) = [statement for statement in statements(role) if statement.get("Resource") == KEY]
    services = [{"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"} for service in ("dynamodb", "s3", "sqs")]
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": services}}


def test_no_secret_is_under_the_key_by_a_property_that_would_have_its_value_written_anew():
    for secret in of_type("AWS::SecretsManager::Secret"):
        assert "KmsKeyId" not in properties(secret)


# ---- The network ----


def test_the_functions_are_in_subnets_where_some_are_named():
    inside = {name: {"Fn::Split": [",", {"Ref": name}]} for name in ("SubnetIds", "SecurityGroupIds")}
    assert TEMPLATE["Globals"]["Function"]["VpcConfig"] == {"Fn::If": ["IsInVpc", inside, NOTHING]}
    assert default("SubnetIds") == default("SecurityGroupIds") == ""


@pytest.mark.parametrize("role", ["IngestRole", "ConsumerRole", "SweeperRole"])
def test_a_functions_own_code_may_do_nothing_with_network_interfaces(role):
    """As AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice"""
    (denied,) = [statement for statement in statements(role) if statement["Effect"] == "Deny"]
    assert set(denied["Action"]) == NETWORK
    assert list(denied["Condition"]["ArnLike"]) == ["lambda:SourceFunctionArn"]


# ---- Secrets ----


@pytest.mark.parametrize("name", of_type("AWS::SecretsManager::Secret"))
def test_nothing_that_changes_can_write_over_the_secrets(name):
    """CloudFormation writes a value where one of these two is said, or changes, and makes an empty secret without them:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html"""
    assert not {"SecretString", "GenerateSecretString"} & properties(name).keys()
    # A new name would be a new secret, without what people put into the old one.
    assert "Name" not in properties(name)


# ---- What is kept, and for how long ----


@pytest.mark.parametrize("table", of_type("AWS::DynamoDB::Table").keys() - {"EnrolmentTable"})
def test_tables_are_on_demand_and_can_be_restored(table):
    assert properties(table)["BillingMode"] == "PAY_PER_REQUEST"
    assert properties(table)["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


API = {
    "Api",
    "ApiIntegration",
    "WebhookRoute",
    "DefaultRoute",
    "ApiStage",
    "ApiPermission",
    "ApiLogs",
    "ApiUnavailableAlarm",
}
URL = {"IngestUrl", "IngestUrlPermission", "IngestByUrlPermission"}


def test_one_front_door_or_the_other_leads_to_ingest():
    front_door = PARAMETERS["FrontDoor"]
    assert (front_door["Default"], front_door["AllowedValues"]) == ("api", ["api", "url"])
    conditions = TEMPLATE["Conditions"]
    assert conditions["HasApi"] == {"Fn::Equals": [{"Ref": "FrontDoor"}, "api"]}
    assert conditions["HasUrl"] == {"Fn::Not": [conditions["HasApi"]]}
    for condition, names in {"HasApi": API, "HasUrl": URL}.items():
        assert {name for name, resource in RESOURCES.items() if resource.get("Condition") == condition} == names
        # Nothing that is always there may need what isn't.
        for name, resource in RESOURCES.items():
            if name not in names and resource.get("Condition") not in ("HasApiOnAws", "HasDomain"):
                assert not names & {target for kind, target in intrinsics(resource) if kind == "Ref"}, name
    both = {"Fn::And": [{"Condition": "HasApi"}, {"Condition": "IsOnAws"}]}
    assert conditions["HasApiOnAws"] == both
    condition, api, url = TEMPLATE["Outputs"]["ApiUrl"]["Value"]["Fn::If"][2]["Fn::If"][2]["Fn::If"]
    assert (condition, url) == ("HasApi", {"Fn::GetAtt": ["IngestUrl", "FunctionUrl"]})
    assert "${Api}" in api["Fn::Sub"]


def test_anybody_may_call_the_function_url_and_the_function_by_it_alone():
    """As AWS's page on access to function URLs says it: both actions, the second on the condition that it comes by the URL."""
    url = properties("IngestUrl")
    assert url == {"TargetFunctionArn": {"Ref": "Ingest.Alias"}, "AuthType": "NONE", "InvokeMode": "BUFFERED"}
    to_everybody = {"FunctionName": {"Ref": "Ingest.Alias"}, "Principal": "*"}
    by_url = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
    assert properties("IngestUrlPermission") == to_everybody | by_url
    through_url = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
    assert properties("IngestByUrlPermission") == to_everybody | through_url


def test_tickets_are_gathered_for_no_longer_than_they_are_hidden():
    """AWS's own rule: six times the function's timeout, and the batching window."""
    mapping = properties("ConsumerTickets")
    assert mapping["MaximumBatchingWindowInSeconds"] == {"Ref": "BatchWindowSeconds"}
    window = PARAMETERS["BatchWindowSeconds"]
    assert (window["Default"], window["MinValue"], window["MaxValue"]) == (0, 0, 300)
    for deploy in DEPLOYS.values():
        given = {name: values(deploy)[name] for name in ("VisibilityTimeoutSeconds", "ConsumerTimeoutSeconds")}
        if values(deploy)["Environment"] != "local":
            hidden, timeout = (int(number) for number in given.values())
            assert hidden >= 6 * timeout + int(values(deploy)["BatchWindowSeconds"])


def test_the_ledger_expires_and_has_two_sparse_indexes_of_keys():
    ledger = properties("LedgerTable")
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    by_time, by_trouble = ledger["GlobalSecondaryIndexes"]
    assert [index["IndexName"] for index in (by_time, by_trouble)] == ["by_time", "by_trouble"]
    assert [key["AttributeName"] for key in by_time["KeySchema"]] == ["shard", "at"]
    assert [key["AttributeName"] for key in by_trouble["KeySchema"]] == ["trouble", "life"]
    assert by_time["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert by_trouble["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["reasons"]}
    assert TEMPLATE["Outputs"]["TroubleIndexName"]["Value"] == "by_trouble"
    environment = properties("Sweeper")["Environment"]["Variables"]
    assert environment["LANDFALL_INDEX"] == TEMPLATE["Outputs"]["IndexName"]["Value"] == "by_time"


def test_secrets_that_wait_are_kept_in_no_backup_and_do_not_outlive_their_stack():
    table = RESOURCES["EnrolmentTable"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Delete", "Delete")
    enrolment = table["Properties"]
    assert enrolment["BillingMode"] == "PAY_PER_REQUEST"
    kept_longer = {"PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "StreamSpecification"}
    assert not kept_longer & enrolment.keys()
    assert enrolment["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_nothing_of_the_stack_writes_a_secret():
    for role in ROLES:
        for statement in statements(role):
            actions = [action for action in as_list(statement["Action"]) if action.startswith("secretsmanager:")]
            assert actions in ([], ["secretsmanager:GetSecretValue"])


def test_bodies_outlive_their_events():
    """As long as no source remembers for longer than by default: the reference says what a longer one asks for."""
    assert default("BodyDays") >= 30 + 3
    assert "`BodyDays`" in (ROOT / "docs" / "configuration.md").read_text()
    rule, _ = properties("BodyBucket")["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled" and rule["ExpirationInDays"] == {"Ref": "BodyDays"}


def test_what_was_refused_and_kept_is_gone_after_three_days():
    _, rule = properties("BodyBucket")["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["Prefix"], rule["ExpirationInDays"]) == ("Enabled", "quarantine/", 3)
    assert rule["NoncurrentVersionExpiration"] == {"Fn::If": ["HasVersions", {"NoncurrentDays": 1}, NOTHING]}


def test_old_versions_of_bodies_are_kept_where_somebody_says_for_how_long():
    assert properties("BodyBucket")["VersioningConfiguration"] == {
        "Fn::If": ["HasVersions", {"Status": "Enabled"}, NOTHING]
    }
    rule, _ = properties("BodyBucket")["LifecycleConfiguration"]["Rules"]
    days = {"NoncurrentDays": {"Ref": "BodyVersionDays"}}
    assert rule["NoncurrentVersionExpiration"] == {"Fn::If": ["HasVersions", days, NOTHING]}
    assert default("BodyVersionDays") == 0


def test_every_log_group_forgets_and_every_function_has_one():
    groups = of_type("AWS::Logs::LogGroup")
    for group in groups:
        assert properties(group)["RetentionInDays"] == {"Ref": "LogDays"}
        assert properties(group)["KmsKeyId"] == {"Fn::If": ["HasKey", KEY, NOTHING]}
        # Metrics are read out of the functions' lines, and of no other class is it documented that they are.
        assert ("LogGroupClass" in properties(group)) == (group == "ApiLogs")
    for function in FUNCTIONS:
        assert properties(function)["LoggingConfig"] == {"LogGroup": {"Ref": f"{function}Logs"}}
        assert f"{function}Logs" in groups


# ---- Queue and consumer ----


@pytest.mark.parametrize("name", ["defaults", "test", "live"])
def test_times_and_limits_of_the_queue_fit_together(name):
    given = values(DEPLOYS[name]) if name in DEPLOYS else values({"parameter_overrides": []})
    number = {key: int(value) for key, value in given.items() if PARAMETERS[key]["Type"] == "Number"}
    assert number["VisibilityTimeoutSeconds"] >= 6 * number["ConsumerTimeoutSeconds"]
    assert number["DlqRetentionSeconds"] > number["QueueRetentionSeconds"]
    assert number["BackoffMaxSeconds"] >= number["BackoffBaseSeconds"]
    # What SQS counts are receives, put-backs and throttles included; what fails an event is the limit on tries.
    assert number["MaxReceiveCount"] >= 5 * number["Tries"]
    assert number["MaxReceiveCount"] >= 5
    ages = [int(age) for age in given["SweepAgesSeconds"].split(",")]
    assert ages == sorted(set(ages))
    assert number["OldestLetterAlarmSeconds"] < number["DlqRetentionSeconds"] - number["QueueRetentionSeconds"]
    # A ticket that is in its first visibility timeout is none of the sweeper's business at its last look.
    assert ages[-1] > number["VisibilityTimeoutSeconds"]


def test_the_defaults_are_those_of_the_contract():
    assert default("SweepAgesSeconds") == "120,900,7200,57600,432000"
    assert (default("ConsumerTimeoutSeconds"), default("VisibilityTimeoutSeconds")) == (60, 360)
    assert (default("Tries"), default("BackoffBaseSeconds"), default("BackoffMaxSeconds")) == (8, 5, 900)
    assert (default("BatchSize"), default("MaxReceiveCount")) == (10, 100)
    assert (default("QueueRetentionSeconds"), default("DlqRetentionSeconds")) == (7 * 86400, 14 * 86400)
    assert default("InlineBodyBytes") == 256 * 1024


def test_the_queue_hands_its_hopeless_tickets_to_the_dlq():
    queue = properties("TicketQueue")
    assert queue["VisibilityTimeout"] == {"Ref": "VisibilityTimeoutSeconds"}
    assert queue["MessageRetentionPeriod"] == {"Ref": "QueueRetentionSeconds"}
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]},
        "maxReceiveCount": {"Ref": "MaxReceiveCount"},
    }
    assert properties("DeadLetterQueue")["MessageRetentionPeriod"] == {"Ref": "DlqRetentionSeconds"}


def test_one_bad_ticket_never_takes_its_batch_along():
    mapping = properties("ConsumerTickets")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "FilterCriteria" not in mapping, "Lambda deletes what a filter leaves out"
    assert "ReservedConcurrentExecutions" not in properties("Consumer"), "throttles would burn receives"


def test_nothing_but_the_consumer_takes_from_a_queue():
    assert list(of_type("AWS::Lambda::EventSourceMapping")) == ["ConsumerTickets"]
    assert properties("ConsumerTickets")["EventSourceArn"] == {"Fn::GetAtt": ["TicketQueue", "Arn"]}


def test_the_brake_is_a_parameter_and_a_number_to_the_local_stack():
    scaling = properties("ConsumerTickets")["ScalingConfig"]
    assert scaling == {"MaximumConcurrency": {"Fn::If": ["IsOnAws", {"Ref": "ConsumerConcurrency"}, 10]}}
    # As SQS's event sources bound it.
    brake = PARAMETERS["ConsumerConcurrency"]
    assert (brake["MinValue"], brake["MaxValue"]) == (2, 1000)


def test_concurrency_is_kept_for_ingest_only_where_somebody_says_so():
    reserve, none = {"Ref": "IngestReservedConcurrency"}, {"Ref": "AWS::NoValue"}
    assert properties("Ingest")["ReservedConcurrentExecutions"] == {"Fn::If": ["HasIngestReserve", reserve, none]}
    assert TEMPLATE["Conditions"]["HasIngestReserve"] == {"Fn::Not": [{"Fn::Equals": [reserve, 0]}]}
    assert default("IngestReservedConcurrency") == 0


# ---- The API ----


def test_every_request_goes_to_ingest():
    routes = of_type("AWS::ApiGatewayV2::Route")
    assert {route["Properties"]["RouteKey"] for route in routes.values()} == {"ANY /webhooks/{source}", "$default"}
    for route in routes.values():
        assert route["Properties"]["Target"] == {"Fn::Sub": "integrations/${ApiIntegration}"}
    integration = properties("ApiIntegration")
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == properties("ApiPermission")["FunctionName"] == {"Ref": "Ingest.Alias"}


def test_the_api_is_throttled():
    settings = properties("ApiStage")["DefaultRouteSettings"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "ThrottleRate"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "ThrottleBurst"}


def test_access_logs_hold_nothing_that_a_caller_wrote():
    format_ = properties("ApiStage")["AccessLogSettings"]["Format"]
    assert "\n" not in format_
    assert set(re.findall(r"\$context\.[\w.]+", format_)) == {
        "$context.requestTimeEpoch",
        "$context.requestId",
        "$context.routeKey",
        "$context.identity.sourceIp",
        "$context.status",
        "$context.responseLength",
        "$context.responseLatency",
        "$context.integrationStatus",
        "$context.integrationErrorMessage",
    }


def test_ingest_gives_up_before_the_api_does():
    assert PARAMETERS["IngestTimeoutSeconds"]["MaxValue"] < 30


# ---- Functions ----


def test_every_variable_that_the_code_reads_is_set_and_no_other():
    config = (ROOT / "shared" / "aws" / "src" / "config" / "mod.rs").read_text()
    parts = re.split(r"impl (\w+)Config \{", config.split("#[cfg(test)]\n#[allow")[0])
    readers = dict(zip(parts[1::2], parts[2::2]))
    assert readers.keys() == FUNCTIONS.keys()
    for function, reader in readers.items():
        body = reader.split("\n}\n")[0]
        read = set(re.findall(r'"(LANDFALL_\w+)"', body)) | {"LANDFALL_ENVIRONMENT"}
        assert "read.environment()" in body
        # And one that is there for its text alone.
        text = {"LANDFALL_PARAMETERS"} if function == "Ingest" else set()
        assert properties(function)["Environment"]["Variables"].keys() == read | {"RUST_LOG"} | text


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_built_by_the_makefile_of_its_architecture(function):
    assert RESOURCES[function]["Metadata"]["BuildMethod"] == "makefile"
    assert SAMCONFIG["default"]["build"]["parameters"]["build_in_source"] is True
    package = ROOT / "infra" / "package"
    (binary,) = re.findall(
        rf"^build-{function}: BINARY := (\S+)$", (package / "functions.mk").read_text(), re.MULTILINE
    )
    if function == "Consumer":
        # The tests package another, and nobody else does.
        assert binary == "$(LANDFALL_CONSUMER)"
        (binary,) = re.findall(r"^LANDFALL_CONSUMER \?= (\w+)$", (package / "functions.mk").read_text(), re.MULTILINE)
    assert (ROOT / "functions" / binary / "src" / "main.rs").exists()
    together = TEMPLATE["Globals"]["Function"]
    assert (together["Runtime"], together["Handler"]) == ("provided.al2023", "bootstrap")
    assert together["CodeUri"] == {"Fn::Sub": "package/${Architecture}"}
    assert together["Architectures"] == [{"Ref": "Architecture"}]
    assert default("Architecture") == "arm64"
    for architecture in PARAMETERS["Architecture"]["AllowedValues"]:
        makefile = (package / architecture / "Makefile").read_text()
        assert makefile == f"ARCHITECTURE := {architecture}\ninclude ../functions.mk\n"


def test_the_sweeper_is_run_by_its_schedule_alone_and_never_twice():
    schedule = properties("SweeperSchedule")
    assert schedule["Target"]["Arn"] == {"Fn::GetAtt": ["Sweeper", "Arn"]}
    assert schedule["Target"]["RoleArn"] == {"Fn::GetAtt": ["SchedulerRole", "Arn"]}
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0
    assert properties("SweeperInvocations")["MaximumRetryAttempts"] == 0


def test_sweeps_that_lambda_has_no_room_for_do_not_pile_up():
    """Lambda keeps an asynchronous invocation that it throttles for six hours, unless told otherwise:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
    assert properties("SweeperInvocations")["MaximumEventAgeInSeconds"] == 60
    assert properties("SweeperSchedule")["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60


# ---- Alarms ----


ALARMS = of_type("AWS::CloudWatch::Alarm")

# The dimensions of the platform's own metrics, as documented:
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
OF_THE_PLATFORM = {
    ("AWS/Lambda", "Errors"): [["FunctionName"], ["FunctionName", "Resource", "ExecutedVersion"]],
    ("AWS/Lambda", "Throttles"): [["FunctionName"]],
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): [["QueueName"]],
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible"): [["QueueName"]],
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): [["QueueName"]],
    ("AWS/ApiGateway", "Count"): [["ApiId"]],
    ("AWS/ApiGateway", "4xx"): [["ApiId"]],
    ("AWS/ApiGateway", "5xx"): [["ApiId"]],
}


def watched(name):
    """The metrics that an alarm compares: namespace, name and dimensions."""
    alarm = properties(name)
    queries = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    return [(metric["Namespace"], metric["MetricName"], metric["Dimensions"]) for metric in queries or [alarm]]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_metrics_that_are_emitted_with_these_dimensions(name):
    code = (ROOT / "shared" / "aws" / "src" / "metrics" / "mod.rs").read_text()
    ours = set(re.findall(r'= "([\w.]+)", "(?:Count|Milliseconds)"', code))
    for namespace, metric, dimensions in watched(name):
        if namespace == "Landfall":
            assert f'"{namespace}"' in code
            assert metric in ours
            by_stack = {"Name": "stack", "Value": {"Ref": "AWS::StackName"}}
            by_version = {"Name": "version", "Value": {"Fn::GetAtt": ["Ingest", "Version.Version"]}}
            assert dimensions == ([by_stack, by_version] if name == "IngestVersionUnrecordedAlarm" else [by_stack])
        else:
            assert [dimension["Name"] for dimension in dimensions] in OF_THE_PLATFORM[namespace, metric]


def test_every_alarm_is_raised_by_a_test():
    tests = "".join(file.read_text() for file in (ROOT / "tests" / "stack").glob("test_*.py"))
    assert set(re.findall(r'alarms\.fires\(\s*"(\w+)"', tests)) == ALARMS.keys()


def test_live_does_not_go_without_somebody_who_is_told():
    """test_alarms.py tries it."""
    rule = TEMPLATE["Rules"]["LiveTellsSomebody"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Environment"}, "live"]}
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmTopicArn"}, ""]}]}
    assert "AlarmTopicArn" in assertion["AssertDescription"]


def test_a_budget_tells_whoever_alarms_tell():
    """The form of https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-budgets-budget.html"""
    budget = properties("Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    told = {"SubscriptionType": "SNS", "Address": {"Ref": "AlarmTopicArn"}}
    for notification in budget["NotificationsWithSubscribers"]:
        assert notification["Subscribers"] == [told]
    kinds = [entry["Notification"]["NotificationType"] for entry in budget["NotificationsWithSubscribers"]]
    assert kinds == ["ACTUAL", "FORECASTED"]
    assert RESOURCES["Budget"]["Condition"] == "HasBudget" and default("MonthlyBudget") == 0


def test_the_templates_rules_use_what_cloudformation_knows_there():
    """No other function may stand in a rule:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html"""
    known = {
        "Ref",
        "Fn::And",
        "Fn::Contains",
        "Fn::EachMemberEquals",
        "Fn::EachMemberIn",
        "Fn::Equals",
        "Fn::Not",
        "Fn::Or",
    }
    assert {name for name, _ in intrinsics(TEMPLATE["Rules"])} <= known
    for rule in TEMPLATE["Rules"].values():
        for assertion in rule["Assertions"]:
            assert assertion["AssertDescription"].endswith(".")


# What anybody moves who knows a source's URL, or has captured a delivery of its.
MOVED_BY_STRANGERS = {
    "deliveries.duplicate",
    "deliveries.forged",
    "deliveries.refused",
    "deliveries.reopened",
    "deliveries.unavailable",
    "body.conflict",
    "ingest.ms",
    # Of the platform's own.
    "4xx",
    "5xx",
    "Count",
    "Duration",
    "Invocations",
    "Throttles",
}


@pytest.mark.parametrize("name", ALARMS)
def test_no_alarm_is_raised_by_one_delivery_of_a_stranger(name):
    alarm = properties(name)
    if not {metric for _, metric, _ in watched(name)} & MOVED_BY_STRANGERS:
        return
    if "Metrics" in alarm:
        (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
        assert expression.startswith("IF(requests >= 100, ")
        return
    threshold = PARAMETERS[alarm["Threshold"]["Ref"]]
    assert alarm["Statistic"] == "Sum" and alarm["Period"] >= 900
    assert threshold["MinValue"] >= 10 and threshold["Default"] >= threshold["MinValue"]


def test_every_metric_of_deliveries_is_known_to_be_moved_by_strangers_or_not():
    code = (ROOT / "shared" / "aws" / "src" / "metrics" / "mod.rs").read_text()
    ours = set(re.findall(r'= "((?:deliveries|body|ingest|enqueue)\.\w+)", "', code))
    # Only a new authentic event moves these, or a fault of ours that one met.
    proven = {"deliveries.accepted", "deliveries.unrecorded", "enqueue.deferred"}
    assert ours == proven | {metric for metric in MOVED_BY_STRANGERS if "." in metric}


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_tells_the_topic_and_says_what_to_make_of_it(alarm):
    is_heartbeat, alarm = alarm == "SweeperStoppedAlarm", properties(alarm)
    told = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    assert alarm["AlarmActions"] == alarm["OKActions"] == told
    assert alarm["AlarmDescription"]
    assert alarm["TreatMissingData"] == ("breaching" if is_heartbeat else "notBreaching")


# ---- The dashboard and the saved queries ----


# Beside those that alarms watch, from the same pages and these:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
# https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
ON_THE_DASHBOARD = OF_THE_PLATFORM | {
    ("AWS/Lambda", "Invocations"): [["FunctionName"]],
    ("AWS/Lambda", "UrlRequestCount"): [["FunctionName"]],
    ("AWS/Lambda", "Url4xxCount"): [["FunctionName"]],
    ("AWS/Lambda", "Url5xxCount"): [["FunctionName"]],
    ("AWS/SQS", "ApproximateNumberOfMessagesDelayed"): [["QueueName"]],
    ("AWS/SQS", "NumberOfMessagesSent"): [["QueueName"]],
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits"): [["TableName"]],
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"): [["TableName"]],
    ("AWS/Logs", "IncomingBytes"): [["LogGroupName"]],
}


def widgets(front_door):
    """The dashboard's widgets as they are behind this front door, with gradual deployments behind the API, and with `${…}` where AWS puts a name."""
    text, parts = properties("OperatorDashboard")["DashboardBody"]["Fn::Sub"]
    for name, part in parts.items():
        _, with_api, without = part["Fn::If"]
        part = with_api if front_door == "api" else without
        text = text.replace(f"${{{name}}}", part["Fn::Sub"] if isinstance(part, dict) else part)
    return json.loads(text)["widgets"]


@pytest.mark.parametrize("front_door", ["api", "url"])
def test_a_widget_shows_metrics_that_are_emitted_with_these_dimensions(front_door):
    code = (ROOT / "shared" / "aws" / "src" / "metrics" / "mod.rs").read_text()
    ours = set(re.findall(r'= "([\w.]+)", "(?:Count|Milliseconds)"', code))
    shown = set()
    for widget in widgets(front_door):
        for namespace, metric, dimension, value, options in widget["properties"].get("metrics", []):
            assert options.keys() <= {"label", "stat", "yAxis"} and options["label"]
            if namespace == "Landfall":
                assert metric in ours and (dimension, value) == ("stack", "${AWS::StackName}"), metric
                shown.add(metric)
            else:
                assert [dimension] in ON_THE_DASHBOARD[namespace, metric]
                name = re.fullmatch(r"\$\{(\w+)(?:\.QueueName)?\}", value).group(1)
                assert name in RESOURCES, value
    assert ours == shown, "each metric of ours has its place"


@pytest.mark.parametrize("front_door", ["api", "url"])
def test_the_dashboard_shows_every_alarm_and_no_more_metrics_than_are_free(front_door):
    shown, metrics = set(), 0
    for widget in widgets(front_door):
        assert widget["properties"].keys() >= {"title"}
        assert widget["x"] + widget["width"] <= 24
        for arn in widget["properties"].get("alarms", []):
            shown.add(re.fullmatch(r"\$\{(\w+)\.Arn\}", arn).group(1))
        metrics += len(widget["properties"].get("metrics", []))
    of_some = {name for name in ALARMS if RESOURCES[name].get("Condition", "").startswith(("HasApi", "IsGradual"))}
    assert shown == ALARMS.keys() - (of_some if front_door == "url" else set())
    assert metrics <= 50


def test_a_dashboard_is_made_where_somebody_says_so():
    assert RESOURCES["OperatorDashboard"]["Condition"] == "HasDashboard"
    assert TEMPLATE["Conditions"]["HasDashboard"] == {"Fn::Equals": [{"Ref": "Dashboard"}, "true"]}
    assert default("Dashboard") == "false"
    assert overrides(DEPLOYS["live"])["Dashboard"] == "true"


QUERIES = of_type("AWS::Logs::QueryDefinition")

# The language's own words: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
OF_INSIGHTS = {"fields", "filter", "stats", "sort", "limit", "by", "as", "and", "or", "asc", "desc"} | {
    "count",
    "sum",
    "max",
    "pct",
    "bin",
    "coalesce",
    "latest",
}
# What Lambda writes: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
OF_REPORTS = {"type", *(f"record.metrics.{name}" for name in ("initDurationMs", "maxMemoryUsedMB", "durationMs"))}


def fields_of_lines():
    """Every field that a line of the functions has."""
    code = "".join(
        file.read_text()
        for folder in ("functions/ingest/src", "functions/consumer/src", "functions/sweeper/src", "shared/aws/src")
        for file in (ROOT / folder).rglob("*.rs")
        if "tests" not in file.parts
    )
    named = set(re.findall(r'\.(?:text|maybe|number|millis|parts|address)\(\s*"([\w.]+)"', code))
    # Those of `tracing`, whose lines have what stands before their words.
    for said in re.findall(r"(?:error|warn|info|error_span)!\(([^;]*?)\);?\n", code):
        named |= set(re.findall(r"(?:^|[\s,(])(\w+)(?: = |,)", said))
    named |= set(re.findall(r'line\.insert\("(\w+)"', code))
    legs = (ROOT / "functions" / "consumer" / "src" / "line" / "legs.rs").read_text()
    return named | {f"legs.0.{name}" for name in re.findall(r'"(\w+)": self', legs)}


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_asks_for_fields_that_the_lines_have(name):
    query = properties(name)
    assert RESOURCES[name]["Condition"] == "IsOnAws", "MiniStack keeps no queries"
    assert query["Name"]["Fn::Sub"].startswith("${AWS::StackName}/")
    for group in query["LogGroupNames"]:
        assert RESOURCES[group["Ref"]]["Type"] == "AWS::Logs::LogGroup"
    text = re.sub(r'"[^"]*"', "", query["QueryString"])
    given = set(re.findall(r"\bas (\w+)", text))
    asked = set(re.findall(r"(?<![\w.@])[a-zA-Z_][\w.]*", text)) - OF_INSIGHTS - given
    assert asked and asked <= fields_of_lines() | OF_REPORTS, asked - fields_of_lines() - OF_REPORTS
    assert set(re.findall(r"@\w+", text)) <= {"@timestamp", "@log"}


def test_saved_queries_compare_with_words_that_the_lines_use():
    code = "".join(
        (ROOT / file).read_text() for file in ("functions/consumer/src/line/mod.rs", "functions/ingest/src/note.rs")
    )
    for query in QUERIES.values():
        for word in re.findall(r'outcome = "(\w+)"', query["Properties"]["QueryString"]):
            assert f'"{word}"' in code, word


# ---- Parameters and samconfig.toml ----


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_described_used_and_bounded(name):
    parameter = PARAMETERS[name]
    assert parameter["Description"].endswith(".")
    used = list(intrinsics([RESOURCES, TEMPLATE["Globals"], TEMPLATE["Conditions"], TEMPLATE["Outputs"]]))
    assert ("Ref", name) in used or f"${{{name}}}" in str(used)
    if parameter["Type"] == "Number":
        assert "MinValue" in parameter or "AllowedValues" in parameter


@pytest.mark.parametrize("name", DEPLOYS)
def test_a_deployment_sets_what_the_template_allows(name):
    for parameter, value in overrides(DEPLOYS[name]).items():
        allowed_ = PARAMETERS[parameter]
        if "AllowedValues" in allowed_:
            assert value in map(str, allowed_["AllowedValues"])
        if allowed_["Type"] == "Number":
            assert allowed_.get("MinValue", 0) <= int(value) <= allowed_.get("MaxValue", float("inf"))
        if "AllowedPattern" in allowed_:
            assert re.fullmatch(allowed_["AllowedPattern"], value)


def test_handlers_are_told_what_the_parameter_says_as_the_readme_writes_it():
    assert properties("Consumer")["Environment"]["Variables"]["LANDFALL_HANDLER_SETTINGS"] == {"Ref": "HandlerSettings"}
    assert json.loads(default("HandlerSettings")) == {}
    readme = (ROOT / "README.md").read_text()
    (shown,) = re.findall(r"^parameter_overrides = .*HandlerSettings.*$", readme, re.MULTILINE)
    told = overrides(tomlkit.parse(shown).unwrap())["HandlerSettings"]
    assert json.loads(told) == {"billing_url": "https://billing.example.com/v1"}
    assert re.fullmatch(PARAMETERS["HandlerSettings"]["AllowedPattern"], told)


def test_each_environment_has_its_deployment():
    environments = {name: overrides(deploy)["Environment"] for name, deploy in DEPLOYS.items()}
    assert environments == {"local": "local", "e2e": "local", "chaos": "local", "test": "test", "live": "live"}
    assert len({deploy["stack_name"] for deploy in DEPLOYS.values()}) == len(DEPLOYS)
    assert DEPLOYS["live"]["confirm_changeset"] is True


@pytest.mark.parametrize("name", ["test", "live"])
def test_what_is_built_for_aws_is_what_is_deployed_there(name):
    """`sam build --config-env` reads no other section than that environment's, and its architecture must be the deployment's."""
    build = SamConfig(ROOT).get_all(["build"], "parameters", env=name)
    assert build["parameter_overrides"] == DEPLOYS[name]["parameter_overrides"]
    of_default = SAMCONFIG["default"]["build"]["parameters"]
    assert {key: build[key] for key in of_default} == of_default
    # Nobody's but the caller's.
    assert "region" not in DEPLOYS[name]


def test_no_deployment_passes_over_what_was_built():
    assert not [name for name, deploy in DEPLOYS.items() if "template_file" in deploy or "template" in deploy]
    assert SAMCONFIG["default"]["build"]["parameters"]["template_file"] == "infra/template.yaml"


def test_outputs_are_those_that_the_command_line_and_the_tests_read():
    assert TEMPLATE["Outputs"].keys() == {
        "ApiUrl",
        "DomainTarget",
        "OriginDomain",
        "TableName",
        "IndexName",
        "TroubleIndexName",
        "QueueUrl",
        "QueueArn",
        "DlqUrl",
        "DlqArn",
        "BucketName",
        "EnrolmentTableName",
        "SecretArn",
        "DestinationSecretArn",
        "ProjectionTableName",
        "IngestFunctionName",
        "ConsumerFunctionName",
        "SweeperFunctionName",
        "ConsumerEventSourceId",
        "Environment",
        "Shards",
    }


# ---- The threat model ----


def test_every_control_of_the_threat_model_names_tests_that_are_there():
    page = (ROOT / "docs" / "threat-model.md").read_text()
    table = page.split("## What stands in the way")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    heading, *controls = rows
    assert heading == ["threat", "control", "test"] and len(controls) > 20
    for threat, control, tests in controls:
        files = re.findall(r"`([\w/.-]+)`", tests)
        assert files and control, threat
        assert not [file for file in files if not (ROOT / file).is_file()], threat
