"""A receiver as it is usually written with boto3: verify, write under a condition, send."""

import base64
import hashlib
import hmac
import json
import os
import time

import boto3
from botocore.exceptions import ClientError

TOLERANCE_SECONDS = 300

dynamodb = boto3.client("dynamodb")
sqs = boto3.client("sqs")
secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET_ID"])["SecretString"]
key = base64.b64decode(secret.removeprefix("whsec_"))


def answer(status, **body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}


def is_authentic(headers, body):
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    candidates = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), candidate.encode()) for candidate in candidates)


def lambda_handler(event, context):
    headers = event["headers"]
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    if not is_authentic(headers, body):
        return answer(400, error="refused")
    id, content = headers["webhook-id"], json.loads(body)
    now = int(time.time())
    try:
        dynamodb.put_item(
            TableName=os.environ["TABLE"],
            Item={
                "id": {"S": id},
                "type": {"S": content["type"]},
                "body": {"B": body},
                "received_at": {"N": str(now)},
                "expires_at": {"N": str(now + 30 * 86_400)},
            },
            ConditionExpression="attribute_not_exists(id)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return answer(200, outcome="duplicate")
        raise
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps({"id": id}))
    return answer(200, outcome="accepted")
