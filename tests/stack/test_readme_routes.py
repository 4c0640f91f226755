"""The README's events go where its routes lead: to EventBridge, and to a service that is switched off for a while."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from harness import ROOT, free_port, wait_for
from test_readme import block_with, blocks, commands, run

sys.path += [str(ROOT / "local")]
import sync

BUILD = ROOT / ".aws-sam" / "test"
CONFIGURATION = ROOT / "tests" / "stack" / "landfall.toml"
QUEUE = "what-the-bus-gets"
LISTENS = "Listening on http://127.0.0.1:{}. Ctrl-C stops."
# What waits comes back within as long as the outage took, once the destination has been tried.
COMES_BACK_SECONDS = 240


@contextlib.contextmanager
def configured(bench, folder, text):
    """The stack runs with this configuration meanwhile."""
    build = folder / "build"
    shutil.copytree(BUILD, build)
    for function in sync.FUNCTIONS:
        (build / function / "landfall.toml").write_text(text)
    names = {function: bench.outputs[f"{function}FunctionName"] for function in sync.FUNCTIONS}
    sync.replace(bench.client("lambda"), names, build)
    try:
        yield
    finally:
        sync.replace(bench.client("lambda"), names, BUILD)


@contextlib.contextmanager
def listener(port, log):
    """`make listener`, which prints into this file."""
    command = [sys.executable, ROOT / "local" / "listener.py", "--port", str(port)]
    with log.open("a") as output, subprocess.Popen(command, stdout=output) as process:
        try:
            wait_for(lambda: log.read_text().splitlines()[-1:] == [LISTENS.format(port)], "the listener to listen")
            yield
        finally:
            process.terminate()


def arrived(log):
    """Route and key of each delivery that was printed."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [(line[2], line[3]) for line in lines if line[0] == "POST"]


@pytest.fixture
def bus(bench):
    """What the default bus gets of Landfall's."""
    queue = bench.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:000000000000:{QUEUE}"
    events = bench.client("events")
    events.put_rule(Name=QUEUE, EventPattern=json.dumps({"detail-type": ["invoice.paid"]}))
    events.put_targets(Rule=QUEUE, Targets=[{"Id": "queue", "Arn": arn}])
    yield queue
    events.remove_targets(Rule=QUEUE, Ids=["queue"])
    events.delete_rule(Name=QUEUE)
    bench.client("sqs").delete_queue(QueueUrl=queue)


def received(bench, queue):
    """Takes what is in the queue."""
    sqs = bench.client("sqs")
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def of_orum(bench):
    return {item["pk"] for item in bench.items() if item["pk"].startswith("orum#") and item["sk"] == "event"}


def leg_of(bench, pk):
    work = next((item for item in bench.items() if (item["pk"], item["sk"]) == (pk, "work")), None)
    return work["legs"].get("all-of-orum") if work else None


def test_events_go_where_the_readme_sends_them_and_wait_where_nobody_listens(bench, bus, tmp_path):
    port = free_port()
    [written] = [block for block in blocks(language="toml") if "back-office" in block]
    added = written.replace("127.0.0.1:3000", f"127.0.0.1:{port}").replace(
        '[sources.stripe]\nprovider = "stripe"\n', ""
    )
    assert added.count("[sources.") == 0, "the tests have the source stripe already"
    file = tmp_path / "landfall.toml"
    file.write_text(CONFIGURATION.read_text() + added)
    with_this = {"LANDFALL_CONFIG": str(file)}
    [send_paid, send_orum, show] = [
        line for line in commands(block_with("evt_1")) if re.match("echo|landfall [se]", line)
    ]
    [send_six, *looks] = commands(block_with("for event in"))
    made = run(bench, "landfall secrets generate destination:back-office", **with_this)
    assert made.returncode == 0, made.stderr

    def does(line):
        result = run(bench, line, **with_this)
        assert result.returncode == 0, f"{line}: {result.stderr}"
        return result.stdout

    known, log = of_orum(bench), tmp_path / "listener.log"
    with configured(bench, tmp_path, file.read_text()):
        with listener(port, log):
            does(send_paid)
            does(send_orum)
            wait_for(lambda: len(arrived(log)) == 1, "the event of Orum")
        event = bench.ended("stripe", "evt_1")
        assert event["legs"]["stripe-invoices"]["state"] == "succeeded"
        assert "stripe-invoices" in does(show)
        [told] = wait_for(lambda: received(bench, bus), "the event on the bus")
        assert told["detail-type"] == "invoice.paid"

        does(send_six)

        def is_open():
            told = json.loads(does("landfall destinations list --json"))
            return {each["destination"]: each["standing"] for each in told}["back-office"] in ("open", "trial")

        wait_for(is_open, "the destination to open")
        for line in looks:
            does(line)
        sent = of_orum(bench) - known
        assert len(sent) == 7

        with listener(port, log):
            for pk in sent:
                done = lambda pk=pk: (leg_of(bench, pk) or {}).get("state") == "succeeded"  # noqa: E731
                wait_for(done, f"{pk} to arrive", COMES_BACK_SECONDS)

    routes, keys = zip(*arrived(log), strict=True)
    assert set(routes) == {"all-of-orum"}
    assert len(keys) == 7 and max(Counter(keys).values()) == 1, "each of them once"
    assert received(bench, bus) == [], "and nothing twice to the bus"
