"""What providers send, made without a line of Landfall's own code.

Each provider's scheme is written down here once more, from the provider's page and with the official library where one
exists, so that Landfall and its tests can't share a mistake.
"""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from standardwebhooks import Webhook


@dataclass(frozen=True)
class Delivery:
    """One HTTP attempt."""

    source: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    # What Landfall must call the event.
    event_id: str | None = None

    def with_headers(self, **headers):
        """The same delivery, with other headers; those that are None are left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        changed = {name: value for name, value in (self.headers | named).items() if value is not None}
        return replace(self, headers=changed)

    def with_body(self, body):
        """The same headers over another body, which they don't fit."""
        return replace(self, body=body)


@dataclass(frozen=True)
class Provider:
    """How one provider sends."""

    # The signature's header.
    signature: str
    # (secret, body, id, time) -> headers
    sign: Callable[[str, bytes, str, int], dict[str, str]]
    # (id, type, fields) -> content
    content: Callable[[str, str, dict], dict]
    # What becomes of the id.
    event_id: Callable[[str, str], str] = lambda id, type: id
    default_type: str = ""
    # The header of the time, where the scheme has one.
    timestamp: str | None = None


def hmac_sha256(secret, message):
    return hmac.new(secret.encode(), message, hashlib.sha256)


def financbase(secret, body, _id, _time):
    return {"X-Webhook-Signature": "sha256=" + hmac_sha256(secret, body).hexdigest()}


def formify(secret, body, _id, time):
    signed = f"{time}.".encode() + body
    return {"X-Formify-Timestamp": str(time), "X-Formify-Signature": hmac_sha256(secret, signed).hexdigest()}


def orum(private_key, body, _id, _time):
    """RSA over the body and the text of its own `created_at`."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    signed = body + json.loads(body)["created_at"].encode()
    return {"Signature": base64.b64encode(key.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()}


def standard_webhooks(prefix):
    def sign(secret, body, id, time):
        moment = datetime.fromtimestamp(time, timezone.utc)
        signature = Webhook(secret).sign(msg_id=id, timestamp=moment, data=body.decode())
        return {f"{prefix}-id": id, f"{prefix}-timestamp": str(time), f"{prefix}-signature": signature}

    return sign


def self_(secret, body, _id, time):
    """Svix' names. The message id isn't the event's: that stands in the body."""
    return standard_webhooks("svix")(secret, body, f"msg_{uuid.uuid4().hex}", time)


def drill(secret, body, _id, _time):
    return {"X-Drill-Signature": "sha256=" + hmac_sha256(secret, body).hexdigest()}


def asks(secret, body, _id, _time):
    return {"X-Test-Signature": hmac_sha256(secret, body).hexdigest()}


def asana(secret, body, _id, _time):
    return {"X-Hook-Signature": hmac_sha256(secret, body).hexdigest()}


def github(secret, body, id, _time):
    return {
        "X-GitHub-Delivery": id,
        "X-GitHub-Event": "ping",
        "X-Hub-Signature-256": "sha256=" + hmac_sha256(secret, body).hexdigest(),
    }


def slack(secret, body, _id, time):
    signed = f"v0:{time}:".encode() + body
    signature = "v0=" + hmac_sha256(secret, signed).hexdigest()
    return {"X-Slack-Request-Timestamp": str(time), "X-Slack-Signature": signature}


def stripe(secret, body, _id, time):
    signed = f"{time}.".encode() + body
    return {"Stripe-Signature": f"t={time},v1={hmac_sha256(secret, signed).hexdigest()}"}


def now_iso():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


PROVIDERS = {
    "financbase": Provider(
        signature="X-Webhook-Signature",
        sign=financbase,
        content=lambda id, type, fields: {
            "id": id,
            "type": type,
            "created": int(time.time()),
            "data": {"id": "inv_1"},
            **fields,
        },
        default_type="invoice.paid",
    ),
    "formify": Provider(
        signature="X-Formify-Signature",
        timestamp="X-Formify-Timestamp",
        sign=formify,
        content=lambda id, type, fields: {"eventId": id, "type": type, "documentId": "doc_1", **fields},
        default_type="document.signed",
    ),
    "orum": Provider(
        signature="Signature",
        sign=orum,
        content=lambda id, type, fields: {
            "event_id": id,
            "event_type": type,
            "created_at": now_iso(),
            "event_data": {"transfer": {"id": "tr_1", "status": "settled"}},
            **fields,
        },
        default_type="transfer_updated",
    ),
    "self": Provider(
        signature="svix-signature",
        timestamp="svix-timestamp",
        sign=self_,
        content=lambda id, type, fields: {
            "verification_id": id,
            "type": type,
            "status": "valid",
            "environment": "test",
            **fields,
        },
        event_id=lambda id, type: f"{id}-{type}",
        default_type="verification.completed",
    ),
    "frontitude": Provider(
        signature="webhook-signature",
        timestamp="webhook-timestamp",
        sign=standard_webhooks("webhook"),
        content=lambda id, type, fields: {"type": type, **fields},
        default_type="copy.updated",
    ),
    "drill": Provider(
        signature="X-Drill-Signature",
        sign=drill,
        content=lambda id, type, fields: {"id": id, "type": type, **fields},
        default_type="drill.ok",
    ),
    "github": Provider(
        signature="X-Hub-Signature-256",
        sign=github,
        content=lambda id, type, fields: {"zen": "Keep it logically awesome.", **fields},
        default_type="ping",
    ),
    "asks": Provider(
        signature="X-Test-Signature",
        sign=asks,
        content=lambda id, type, fields: {"MessageId": id, "Type": type, **fields},
        default_type="Notification",
    ),
    "asana": Provider(
        signature="X-Hook-Signature",
        sign=asana,
        content=lambda id, type, fields: {"events": [], **fields},
    ),
    "slack": Provider(
        signature="X-Slack-Signature",
        timestamp="X-Slack-Request-Timestamp",
        sign=slack,
        content=lambda id, type, fields: {"type": "event_callback", "event_id": id, "event": {"type": type}, **fields},
        default_type="app_mention",
    ),
    "stripe": Provider(
        signature="Stripe-Signature",
        sign=stripe,
        content=lambda id, type, fields: {"id": id, "type": type, **fields},
        default_type="invoice.paid",
    ),
}


def new_id():
    return f"evt_{uuid.uuid4().hex}"


def signed(source, secret, *, provider=None, id=None, type=None, at=None, body=None, **fields):
    """A delivery as the provider of this source would send it; `body` takes the place of a sample, and what Landfall is
    to call its event is then known only where an id is given too."""
    sender = PROVIDERS[provider or source]
    type = type or sender.default_type
    known = id is not None or body is None
    id = new_id() if id is None else id
    if body is None:
        body = json.dumps(sender.content(id, type, fields)).encode()
    headers = sender.sign(secret, body, id, int(time.time()) if at is None else int(at))
    headers["Content-Type"] = "application/json"
    return Delivery(source, body, headers, sender.event_id(id, type) if known else None)
