"""The functions under `cargo lambda watch`, invoked with the events of infra/events and of `landfall send --event`, on the
stack's tables."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from harness import FOLDER, PATIENCE_SECONDS, ROOT, free_port, wait_for

EVENTS = ROOT / "infra" / "events"
ENVIRONMENT = FOLDER / "functions.env"


def sample(name):
    return json.loads((EVENTS / name).read_text())


@pytest.fixture(scope="module")
def watch(session_bench, tmp_path_factory):
    """The port of a `cargo lambda watch` whose functions have the environment of the deployed ones, as `make watch` has it."""
    port = free_port()
    log = tmp_path_factory.mktemp("watch") / "log"
    at = ["-A", "127.0.0.1", "-P", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["cargo", "lambda", "watch", *at, "--ignore-changes", "--env-file", ENVIRONMENT],
            cwd=ROOT,
            env=session_bench.environment,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(lambda: process.poll() is not None or listens(port), "cargo lambda watch", PATIENCE_SECONDS)
        assert process.poll() is None, log.read_text()
        yield port
    finally:
        functions = children(process.pid)
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
        # What it started stops with it.
        wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in functions), "the functions to stop")


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def invoke(watch, tmp_path):
    """Invokes a function of the watch with an event, and returns what it answers."""

    def invoke(function, event):
        file = tmp_path / "event.json"
        file.write_text(json.dumps(event))
        result = subprocess.run(
            ["cargo", "lambda", "invoke", function, "-A", "127.0.0.1", "-P", str(watch), "--data-file", file],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return invoke


def delivery(bench, *options):
    """What API Gateway would hand to ingest."""
    return json.loads(bench.landfall("send", "--source", "financbase", "--event", *options).stdout)


def test_a_sample_delivery_is_accepted_and_its_ticket_taken(bench, invoke):
    event = delivery(bench)
    id = json.loads(event["body"])["id"]

    answer = invoke("ingest", event)

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["event_id"] == id
    # The deployed consumer got the ticket that ingest sent; this one finds its work done.
    bench.ended("financbase", id)
    tickets = sample("tickets.json")
    ticket = tickets["Records"][0]
    ticket["body"] = json.dumps(json.loads(ticket["body"]) | {"source": "financbase", "id": id})
    assert invoke("test-consumer", tickets) == {"batchItemFailures": []}


def test_a_forged_sample_is_refused(bench, invoke):
    answer = invoke("ingest", delivery(bench, "--forge"))

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"]) == {"error": "refused"}


def test_the_consumer_takes_the_sample_tickets(invoke):
    assert invoke("test-consumer", sample("tickets.json")) == {"batchItemFailures": []}


def test_the_sweeper_takes_the_sample_schedule(invoke):
    invoke("sweeper", sample("schedule.json"))
