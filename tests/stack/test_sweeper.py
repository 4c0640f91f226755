"""What the sweeper finds, and what it leaves alone."""

import json
import time

from bench import leg, now_ms
from harness import wait_for


def sweeps(bench):
    """What the sweeper's lines of this test count."""
    return sum(line.get("sweeper.found", 0) for line in bench.lines("sweeper", message="sweep"))


def cursors(bench, id):
    """Where the looks of each age have come to in the event's shard; in others there may be nothing to hold them up."""
    cursor = f"#cursor#{bench.event('drill', id)['shard']}#"
    return [int(item["until"]) for item in bench.items() if item["pk"].startswith(cursor)]


def test_an_event_whose_ticket_was_never_sent_is_healed(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        assert any(id in message["Body"] for message in bench.take("QueueUrl"))

    work = bench.swept("drill", id)

    assert work["attempt"] == 1
    bench.ended("drill", id)
    assert bench.runs(id) == 1
    line = bench.line("sweeper", source="drill")
    assert wait_for(lambda: sweeps(bench)) >= 1, line


def test_an_event_whose_ticket_cannot_be_sent_is_not_passed(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        bench.take("QueueUrl")
        received_at = int(bench.event("drill", id)["received_at"])
        with bench.without("Sweeper", "sqs:SendMessage*"):
            wait_for(lambda: now_ms() > received_at + 2_500, "the event to be old enough")
            bench.client("lambda").invoke(FunctionName=bench.outputs["SweeperFunctionName"], Payload="{}")
            assert all(until < received_at for until in cursors(bench, id))
        assert not bench.take("QueueUrl")

    bench.swept("drill", id)
    bench.ended("drill", id)


def test_an_event_in_a_shard_that_the_stack_no_longer_has_is_healed_and_listed(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        bench.take("QueueUrl")
        event = bench.stored("drill", id)
        bench.put_item(event | {"shard": "3"})

    with bench.shards(4):
        work = bench.swept("drill", id)
        listed = bench.landfall("events", "list", "--source", "drill")

    assert work["attempt"] == 1
    assert id in listed.stdout, listed.stderr
    bench.ended("drill", id)


def legs(state, tries):
    """The leg of a drill, overdue by more than the visibility timeout."""
    ago = now_ms() - 60_000
    return {"drills": {"state": state, "tries": tries, "until": ago, "since": ago}}


def test_an_event_whose_consumer_died_and_whose_ticket_is_gone_is_healed(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        bench.take("QueueUrl")
        # What a consumer leaves that dies: its claim, overdue by more than the visibility timeout.
        event = bench.event("drill", id)
        bench.put_item(
            {
                "pk": f"drill#{id}",
                "sk": "work",
                "life": event["received_at"],
                "state": "processing",
                "attempt": 1,
                "until": now_ms() - 60_000,
                "legs": legs("processing", 1),
                "expires_at": event["expires_at"],
            }
        )

    wait_for(lambda: (bench.invoke("Sweeper", {}), bench.work("drill", id)["attempt"] > 1)[1], "the event to be swept")

    work = bench.ended("drill", id, attempt=2)
    assert (work["attempt"], leg(work)["tries"]) == (2, 2)


def test_an_event_that_waits_with_its_ticket_lost_is_healed(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        bench.take("QueueUrl")
        event = bench.event("drill", id)
        bench.put_item(
            {
                "pk": f"drill#{id}",
                "sk": "work",
                "life": event["received_at"],
                "state": "waiting",
                "attempt": 3,
                "until": now_ms() - 60_000,
                "legs": legs("waiting", 3),
                "expires_at": event["expires_at"],
            }
        )

    wait_for(lambda: (bench.invoke("Sweeper", {}), bench.work("drill", id)["attempt"] > 3)[1], "the event to be swept")

    assert bench.ended("drill", id, attempt=4)["attempt"] == 4


def test_in_a_healthy_stack_nothing_is_found_and_the_cursors_move(bench):
    done = bench.accepted(bench.sign("drill"))
    failed = bench.accepted(bench.sign("drill", type="drill.refuse"))
    bench.ended("drill", done)
    bench.ended("drill", failed, "failed")
    received_at = max(int(bench.event("drill", id)["received_at"]) for id in (done, failed))

    # Past the first two looks.
    def passed():
        bench.invoke("Sweeper", {})
        return all(sum(until >= received_at for until in cursors(bench, id)) >= 2 for id in (done, failed))

    wait_for(passed, "two cursors to pass the events")

    assert bench.depth() == 0
    assert sweeps(bench) == 0
    assert bench.work("drill", failed)["attempt"] == 1
    assert (bench.runs(done), bench.runs(failed)) == (1, 1)


def told_of_queue(bench, age_seconds, in_minutes):
    """Says how old the queue's oldest message is, as SQS tells CloudWatch on AWS."""
    age = {
        "MetricName": "ApproximateAgeOfOldestMessage",
        "Dimensions": [{"Name": "QueueName", "Value": bench.outputs["QueueUrl"].rsplit("/", 1)[1]}],
        "Timestamp": time.time() + 60 * in_minutes,
        "Value": age_seconds,
        "Unit": "Seconds",
    }
    bench.client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[age])


def test_an_event_whose_ticket_waits_in_a_backlog_gets_no_second_one(bench):
    with bench.paused():
        told_of_queue(bench, 3_600, in_minutes=0)
        try:
            id = bench.accepted(bench.sign("drill"))
            received_at = int(bench.event("drill", id)["received_at"])

            def passed():
                bench.invoke("Sweeper", {})
                return any(until >= received_at for until in cursors(bench, id))

            wait_for(passed, "a cursor to pass the event")
            taken = bench.take("QueueUrl")
            assert sum(id in message["Body"] for message in taken) == 1
            for message in taken:
                bench.send(message["Body"])
        finally:
            # The newest minute counts, and of a minute the highest.
            told_of_queue(bench, 0, in_minutes=1)

    bench.ended("drill", id)
    assert bench.runs(id) == 1
    ages = [line["backlog_ms"] for line in bench.lines("sweeper", message="sweep") if "backlog_ms" in line]
    assert 3_600_000 <= max(ages) < 4_000_000


def test_the_schedule_runs_the_sweeper(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        assert any(id in message["Body"] for message in bench.take("QueueUrl"))

    # Once a minute, and nobody else calls it meanwhile.
    bench.ended("drill", id, seconds=120)


def test_every_event_of_these_tests_has_ended(bench):
    """L1, over all that was sent to this stack."""
    deadline = time.monotonic() + 120

    def unfinished():
        items = bench.items()
        works = {item["pk"]: item["state"] for item in items if item["sk"] == "work"}
        events = [item["pk"] for item in items if item["sk"] == "event" and item["expires_at"] > time.time()]
        return [pk for pk in events if works.get(pk) not in ("succeeded", "failed")]

    while left := unfinished():
        bench.invoke("Sweeper", {})
        assert time.monotonic() < deadline, json.dumps(left)
