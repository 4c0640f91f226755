"""How the deployed stack proves its endpoints, and that it keeps nothing of it."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from bench import REFUSED

CHALLENGE = "challenge-4b1d0c"


def ask(bench, source, method="GET", body=b"", **query):
    named = {name.replace("_", ".", 1) if name.startswith("hub_") else name: value for name, value in query.items()}
    return bench.request(method, f"/webhooks/{source}?{urlencode(named)}", body)


def is_reply(answer, content_type, body):
    assert (answer.status, answer.body) == (200, body), answer
    assert answer.headers["content-type"].split(";")[0] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    return True


def is_refusal(answer, status):
    return (answer.status, answer.body) == (status, REFUSED)


@pytest.fixture
def verify_token(bench):
    entries = bench.secrets()["test-meta"]
    return next(entry["value"] for entry in entries if entry.get("use") == "verify_token")


def test_an_open_challenge_is_echoed_as_text(bench):
    answer = ask(bench, "test-dropbox", challenge=CHALLENGE)

    assert is_reply(answer, "text/plain", CHALLENGE.encode())


@pytest.mark.parametrize("challenge", ["", "<script>alert(1)</script>", "a\r\nSet-Cookie: a=b", "x" * 1025, "é"])
def test_a_challenge_that_is_none_is_a_wrong_method(bench, challenge):
    answer = ask(bench, "test-dropbox", challenge=challenge)

    assert is_refusal(answer, 405)
    assert answer.headers["allow"] == "POST"
    assert "set-cookie" not in answer.headers


def test_another_method_is_told_which_there_are(bench):
    answer = ask(bench, "test-dropbox", method="PUT", challenge=CHALLENGE)

    assert is_refusal(answer, 405)
    assert sorted(answer.headers["allow"].split(", ")) == ["GET", "POST"]


def test_a_verify_token_is_asked_for(bench, verify_token):
    subscribe = {"hub_mode": "subscribe", "hub_challenge": CHALLENGE}

    right = ask(bench, "test-meta", hub_verify_token=verify_token, **subscribe)
    wrong = ask(bench, "test-meta", hub_verify_token=verify_token + "x", **subscribe)
    key = ask(bench, "test-meta", hub_verify_token=bench.secrets()["test-meta"][0]["value"], **subscribe)
    none = ask(bench, "test-meta", **subscribe)

    assert is_reply(right, "text/plain", CHALLENGE.encode())
    assert all(is_refusal(answer, 403) for answer in (wrong, key, none))


def test_who_knows_the_verify_token_signs_nothing(bench, verify_token):
    body = b'{"object":"page","entry":[]}'
    signature = "sha256=" + hmac.new(verify_token.encode(), body, hashlib.sha256).hexdigest()

    answer = bench.request("POST", "/webhooks/test-meta", body, {"X-Hub-Signature-256": signature})

    assert is_refusal(answer, 400)


def test_a_challenge_gets_its_hmac_and_that_signs_no_event(bench):
    secret = bench.secrets()["test-x"][0]["value"].encode()
    token = "1234567890"
    signature = base64.b64encode(hmac.new(secret, token.encode(), hashlib.sha256).digest()).decode()

    answer = ask(bench, "test-x", crc_token=token)
    headers = {"x-twitter-webhooks-signature": f"sha256={signature}"}
    forged = bench.request("POST", "/webhooks/test-x", token.encode(), headers)

    expected = json.dumps({"response_token": f"sha256={signature}"}, separators=(",", ":")).encode()
    assert is_reply(answer, "application/json", expected)
    assert is_refusal(forged, 400)


def test_a_signed_challenge_is_echoed_and_an_unsigned_one_is_not(bench):
    body = json.dumps({"type": "url_verification", "challenge": CHALLENGE}).encode()
    delivery = bench.sign("test-slack", body=body)

    answer = bench.post(delivery)
    unsigned = bench.post(delivery, X_Slack_Signature=None)

    expected = json.dumps({"challenge": CHALLENGE}, separators=(",", ":")).encode()
    assert is_reply(answer, "application/json", expected)
    # What Slack is answered is shown to people: there is no body.
    assert (unsigned.status, unsigned.body) == (400, b"")


def test_nothing_of_a_handshake_is_kept(bench, verify_token):
    mark = "mark-c0ffee-4b1d0c"
    ask(bench, "test-dropbox", challenge=mark)
    ask(bench, "test-meta", hub_mode="subscribe", hub_challenge=mark, hub_verify_token=verify_token)
    ask(bench, "test-meta", hub_mode="subscribe", hub_challenge=mark, hub_verify_token=mark)
    ask(bench, "test-x", crc_token=mark)
    body = json.dumps({"type": "url_verification", "challenge": mark}).encode()
    bench.post(bench.sign("test-slack", body=body))

    assert bench.line("ingest", source="test-slack", outcome="handshake")["status"] == 200
    assert bench.line("ingest", source="test-dropbox", outcome="handshake")["status"] == 200
    kept = [str(item) for item in bench.items()] + bench.log("ingest")
    for text in kept:
        assert mark not in text and verify_token not in text
    assert not [item for item in bench.items() if item["pk"].startswith(("test-dropbox#", "test-meta#", "test-x#"))]
