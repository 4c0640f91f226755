"""docs/teardown.md: its commands, run one after the other on stacks that hold what the template's do; and the ledger restored by
those of docs/deploying.md."""

import json
import os
import re
import time

import pytest
from botocore.exceptions import ClientError
from harness import ROOT, wait_for
from held import Held, body, commands
from test_deployment import HOLDERS

PAGE = "teardown.md"


@pytest.fixture
def teardown(bench):
    return lambda environment: Held(bench, f"gone-{environment}-{os.urandom(4).hex()}", environment)


def test_a_stack_of_test_goes_without_a_trace(teardown):
    stack = teardown("test")
    stack.made()
    assert len(stack.left()) == len(HOLDERS | {"EnrolmentTable"})
    for line in commands(PAGE, "A stack of `test`"):
        stack.run(line)
    assert stack.left() == set()


def test_a_protected_live_stack_is_deleted_by_the_pages_steps_alone_and_leaves_what_it_held(teardown):
    stack = teardown("live")
    stack.made()
    stack.run("landfall --stack landfall-live protect")
    again = json.loads(stack.run("landfall --stack landfall-live protect --json"))
    assert again["protected"] is True
    policy = json.loads(stack.cloudformation.get_stack_policy(StackName=stack.stack)["StackPolicyBody"])
    assert policy == json.loads((ROOT / "infra" / "stack-policy.json").read_text())
    off, *rest = commands(PAGE, "A stack of `live`")
    with pytest.raises(ClientError, match="TerminationProtection"):
        stack.run(rest[0])
    with pytest.raises(ClientError, match="deletion protection"):
        stack.run("aws dynamodb delete-table --table-name LEDGER")

    held = stack.left()
    for line in (off, *rest[:2]):
        stack.run(line)
    assert len(held - stack.left()) == 1, "the table of secrets that wait, and nothing else"
    for line in rest[2:]:
        stack.run(line)
    assert stack.left() == set()


def test_a_first_deployment_of_live_that_fails_leaves_nothing_behind(teardown):
    stack = teardown("live")
    of_no_function = {"TargetFunctionArn": "no-such-function", "AuthType": "NONE"}
    fails = {"Type": "AWS::Lambda::Url", "Properties": of_no_function}
    fails["DependsOn"] = sorted(HOLDERS)
    stack.create(body(Fails=fails), OnFailure="DELETE")
    wait_for(lambda: stack.status() == "DELETE_COMPLETE", "the stack to be taken back")
    assert stack.left() == set()


def test_the_stacks_policy_names_what_holds_anything():
    policy = json.loads((ROOT / "infra" / "stack-policy.json").read_text())
    (denial,) = [statement for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert set(denial["Action"]) == {"Update:Replace", "Update:Delete"}
    logs = {name for name in HOLDERS if name.endswith("Logs")}
    assert set(denial["Resource"]) == {f"LogicalResourceId/{name}" for name in HOLDERS - logs}


def test_the_ledger_is_restored_under_its_name(teardown):
    """As far as the stand-in's copies of tables go: not to a second, and with all that the original had switched on."""
    stack = teardown("live")
    stack.made()
    stack.run("landfall --stack landfall-live protect")
    client, ledger = stack.bench.client("dynamodb"), {"TableName": stack.outputs["TableName"]}
    event = {"pk": {"S": "stripe#evt_1"}, "sk": {"S": "event"}}
    client.put_item(**ledger, Item=event)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    backup = None
    for line in commands("deploying.md", "Restoring the ledger"):
        line = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", now, line).replace("landfall-restored", f"{stack.stack}-restored")
        said = stack.run(line.replace("BACKUP_ARN", backup or "BACKUP_ARN"))
        if "create-backup" in line:
            backup = json.loads(said)["BackupDetails"]["BackupArn"]
            # What came since.
            client.put_item(**ledger, Item=event | {"pk": {"S": "stripe#evt_2"}})
    kept = client.scan(**ledger)["Items"]
    assert [item["pk"]["S"] for item in kept] == ["stripe#evt_1"]
    table = client.describe_table(**ledger)["Table"]
    assert table["DeletionProtectionEnabled"] is True
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"by_time", "by_trouble"}
    expiry = client.describe_time_to_live(**ledger)["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")
    recovery = client.describe_continuous_backups(**ledger)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
