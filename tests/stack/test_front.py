"""`make front`: deliveries are passed on byte for byte, and nothing else is."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys

import pytest
from harness import NOTE, PATIENCE_SECONDS, ROOT


@pytest.fixture(scope="module")
def front():
    """The port of a front of the deployed stack."""
    command = [sys.executable, ROOT / "local" / "front.py", "--port", "0", "--note", NOTE]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0


def asked(front, method, path, body=b"", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", front, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_delivery_is_passed_on(bench, front):
    delivery = bench.sign("financbase")

    status, body = asked(front, "POST", "/webhooks/financbase", delivery.body, delivery.headers)

    assert (status, json.loads(body)["event_id"]) == (200, delivery.event_id)
    assert bench.body_of(bench.event("financbase", delivery.event_id)) == delivery.body


def test_a_handshake_is_passed_on_with_its_query(bench, front):
    assert asked(front, "GET", "/webhooks/test-dropbox?challenge=abc") == (200, b"abc")


def test_a_forged_delivery_is_refused_as_it_is_without_the_front(bench, front):
    delivery = bench.sign("financbase").with_body(b"{}")

    assert asked(front, "POST", "/webhooks/financbase", delivery.body, delivery.headers)[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/_ministack/reset",
        "/_aws/execute-api/landfall/webhooks/financbase",
        "/webhooks/../_ministack/reset",
        "/webhooks/%2e%2e/_ministack/reset",
        "/webhooks/a/../../_ministack/reset",
        "/webhooks/financbase/x",
        "http://127.0.0.1/_ministack/reset",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_is_reached(front, method, path):
    assert asked(front, method, path) == (404, b"")


def test_what_has_no_length_or_too_much_of_it_is_not_read(front):
    assert asked(front, "POST", "/webhooks/financbase", None, {"Content-Length": str(7 * 1024 * 1024)})[0] == 413
    assert asked(front, "POST", "/webhooks/financbase", b"0\r\n\r\n", {"Transfer-Encoding": "chunked"})[0] == 411


def test_it_listens_on_this_machine_only(front):
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", front)) == 0
    name = socket.gethostbyname(socket.gethostname())
    if not name.startswith("127."):
        with socket.socket() as probe:
            assert probe.connect_ex((name, front)) != 0
