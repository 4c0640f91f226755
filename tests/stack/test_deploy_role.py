"""infra/deploy-role.yaml: enough for every resource of the template, as AWS's own schemas of the types say what their handlers
call, and nothing that reads what a stack holds."""

import json
import re

import pytest
from deployment import expanded
from harness import ROOT
from samcli.yamlhelper import yaml_parse
from test_template import as_list

RESOURCES = yaml_parse((ROOT / "infra" / "deploy-role.yaml").read_text())["Resources"]
POLICIES = {
    name: resource["Properties"]["PolicyDocument"]["Statement"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::IAM::ManagedPolicy"
}
OF_CLOUDFORMATION = [*POLICIES["StackPolicy"], *POLICIES["FurtherStackPolicy"]]

# To make, change and take away one of the type, from its schema's `handlers`:
# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
NEEDED = {
    "AWS::ApiGatewayV2::Api": "apigateway:POST apigateway:PATCH apigateway:GET apigateway:DELETE",
    "AWS::ApiGatewayV2::ApiMapping": "apigateway:POST apigateway:PATCH apigateway:DELETE",
    "AWS::ApiGatewayV2::DomainName": "apigateway:POST apigateway:PATCH apigateway:DELETE",
    "AWS::ApiGatewayV2::Integration": "apigateway:POST apigateway:PATCH apigateway:DELETE",
    "AWS::ApiGatewayV2::Route": "apigateway:POST apigateway:PATCH apigateway:DELETE",
    "AWS::ApiGatewayV2::Stage": "apigateway:POST apigateway:PATCH apigateway:DELETE logs:CreateLogDelivery logs:UpdateLogDelivery",
    "AWS::Budgets::Budget": "budgets:ModifyBudget budgets:ViewBudget",
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:DeleteAlarms",
    "AWS::CloudWatch::Dashboard": "cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:DeleteDashboards",
    "AWS::CodeDeploy::Application": "codedeploy:CreateApplication codedeploy:DeleteApplication",
    "AWS::CodeDeploy::DeploymentGroup": "codedeploy:CreateDeploymentGroup codedeploy:UpdateDeploymentGroup "
    "codedeploy:DeleteDeploymentGroup codedeploy:CreateDeployment codedeploy:GetDeployment codedeploy:GetDeploymentConfig "
    "codedeploy:RegisterApplicationRevision",
    "AWS::DynamoDB::Table": "dynamodb:CreateTable dynamodb:DescribeTable dynamodb:UpdateTable dynamodb:DeleteTable "
    "dynamodb:UpdateTimeToLive dynamodb:UpdateContinuousBackups",
    "AWS::IAM::Role": "iam:CreateRole iam:GetRole iam:DeleteRole iam:PutRolePolicy iam:DeleteRolePolicy iam:AttachRolePolicy "
    "iam:DetachRolePolicy iam:UpdateAssumeRolePolicy iam:PutRolePermissionsBoundary iam:PassRole",
    "AWS::Lambda::Alias": "lambda:CreateAlias lambda:GetAlias lambda:UpdateAlias lambda:DeleteAlias",
    "AWS::Lambda::EventInvokeConfig": "lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig "
    "lambda:DeleteFunctionEventInvokeConfig",
    "AWS::Lambda::EventSourceMapping": "lambda:CreateEventSourceMapping lambda:GetEventSourceMapping "
    "lambda:UpdateEventSourceMapping lambda:DeleteEventSourceMapping",
    "AWS::Lambda::Function": "lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionCode "
    "lambda:UpdateFunctionConfiguration lambda:DeleteFunction lambda:PutFunctionConcurrency s3:GetObject",
    "AWS::Lambda::Permission": "lambda:AddPermission lambda:GetPolicy lambda:RemovePermission",
    "AWS::Lambda::Url": "lambda:CreateFunctionUrlConfig lambda:UpdateFunctionUrlConfig lambda:DeleteFunctionUrlConfig",
    "AWS::Lambda::Version": "lambda:PublishVersion lambda:ListVersionsByFunction",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup logs:DescribeLogGroups logs:PutRetentionPolicy logs:DeleteLogGroup "
    "logs:AssociateKmsKey logs:DisassociateKmsKey",
    "AWS::Logs::QueryDefinition": "logs:PutQueryDefinition logs:DescribeQueryDefinitions logs:DeleteQueryDefinition",
    "AWS::Route53::RecordSet": "route53:ChangeResourceRecordSets route53:GetChange route53:GetHostedZone",
    "AWS::S3::Bucket": "s3:CreateBucket s3:DeleteBucket s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration "
    "s3:PutBucketPublicAccessBlock s3:PutBucketOwnershipControls s3:PutBucketVersioning",
    "AWS::S3::BucketPolicy": "s3:PutBucketPolicy s3:GetBucketPolicy s3:DeleteBucketPolicy",
    "AWS::SQS::Queue": "sqs:CreateQueue sqs:GetQueueAttributes sqs:SetQueueAttributes sqs:DeleteQueue",
    "AWS::SQS::QueuePolicy": "sqs:SetQueueAttributes",
    "AWS::Scheduler::Schedule": "scheduler:CreateSchedule scheduler:GetSchedule scheduler:UpdateSchedule scheduler:DeleteSchedule",
    "AWS::SecretsManager::Secret": "secretsmanager:CreateSecret secretsmanager:DescribeSecret secretsmanager:UpdateSecret "
    "secretsmanager:DeleteSecret",
}

# What reads or changes what a stack holds, or runs it.
OF_ITS_DATA = re.compile(
    r"secretsmanager:(Get|Put|Batch)\w*Value|dynamodb:(\w*Item\w*|Query|Scan|PartiQL\w*|Export\w*)|sqs:\w*Message\w*|"
    r"lambda:Invoke\w*|logs:(Get|Filter)LogEvents|logs:StartQuery"
)


def actions(statements):
    return {action for statement in statements for action in as_list(statement["Action"])}


@pytest.mark.parametrize("type_", sorted({r["Type"] for r in expanded(GradualDeployment="true").values()}))
def test_every_type_of_the_template_can_be_deployed(type_):
    assert type_ in NEEDED, "a new type: what it needs belongs here and into infra/deploy-role.yaml"
    assert set(NEEDED[type_].split()) <= actions(OF_CLOUDFORMATION)


def test_nothing_that_a_stack_holds_can_be_read_or_run():
    everything = actions([statement for policy in POLICIES.values() for statement in policy])
    assert not [action for action in everything if OF_ITS_DATA.fullmatch(action)]
    assert not [action for action in everything if "*" in action]
    # Packages, and no stack's bucket.
    for policy in POLICIES.values():
        for statement in policy:
            if "s3:GetObject" in as_list(statement["Action"]):
                (resource,) = as_list(statement["Resource"])
                assert ":::aws-sam-cli-managed-default-" in resource["Fn::Sub"]


@pytest.mark.parametrize("statement", OF_CLOUDFORMATION, ids=lambda statement: statement["Sid"])
def test_what_has_a_name_is_bounded_by_the_prefix(statement):
    by_id = {
        "EventSources",
        "EventSourcesAreSeen",
        "Packages",
        "DeploymentConfigurations",
        "AccessLogs",
        "Api",
        "Domain",
    }
    by_id |= {"ApiGatewaysOwnRole", "DomainIsWaitedFor", "Queries", "Budget", "Network"}
    if statement["Sid"] in by_id:
        return
    for resource in as_list(statement["Resource"]):
        named = ("${Prefix}*", ":secret:SourceSecrets-*", ":secret:DestinationSecrets-*")
        assert resource["Fn::Sub"].endswith(named)


def test_rights_are_given_to_bounded_roles_alone_where_there_is_a_boundary():
    gives = {"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"}
    (statement,) = [statement for statement in OF_CLOUDFORMATION if gives & set(as_list(statement["Action"]))]
    assert set(statement["Action"]) == gives
    bounded = {"StringEquals": {"iam:PermissionsBoundary": {"Ref": "PermissionsBoundaryArn"}}}
    assert statement["Condition"] == {"Fn::If": ["IsBounded", bounded, {"Ref": "AWS::NoValue"}]}
    assert "iam:DeleteRolePermissionsBoundary" not in actions(OF_CLOUDFORMATION)


def test_whoever_deploys_makes_nothing_of_a_stack_but_through_cloudformation():
    (handed,) = [s for s in POLICIES["DeployerPolicy"] if s["Action"] == "iam:PassRole"]
    assert handed["Resource"] == {"Fn::GetAtt": ["CloudFormationRole", "Arn"]}
    services = {action.split(":")[0] for action in actions(POLICIES["DeployerPolicy"])}
    assert services == {"cloudformation", "iam", "s3", "dynamodb"}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_has_room_for_longer_names(policy):
    """6,144 characters, white space left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    text = json.dumps(POLICIES[policy], separators=(",", ":"))
    longest = {"AWS::Partition": 10, "AWS::Region": 14, "AWS::AccountId": 12, "Prefix": 31}
    for name, length in longest.items():
        text = text.replace(f"${{{name}}}", "x" * length)
    assert len(text) < 6_000
