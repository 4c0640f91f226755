"""Sends single events by the adapters of destinations, as the consumer does."""

import hashlib
import json
import subprocess
import uuid

from botocore.exceptions import ClientError
from harness import ROOT

BODY = json.dumps({"id": "in_1", "amount": 12})


def send(rights, destination, **event):
    """Sends an event with these rights, and returns what came of it and the event's idempotency key."""
    key = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
    asked = {
        "configuration": f"[destinations.billing]\n{destination}\n",
        "destination": "billing",
        "source": "stripe",
        "event_id": f"evt_{key[:8]}",
        "event_type": "invoice.paid",
        "received_at": 1_800_000_000_123,
        "route": "paid-invoices",
        "idempotency_key": key,
        "body": BODY,
        "content_type": "application/json",
    }
    ran = subprocess.run(
        [ROOT / ".tools/bin/deliver_event"],
        input=json.dumps(asked | event),
        env=rights,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), (asked | event)["idempotency_key"]


class Sender:
    """Has the rights of the consumer's deployed role."""

    def __init__(self, bench):
        self.bench = bench
        self.rights = bench.credentials_of_role("Consumer")
        services = [f"{name}.amazonaws.com" for name in ("lambda", "states", "firehose")]
        trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
        there(
            self.client("iam").create_role,
            RoleName="orders",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )

    def client(self, service):
        return self.bench.client(service)

    def send(self, destination, **event):
        """Sends an event as the consumer would, and returns what came of it and the event's idempotency key."""
        rights = {
            "AWS_ENDPOINT_URL": self.bench.note["endpoint"],
            "AWS_REGION": self.bench.note["region"],
            "AWS_ACCESS_KEY_ID": self.rights["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.rights["SecretAccessKey"],
            "AWS_SESSION_TOKEN": self.rights["SessionToken"],
        }
        return send(rights, destination, secret=self.bench.outputs["DestinationSecretArn"], **event)

    def taken(self, destination, **event):
        told, key = self.send(destination, **event)
        assert told == {"outcome": "taken"}
        return key


def there(make, **arguments):
    """Makes something unless it is there."""
    try:
        return make(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        assert "Exist" in code or "InUse" in code or "Conflict" in code or "Owned" in code, code
        return None
