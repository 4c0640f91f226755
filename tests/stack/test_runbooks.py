"""The runbooks, followed: each command of docs/runbooks.md is typed as it stands there, in the situation that it is for."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from harness import PATIENCE_SECONDS, ROOT, wait_for

PAGE = (ROOT / "docs" / "runbooks.md").read_text()
UNTRIED = "**Untried**"
AWS = Path(__file__).parent / "typed.py"


def sections():
    parts = re.split(r"^## (.+)\n", PAGE, flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2]))


def commands(title):
    """A section's commands that can be typed here."""
    found, text = [], sections()[title]
    for block in re.finditer(r"^( *)```sh\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        before = text[: block.start()].rstrip().splitlines()[-1]
        if UNTRIED not in before:
            found += [line.strip() for line in block.group(2).splitlines() if line.strip()]
    return found


class Operator:
    """Whoever follows a section, one command after the other."""

    def __init__(self, bench, folder, title, **names):
        self.bench, self.folder = bench, folder
        self.left = commands(title)
        self.names = names | {
            "STACK": bench.name,
            "TABLE": bench.outputs["TableName"],
            "QUEUE_URL": bench.outputs["QueueUrl"],
            "CONSUMER_EVENT_SOURCE": bench.outputs["ConsumerEventSourceId"],
            "INGEST_FUNCTION": bench.outputs["IngestFunctionName"],
        }

    def types(self, *beginnings, ends_with=0):
        """Types the next commands, which begin so, and returns what each printed."""
        return [self._types(beginning, ends_with) for beginning in beginnings]

    def _types(self, beginning, ends_with):
        line = self.left.pop(0)
        assert line.startswith(beginning), f"the page goes on with: {line}"
        for name, said in self.names.items():
            line = re.sub(rf"\b{name}\b", said, line)
        assert not re.search(r"\b[A-Z]{4,}_[A-Z]+\b", line), f"nobody knows what this is: {line}"
        region = self.bench.note["region"]
        path = os.pathsep.join([str(self.folder), str(self.bench.command_folder), "/usr/bin", "/bin"])
        result = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.bench.command_environment | {"PATH": path, "AWS_DEFAULT_REGION": region},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert result.returncode == ends_with, f"{line}: {result.stdout}{result.stderr}"
        return result.stdout


@pytest.fixture
def follow(bench, tmp_path):
    """Makes an operator who follows a section; at the end all of it must have been followed."""
    program = tmp_path / "aws"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(AWS))} "$@"\n')
    program.chmod(0o755)
    followed = []

    def follow(title, **names):
        followed.append(Operator(bench, tmp_path, title, **names))
        return followed[-1]

    yield follow
    assert not [operator.left for operator in followed if operator.left]


def test_every_section_is_followed_or_says_that_it_can_not_be():
    here = Path(__file__).read_text()
    for title, text in sections().items():
        assert f'follow("{title}"' in here or not commands(title), title
        assert commands(title) or UNTRIED in text, title


def test_the_outputs_have_the_names_that_the_page_uses(follow):
    (printed,) = follow("").types("aws cloudformation")
    told = {output["OutputKey"] for output in json.loads(printed)}
    assert told >= set(re.findall(r"`[A-Z_]+` is `(\w+)`", sections()[""]))


def test_it_is_night_a_handler_fails_and_a_destination_is_dead(bench, follow):
    failing = bench.accepted(bench.sign("drill", type="drill.refuse"))
    mended, mend = bench.unreadable()
    bench.ended("drill", failing, "failed")
    names = {"SOURCE": "drill", "EVENT_ID": failing, "DESTINATION": "dead", "ROUTE": "drills"}
    operator = follow("It is 3 a.m. and the alarm for letters rings", **names)

    (status,) = operator.types("landfall status")
    assert "letters" in status
    wait_for(lambda: failing in bench.landfall("dlq", "list", check=False).stdout, "the letter")
    listed, letter = operator.types("landfall dlq list", "landfall dlq show")
    assert failing in listed and "drills" in letter and "the drill asked for a permanent failure" in letter

    def told():
        lines = bench.landfall("logs", "drill", failing, check=False).stdout
        return lines if "the drill asked for a permanent failure" in lines else None

    wait_for(told, "the attempt's line")
    lines, event = operator.types("landfall logs", "landfall events show")
    assert "the drill asked for a permanent failure" in lines and "failed" in event
    (destinations,) = operator.types("landfall destinations list")
    assert "dead" in destinations
    operator.types("landfall destinations test", ends_with=1)

    mend()
    operator.types("landfall dlq redrive --route")
    bench.ended("drill", mended, attempt=2)
    # Nobody has mended this one, and it comes again.
    bench.ended("drill", failing, "failed", attempt=2)
    (event,) = operator.types("landfall events show")
    assert "failed" in event


def test_a_provider_says_it_sent_and_nothing_arrived(bench, follow, tmp_path):
    source, right = "test-missed", new_secret()
    before = bench.secrets()[source]
    (tmp_path / "new-secret").write_text(right)
    delivery = bench.sign(source, secret=right, type="drill.ok")
    names = {"SOURCE": source, "EVENT_ID": delivery.event_id, "NEW_SECRET": "new-secret"}
    operator = follow("A provider says it sent, and nothing arrived", **names)

    assert bench.post(delivery).status == 400
    operator.types("landfall events show", ends_with=1)
    operator.types("landfall events list")

    def refused():
        told = bench.landfall("refused", "list", "--source", source, "--since", "5m", "--json", check=False)
        return json.loads(told.stdout)["refused"]

    operator.names["DELIVERY"] = wait_for(refused, "the refusal's line")[0]["id"]
    listed, shown = operator.types("landfall refused list --source", "landfall refused show")
    assert "forged" in listed and "No secret of the source explains the signature" in shown
    try:
        operator.types("landfall quarantine open")

        def is_kept():
            assert bench.post(delivery).status == 400, "a quarantine answers as if it weren't there"
            told = json.loads(bench.landfall("quarantine", "list", "--json").stdout)
            return any(entry["source"] == source and entry["kept"]["deliveries"] for entry in told)

        # Ingest has looked at the secret for the first delivery, and does so once a minute.
        wait_for(is_kept, "a delivery to be kept", 2 * PATIENCE_SECONDS)
        (kept,) = operator.types("landfall quarantine list")
        assert source in kept
        operator.types("landfall secrets set", "landfall quarantine verify")
        bench.ended(source, delivery.event_id)
        operator.types("landfall quarantine close")
    finally:
        bench.put_secrets(bench.secrets() | {source: before})
    url, refusals = operator.types("landfall url", "landfall refused list")
    assert f"/webhooks/{source}" in url and "forged" in refusals


def test_letters_are_in_the_dead_letter_queue(bench, follow):
    id, mend = bench.unreadable()
    operator = follow("Letters are in the dead-letter queue", SOURCE="drill", EVENT_ID=id)
    wait_for(lambda: bench.waiting("DlqUrl"), "the letter")
    listed, shown, event = operator.types("landfall dlq list", "landfall dlq show", "landfall events show")
    assert id in listed and "its body could not be read" in shown and "failed" in event
    mend()
    operator.types("landfall dlq redrive")
    bench.ended("drill", id, attempt=5)
    (event,) = operator.types("landfall events show")
    assert "succeeded" in event


def test_a_provider_has_switched_our_endpoint_off(bench, follow):
    id = bench.accepted(bench.sign("stripe"))
    operator = follow("A provider has switched our endpoint off", SOURCE="stripe")
    listed, sources, url, sent = operator.types(
        "landfall events list", "landfall sources", "landfall url", "landfall send"
    )
    assert id in listed and "stripe" in sources and "/webhooks/stripe" in url and "200" in sent


def test_a_secret_is_rotated_and_one_that_leaked_is_replaced(bench, follow, tmp_path):
    source = "test-leaked"
    names, file = {"SOURCE": source, "NEW_SECRET": "new-secret"}, tmp_path / "new-secret"
    first, second, third = bench.keys[source], new_secret(), new_secret()

    def known(secret, status=200):
        wait_for(lambda: bench.post(bench.sign(source, secret=secret)).status == status, f"an answer {status}")

    file.write_text(second)
    rotation = follow("A secret is rotated", **names)
    rotation.types("landfall secrets set")
    known(second)
    known(first)
    rotation.types("landfall secrets set")
    known(first, status=400)
    known(second)

    file.write_text(third)
    leak = follow("A secret has leaked", **names)
    leak.types("landfall secrets set")
    known(second, status=400)
    known(third)
    # From now on it is what the provider signs with.
    bench.keys[source] = third
    id = bench.accepted(bench.sign(source))
    (listed,) = leak.types("landfall events list")
    assert id in listed


def new_secret():
    return f"hush-{os.urandom(16).hex()}"


def test_a_deploy_was_bad(bench, follow):
    operator = follow("A deploy was bad")
    mapping = bench.outputs["ConsumerEventSourceId"]
    try:
        operator.types("aws lambda update-event-source-mapping")
        state = lambda: bench.client("lambda").get_event_source_mapping(UUID=mapping)["State"]  # noqa: E731
        wait_for(lambda: state() == "Disabled", "the consumer to stand still")
        id = bench.accepted(bench.sign("drill"))
        letter = bench.ticket("drill", id, why="redrive")
        bench.client("sqs").send_message(QueueUrl=bench.outputs["DlqUrl"], MessageBody=letter)
        wait_for(lambda: bench.waiting("DlqUrl"), "the letter")
        assert bench.work("drill", id) is None
    finally:
        operator.types("aws lambda update-event-source-mapping")
    bench.ended("drill", id)
    operator.types("landfall dlq redrive")
    # Those of other tests may be given up again at once; where there is none, the command says so by its status.
    left = json.loads(bench.landfall("dlq", "list", "--json", check=False).stdout)
    assert id not in [letter["event_id"] for letter in left]


def test_the_queue_is_long(bench, follow):
    operator = follow("The queue is long")
    with bench.paused():
        bench.accepted(bench.sign("drill"))
        wait_for(lambda: bench.waiting("QueueUrl"), "a ticket")
        counts, mapping, destinations = operator.types("aws sqs", "aws lambda get", "landfall destinations")
        assert int(json.loads(counts)["Attributes"]["ApproximateNumberOfMessages"]) >= 1
        assert json.loads(mapping)["State"] == "Disabled" and "steady" in destinations
    (mapping,) = operator.types("aws lambda update-event-source-mapping")
    assert json.loads(mapping)["ScalingConfig"] == {"MaximumConcurrency": 50}
    bench.client("lambda").update_event_source_mapping(
        UUID=bench.outputs["ConsumerEventSourceId"], ScalingConfig={"MaximumConcurrency": 10}
    )


def test_the_table_is_restored(bench, follow):
    id = bench.accepted(bench.sign("drill"))
    bench.ended("drill", id)
    kept = [bench.item(f"drill#{id}", sk) for sk in ("event", "work")]
    operator = follow("The table is restored", SOURCE="drill", EVENT_ID=id)
    _, described = operator.types("aws dynamodb restore", "aws dynamodb describe")
    assert json.loads(described) == "ACTIVE"
    for sk in ("event", "work"):
        key = {"pk": {"S": f"drill#{id}"}, "sk": {"S": sk}}
        bench.client("dynamodb").delete_item(TableName=bench.outputs["TableName"], Key=key)
    *_, shown = operator.types(*["aws dynamodb get"] * 2, *["aws dynamodb put"] * 2, "landfall events show")
    assert "succeeded" in shown
    assert [bench.item(f"drill#{id}", sk) for sk in ("event", "work")] == kept
    operator.types("aws dynamodb delete-table")


def test_a_day_is_replayed(bench, follow):
    id = bench.accepted(bench.sign("formify"))
    bench.ended("formify", id)
    (route,) = bench.work("formify", id)["legs"]
    operator = follow("A day is replayed", SOURCE="formify", ROUTE=route)
    (listed,) = operator.types("landfall events list")
    assert id in listed
    operator.types("landfall events replay SOURCE")
    bench.ended("formify", id, attempt=2)
    operator.types("landfall events replay --route")
    bench.ended("formify", id, attempt=3)


def test_it_costs_more_than_it_did(bench, follow):
    bench.accepted(bench.sign("drill"))
    operator = follow("It costs more than it did")
    name = {"FunctionName": bench.outputs["IngestFunctionName"]}
    told, counted = operator.types("landfall cost", "aws cloudwatch get-metric-statistics")
    assert "USD" in told and "Datapoints" in json.loads(counted)
    try:
        operator.types("aws lambda put-function-concurrency")
        assert bench.client("lambda").get_function_concurrency(**name)["ReservedConcurrentExecutions"] == 5
    finally:
        operator.types("aws lambda delete-function-concurrency")
    assert "ReservedConcurrentExecutions" not in bench.client("lambda").get_function_concurrency(**name)


def standing(bench, destination):
    told = json.loads(bench.landfall("destinations", "list", "--json").stdout)
    return {each["destination"]: each["standing"] for each in told}[destination]


def test_a_destination_is_dead(bench, follow):
    operator = follow("A destination is dead", DESTINATION="dead")
    operator.types("landfall destinations list")
    operator.types("landfall destinations test", ends_with=1)
    before = standing(bench, "dead")
    operator.types("landfall destinations pause")
    assert before != "paused" and standing(bench, "dead") == "paused"
    operator.types("landfall destinations resume")
    assert standing(bench, "dead") == "closed"
