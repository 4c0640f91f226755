"""The functions under `cargo lambda watch`, invoked with the sample events of infra/events, on the stack's tables."""

import json
import os
import signal
import socket
import subprocess

import pytest
from harness import PATIENCE_SECONDS, ROOT, wait_for
from signing import hmac_sha256

EVENTS = ROOT / "infra" / "events"


def sample(name):
    return json.loads((EVENTS / name).read_text())


@pytest.fixture(scope="module")
def watch(stack, tmp_path_factory):
    """The port of a `cargo lambda watch` whose functions have the environment of the deployed ones."""
    variables = {}
    for function in ("Ingest", "Consumer", "Sweeper"):
        found = stack.client("lambda").get_function_configuration(FunctionName=stack.outputs[f"{function}FunctionName"])
        variables |= found["Environment"]["Variables"]
    variables["LANDFALL_CONFIG"] = str(ROOT / "infra" / "landfall.toml")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("watch") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["cargo", "lambda", "watch", "-A", "127.0.0.1", "-P", str(port), "--ignore-changes"],
            cwd=ROOT,
            env=stack.environment | variables,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(lambda: process.poll() is not None or listens(port), "cargo lambda watch", PATIENCE_SECONDS)
        assert process.poll() is None, log.read_text()
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def invoke(port, function, event):
    result = subprocess.run(
        ["cargo", "lambda", "invoke", function, "-A", "127.0.0.1", "-P", str(port), "--data-file", EVENTS / event],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_sample_delivery_is_signed_with_the_documented_secret():
    event = sample("delivery.json")
    signature = hmac_sha256("local-secret-financbase", event["body"].encode()).hexdigest()
    assert event["headers"]["x-webhook-signature"] == f"sha256={signature}"


def test_the_sample_delivery_is_accepted_and_its_ticket_taken(stack, watch):
    answer = invoke(watch, "ingest", "delivery.json")
    assert answer["statusCode"] == 200
    id_ = json.loads(sample("delivery.json")["body"])["id"]
    assert json.loads(answer["body"])["event_id"] == id_
    # The deployed consumer got the ticket that ingest sent; the sample one finds its work done.
    stack.wait_for_state("financbase", id_, "succeeded")
    assert invoke(watch, "consumer", "tickets.json") == {"batchItemFailures": []}


def test_the_sample_forgery_is_refused(watch):
    answer = invoke(watch, "ingest", "delivery-forged.json")
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"]) == {"error": "refused"}


def test_the_sweeper_takes_the_sample_schedule(watch):
    invoke(watch, "sweeper", "schedule.json")
