"""What is delivered: an invoice's event by Standard Webhooks, signed by their rule, as API Gateway hands it to a function.

The n-th event is the same in every run but for its time, so that what is counted is the same too.
"""

import base64
import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field, replace

SOURCE = "hooks"
BODY_BYTES = 2_048
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()

WORDS = "account amount billing card charge country credit currency customer delivery discount due invoice item line net".split()


@dataclass(frozen=True)
class Delivery:
    """One HTTP attempt."""

    id: str
    body: bytes
    headers: dict = field(default_factory=dict)
    source: str = SOURCE

    def event(self):
        """The HTTP API's event, in version 2.0 of its format."""
        path = f"/webhooks/{self.source}"
        return {
            "version": "2.0",
            "routeKey": "ANY /webhooks/{source}",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {
                "accept": "*/*",
                "accept-encoding": "gzip, deflate",
                "content-length": str(len(self.body)),
                "content-type": "application/json",
                "host": "hooks.example.com",
                "user-agent": "Webhooks/1.0",
                "x-amzn-trace-id": "Root=1-6565f8d4-0123456789abcdef01234567",
                "x-forwarded-for": "203.0.113.7",
                "x-forwarded-port": "443",
                "x-forwarded-proto": "https",
            }
            | self.headers,
            "pathParameters": {"source": self.source},
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "abcdefghij",
                "domainName": "hooks.example.com",
                "domainPrefix": "hooks",
                "http": {
                    "method": "POST",
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "203.0.113.7",
                    "userAgent": "Webhooks/1.0",
                },
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": "ANY /webhooks/{source}",
                "stage": "$default",
                "time": "30/Nov/2026:00:00:00 +0000",
                "timeEpoch": 1_796_083_200_000,
            },
            "body": self.body.decode(),
            "isBase64Encoded": False,
        }

    def line(self):
        return json.dumps(self.event()).encode()


def body(number, size=BODY_BYTES):
    """An invoice's event of this size: fields and words up to 8 KB, and beyond that an attachment, which nothing makes
    smaller."""
    chance = random.Random(number)
    content = {
        "id": f"evt_{number:08d}",
        "type": "invoice.paid",
        "created": 1_796_083_200,
        "data": {"id": f"in_{number:08d}"},
    }
    lines = []
    while len(json.dumps(content | {"lines": lines, "note": ""})) < min(size, 8_192) - 300:
        lines.append(
            {
                "id": f"il_{chance.randrange(16**12):012x}",
                "amount": chance.randrange(100_000),
                "description": " ".join(chance.choices(WORDS, k=6)),
            }
        )
    content |= {"lines": lines, "note": ""}
    missing = size - len(json.dumps(content))
    if missing > 8_192:
        content["note"] = base64.b64encode(chance.randbytes(missing * 3 // 4 - 3)).decode()
        missing -= len(content["note"])
        content["note"] += "x" * missing
    elif missing > 0:
        content["note"] = (" ".join(chance.choices(WORDS, k=missing // 4 + 1)))[:missing].ljust(missing, ".")
    return json.dumps(content).encode()


def sign(id, at, signed, key=KEY):
    digest = hmac.new(key, f"{id}.{at}.".encode() + signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def delivery(number, size=BODY_BYTES, signatures=1, source=SOURCE):
    """The n-th event, signed now; where several signatures are asked for, the last one fits."""
    id, at, content = f"msg_{number:08d}", int(time.time()), body(number, size)
    others = [sign(id, at, content, bytes([other] * 32)) for other in range(1, signatures)]
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join([*others, sign(id, at, content)]),
    }
    return Delivery(id, content, headers, source)


def forged(number):
    """Signed by somebody who doesn't have the key."""
    sound = delivery(number)
    signature = sign(sound.id, sound.headers["webhook-timestamp"], sound.body, b"another's")
    return replace(sound, headers=sound.headers | {"webhook-signature": signature})


def corrupted(number):
    """Changed on its way."""
    sound = delivery(number)
    return replace(sound, body=sound.body.replace(b"invoice.paid", b"invoice.void"))


def unknown(number):
    """To a source that there isn't."""
    return replace(delivery(number), source="nowhere")


def malformed(number):
    """With a signature of no known form."""
    sound = delivery(number)
    return replace(sound, headers=sound.headers | {"webhook-signature": "v1,%%%"})


def lines(deliveries):
    return b"\n".join(delivery.line() for delivery in deliveries)


def batches(records, size=10):
    """Messages in batches, as the event source hands them over."""
    cut = (records[at : at + size] for at in range(0, len(records), size))
    return [json.dumps({"Records": batch}).encode() for batch in cut]
