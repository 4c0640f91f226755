"""Services that are posted to: events sent to a listener on this machine, with the rights of the consumer's deployed role."""

import base64
import hmac
import http.server
import json
import time
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError
from harness import serving
from sending import BODY
from test_roles import client_with_role_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@contextmanager
def listener(*answers):
    """A service on this machine that answers so, and keeps what it was sent."""
    script, asked = list(answers), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, wait = script.pop(0)
            time.sleep(wait)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with serving(0, Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}", asked


@pytest.fixture
def secret(sender):
    secrets, stack = sender.client("secretsmanager"), sender.bench.outputs["DestinationSecretArn"]
    # Other tests' destinations have theirs in it too.
    before = json.loads(secrets.get_secret_value(SecretId=stack)["SecretString"])

    def put(entry):
        secrets.put_secret_value(SecretId=stack, SecretString=json.dumps(before | entry))

    put({"billing": [{"value": SECRET, "label": "new"}, {"value": "Bearer t", "use": "token"}]})
    yield put
    put({})


def test_a_service_gets_a_webhook_that_its_secret_explains(sender, secret):
    with listener((204, {}, 0)) as (url, asked):
        key = sender.taken(
            f'http = "{url}/hooks?a=1"\nheaders = {{ X-Team = "billing", Authorization = {{ secret = "token" }} }}'
        )
    ((path, headers, body),) = asked
    assert (path, body.decode()) == ("/hooks?a=1", BODY)
    assert (headers["x-team"], headers["authorization"]) == ("billing", "Bearer t")
    assert headers["webhook-id"] == key
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    signed = f"{key}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (503, {"retry-after": "7"}, {"outcome": "transient", "error": "the address answered 503", "retry_after": 7000}),
        (401, {}, {"outcome": "permanent", "error": "the address answered 401"}),
        (410, {}, {"outcome": "permanent", "error": "the address answered 410: it is gone for good"}),
        (
            308,
            {"location": "/elsewhere"},
            {"outcome": "permanent", "error": "the address answered 308, and no redirect is followed"},
        ),
    ],
)
def test_a_service_that_refuses_is_asked_once(sender, secret, status, headers, told):
    with listener((status, headers, 0)) as (url, asked):
        assert sender.send(f'http = "{url}/hooks"')[0] == told
    assert len(asked) == 1


def test_a_service_that_is_slow_or_away_may_take_it_later(sender, secret):
    with listener((200, {}, 3)) as (url, _):
        told, _ = sender.send(f'http = "{url}/hooks"', limit_ms=1000)
    assert told == {"outcome": "transient", "error": "there was no answer in time", "retry_after": None}
    told, _ = sender.send(f'http = "{url}/hooks"')
    assert told["outcome"] == "transient" and told["error"].startswith("no answer from the address"), told


def test_a_service_without_a_secret_gets_nothing(sender, secret):
    secret({})
    with listener((200, {}, 0)) as (url, asked):
        told, _ = sender.send(f'http = "{url}/hooks"')
    assert told["outcome"] == "transient" and "it holds nothing under this name" in told["error"], told
    assert not asked


def test_the_consumer_reads_no_secret_of_a_source_and_ingest_none_of_a_destination(sender):
    for function, secret in (("Consumer", "SecretArn"), ("Ingest", "DestinationSecretArn")):
        client = client_with_role_of(sender.bench, function, "secretsmanager")
        with pytest.raises(ClientError) as refused:
            client.get_secret_value(SecretId=sender.bench.outputs[secret])
        assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
