"""A receiver with Powertools for AWS Lambda: its parser reads the event, and its idempotency utility keeps a delivery from
being worked on twice."""

import base64
import hashlib
import hmac
import json
import os
import time

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.parser import BaseModel, event_parser
from aws_lambda_powertools.utilities.parser.models import APIGatewayProxyEventV2Model

TOLERANCE_SECONDS = 300

logger = Logger(service="webhooks")
sqs = boto3.client("sqs")
secret = parameters.get_secret(os.environ["SECRET_ID"], max_age=300)
key = base64.b64decode(secret.removeprefix("whsec_"))
persistence = DynamoDBPersistenceLayer(table_name=os.environ["TABLE"])
config = IdempotencyConfig(event_key_jmespath="id", expires_after_seconds=30 * 86_400)


class Invoice(BaseModel):
    id: str
    type: str
    data: dict


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


@idempotent_function(data_keyword_argument="delivery", config=config, persistence_store=persistence)
def work_on(delivery):
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(delivery))
    return {"outcome": "accepted"}


@event_parser(model=APIGatewayProxyEventV2Model)
def lambda_handler(event, context):
    body = (event.body or "").encode()
    if not is_authentic(event.headers, body):
        return answer(400, error="refused")
    config.register_lambda_context(context)
    invoice = Invoice.model_validate_json(body)
    outcome = work_on(delivery={"id": event.headers["webhook-id"], "type": invoice.type, "body": event.body})
    logger.info("delivery", extra={"event_id": event.headers["webhook-id"]})
    return answer(200, **outcome)
