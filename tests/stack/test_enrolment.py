"""What providers want before their first event: that their secret is taken, and that they may send."""

import hashlib
import json
import uuid

import pytest
from bench import attributes
from harness import wait_for
from signing import Delivery, signed

# A mismatch makes ingest read the secrets again at most once a minute.
TWO_MINUTES = 120


@pytest.fixture(autouse=True)
def closed(bench):
    """Nothing is left open, nor waiting."""
    yield
    for source in ("test-asana", "test-notion"):
        enrol(bench, "close", source)


def enrol(bench, *arguments, check=True):
    """What `landfall enrol` prints."""
    return json.loads(bench.landfall("enrol", *arguments, "--json", check=check).stdout or "{}")


def hook(secret):
    """Asana's first request."""
    return Delivery("test-asana", b"{}", {"X-Hook-Secret": secret, "Content-Type": "application/json"})


def token(secret):
    """Notion's."""
    body = json.dumps({"verification_token": secret}).encode()
    return Delivery("test-notion", body, {"Content-Type": "application/json"})


def new_secret(prefix=""):
    return prefix + uuid.uuid4().hex


def fingerprint(secret):
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


def is_untaken(answer, secret):
    """Whether it was neither taken nor echoed. A source that has no secret answers 503."""
    shown = json.dumps(answer.headers).encode() + answer.body
    return answer.status in (400, 503) and secret.encode() not in shown


def test_a_secret_that_is_handed_over_counts_once_it_is_confirmed(bench):
    secret, others = new_secret(), bench.secrets()
    opened = enrol(bench, "open", "test-asana")
    assert opened["url"].endswith("/webhooks/test-asana")
    assert enrol(bench, "show", "test-asana", check=False)["state"] == "open"

    for _ in range(2):
        answer = bench.post(hook(secret))
        assert (answer.status, answer.headers["x-hook-secret"], answer.body) == (200, secret, b"")
    another = new_secret()
    assert is_untaken(bench.post(hook(another)), another)

    # It waits, and counts for nothing.
    shown = enrol(bench, "show", "test-asana")
    assert (shown["state"], shown["fingerprint"]) == ("pending", fingerprint(secret))
    assert shown["source_ip"] and "secret" not in shown
    assert bench.secrets() == others
    assert bench.post(signed("test-asana", secret, provider="asana")).status != 200
    assert bench.landfall("enrol", "open", "test-asana", check=False).returncode == 1
    wrong = bench.landfall("enrol", "confirm", "test-asana", "--fingerprint", "00000000", check=False)
    assert wrong.returncode == 1 and secret not in wrong.stderr
    assert bench.secrets() == others

    confirmed = enrol(bench, "confirm", "test-asana", "--fingerprint", fingerprint(secret))

    assert confirmed["label"].endswith(fingerprint(secret))
    found = bench.secrets()
    assert found.pop("test-asana")[0] == {"value": secret, "label": confirmed["label"]}
    others.pop("test-asana", None)
    assert found == others
    assert enrol(bench, "show", "test-asana", check=False)["state"] == "closed"
    delivery = signed("test-asana", secret, provider="asana", at=0, salt=uuid.uuid4().hex)
    wait_for(lambda: bench.post(delivery).status == 200, "the secret to count", TWO_MINUTES)
    assert not [line for line in bench.log("ingest") if secret in line or another in line]


def test_a_token_is_revealed_to_the_operator_and_forgotten_when_that_is_asked(bench):
    secret = new_secret("secret_")
    enrol(bench, "open", "test-notion")

    answer = bench.post(token(secret))

    assert (answer.status, answer.body) == (200, b"")
    assert enrol(bench, "show", "test-notion", "--reveal")["secret"] == secret
    assert "secret" not in enrol(bench, "show", "test-notion")
    assert enrol(bench, "close", "test-notion")["closed"]
    assert bench.landfall("enrol", "show", "test-notion", check=False).returncode == 1
    assert is_untaken(bench.post(token(secret)), secret)
    assert "test-notion" not in bench.secrets()
    assert not [line for line in bench.log("ingest") if secret in line]


@pytest.mark.parametrize("first", [hook, token])
def test_unless_enrolment_is_open_nothing_is_taken(bench, first):
    secret = new_secret("secret_")

    assert is_untaken(bench.post(first(secret)), secret)

    line = bench.line("ingest", enrolment="not open, or another secret waits")
    assert line["status"] in (400, 503)
    assert not [line for line in bench.log("ingest") if secret in line]


def test_while_it_can_not_be_kept_nothing_is_echoed(bench):
    secret = new_secret()
    enrol(bench, "open", "test-asana")

    with bench.without("Ingest", "dynamodb:UpdateItem"):
        answer = bench.post(hook(secret))

    assert answer.status == 503 and "x-hook-secret" not in answer.headers
    assert enrol(bench, "show", "test-asana", check=False)["state"] == "open"


def test_a_question_with_a_strangers_address_fails_and_calls_nobody(bench):
    url = "https://sns.us-east-1.amazonaws.com.example.com/?Action=ConfirmSubscription&Token=2336412f"
    question = bench.sign("test-asks", type="SubscriptionConfirmation", SubscribeURL=url)

    id = bench.accepted(question)

    assert bench.ended("test-asks", id, "failed")["attempt"] == 1
    assert attributes(bench.letter(id))["reason"] == "permanent"
    assert "2336412f" not in "".join(bench.log("consumer"))


def test_what_asks_nothing_is_an_event(bench):
    id = bench.accepted(bench.sign("test-asks"))

    bench.ended("test-asks", id)
    assert bench.line("consumer", event_id=id)["outcome"] == "unrouted"
