"""What the deployed roles forbid. The other tests show what they allow: every function runs with its role's rights."""

import boto3
import pytest
from botocore.exceptions import ClientError

KEY = {"pk": {"S": "x"}}
CALLS = {
    "delete from the ledger": ("dynamodb", "delete_item", {"TableName": "TableName", "Key": KEY | {"sk": {"S": "x"}}}),
    "scan the ledger": ("dynamodb", "scan", {"TableName": "TableName"}),
    "read a secret": ("secretsmanager", "get_secret_value", {"SecretId": "SecretArn"}),
    "send a ticket": ("sqs", "send_message", {"QueueUrl": "QueueUrl", "MessageBody": "x"}),
    "send to the DLQ": ("sqs", "send_message", {"QueueUrl": "DlqUrl", "MessageBody": "x"}),
    "take from the DLQ": ("sqs", "receive_message", {"QueueUrl": "DlqUrl"}),
    "write a body": ("s3", "put_object", {"Bucket": "BucketName", "Key": "bodies/x", "Body": b""}),
    "write elsewhere in the bucket": ("s3", "put_object", {"Bucket": "BucketName", "Key": "x", "Body": b""}),
    "keep what was refused": ("s3", "put_object", {"Bucket": "BucketName", "Key": "quarantine/x/1", "Body": b""}),
    "read what was kept": ("s3", "get_object", {"Bucket": "BucketName", "Key": "quarantine/x"}),
    "read a body": ("s3", "get_object", {"Bucket": "BucketName", "Key": "bodies/x"}),
    "open enrolment": ("dynamodb", "put_item", {"TableName": "EnrolmentTableName", "Item": KEY}),
    "read what waits there": ("dynamodb", "get_item", {"TableName": "EnrolmentTableName", "Key": KEY}),
    "list what waits there": ("dynamodb", "scan", {"TableName": "EnrolmentTableName"}),
    "end an enrolment": ("dynamodb", "delete_item", {"TableName": "EnrolmentTableName", "Key": KEY}),
    "keep what is handed over": (
        "dynamodb",
        "update_item",
        {
            "TableName": "EnrolmentTableName",
            "Key": KEY,
            "UpdateExpression": "SET pending = :x",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":x": {"S": "x"}},
        },
    ),
    "write a secret": ("secretsmanager", "put_secret_value", {"SecretId": "SecretArn", "SecretString": "{}"}),
    "make another secret count": (
        "secretsmanager",
        "update_secret_version_stage",
        {"SecretId": "SecretArn", "VersionStage": "AWSCURRENT", "MoveToVersionId": "0" * 32},
    ),
    "write to the handlers' table": ("dynamodb", "put_item", {"TableName": "ProjectionTableName", "Item": KEY}),
}
FORBIDDEN = {
    "Ingest": CALLS.keys()
    - {"read a secret", "send a ticket", "write a body", "keep what is handed over", "keep what was refused"},
    "Consumer": CALLS.keys()
    - {"send a ticket", "send to the DLQ", "read a body", "write a body", "write to the handlers' table"},
    "Sweeper": CALLS.keys() - {"send a ticket"},
}


@pytest.mark.parametrize(
    ("function", "call"), [(function, call) for function in FORBIDDEN for call in sorted(FORBIDDEN[function])]
)
def test_a_function_may_not(session_bench, function, call):
    stack = session_bench
    service, method, arguments = CALLS[call]
    # Texts that are the name of an output stand for it.
    arguments = {
        name: stack.outputs.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()
    }
    with pytest.raises(ClientError) as refused:
        getattr(client_with_role_of(stack, function, service), method)(**arguments)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def client_with_role_of(stack, function, service):
    session = stack.credentials_of_role(function)
    return boto3.client(
        service,
        endpoint_url=stack.note["endpoint"],
        region_name=stack.note["region"],
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
