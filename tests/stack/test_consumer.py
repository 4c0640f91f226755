"""What becomes of an event behind the queue, when handlers fail, and tickets come twice or never."""

import json
import os
import time

import pytest
from bench import attributes, batch, leg, now_ms
from signing import new_id

# The parameters of the stack in samconfig.toml.
TRIES = 4


# ---- Failures ----


def test_a_handler_that_fails_twice_is_tried_until_it_succeeds(bench):
    id = bench.accepted(bench.sign("drill", type="drill.fail", times=2))

    work = bench.ended("drill", id)

    assert (work["attempt"], leg(work)["tries"], bench.runs(id)) == (3, 3, 3)
    assert "error" not in leg(work)

    ends = [(1, "retried"), (2, "retried"), (3, "succeeded")]
    tried = [bench.line("consumer", event_id=id, attempt=attempt, outcome=end) for attempt, end in ends]
    assert [line["legs"][0]["tries"] for line in tried] == [1, 2, 3]
    assert [line["why"] for line in tried] == ["new", "again", "again"]
    for line in tried:
        assert (line["message"], line["source"], line["event_type"]) == ("attempt", "drill", "drill.fail")
        assert line["attempts.ms"] >= 0 and line["events.age_ms"] >= 0 and line["ms"] >= 0
    assert [line.get("attempts.retried") for line in tried] == [1, 1, None]
    assert tried[2]["attempts.succeeded"] == 1


def test_a_handler_that_always_fails_is_given_up_with_a_reason(bench):
    id = bench.accepted(bench.sign("drill", type="drill.fail"))

    work = bench.ended("drill", id, "failed")
    letter = bench.letter(id)

    assert (work["attempt"], leg(work)["tries"], bench.runs(id)) == (TRIES, TRIES, TRIES)
    [route] = work["legs"]
    assert attributes(letter) == {
        "reason": "exhausted",
        "route": route,
        "attempts": str(TRIES),
        "error": "the drill asked for a failure",
    }
    assert (leg(work)["error"], leg(work)["reason"]) == ("the drill asked for a failure", "exhausted")
    ticket = json.loads(letter["Body"])
    assert ticket == json.loads(bench.ticket("drill", id, "redrive", ticket["sent_at"], route=route))
    line = bench.line("consumer", event_id=id, outcome="failed")
    assert (line["reason"], line["attempts.failed"]) == ("exhausted", 1)


def test_a_failed_event_succeeds_when_its_cause_is_mended_and_its_ticket_redriven(bench):
    id, mend = bench.unreadable()
    letter = bench.letter(id)
    assert bench.runs(id) == 0

    mend()
    bench.redriven(letter)

    work = bench.ended("drill", id)
    assert (work["attempt"], leg(work)["tries"], bench.runs(id)) == (TRIES + 1, 1, 1)


def test_a_permanent_failure_is_tried_once(bench):
    id = bench.accepted(bench.sign("drill", type="drill.refuse"))

    work = bench.ended("drill", id, "failed")

    assert (work["attempt"], bench.runs(id)) == (1, 1)
    [route] = work["legs"]
    said, error = attributes(bench.letter(id)), "the drill asked for a permanent failure"
    assert said == {"reason": "permanent", "route": route, "attempts": "1", "error": error}


def test_a_panic_is_a_failure_like_any_other(bench):
    id = bench.accepted(bench.sign("drill", type="drill.panic", times=1))

    work = bench.ended("drill", id)

    assert (work["attempt"], bench.runs(id)) == (2, 2)
    line = bench.line("consumer", event_id=id, outcome="retried")
    assert line["legs"][0]["error"] == "it panicked: the drill asked for a panic"


# ---- Batches ----


def test_of_ten_records_one_is_bad_and_it_alone_is_reported(bench):
    with bench.paused():
        # The bad one is in another's hand: its ticket must stay.
        bad = bench.accepted(bench.sign("drill"))
        event = bench.event("drill", bad)
        held = {"pk": f"drill#{bad}", "sk": "work", "life": event["received_at"], "state": "processing", "attempt": 1}
        bench.put_item(held | {"until": now_ms() + 5_000, "legs": {}, "expires_at": event["expires_at"]})
        good = [bench.accepted(bench.sign("drill")) for _ in range(9)]
        tickets = [bench.ticket("drill", id) for id in [*good[:4], bad, *good[4:]]]

        answer = bench.invoke("Consumer", batch(*tickets))

        assert answer == {"batchItemFailures": [{"itemIdentifier": "message-4"}]}
        for id in good:
            assert bench.work("drill", id)["state"] == "succeeded"
        assert bench.work("drill", bad)["state"] == "processing"
    bench.ended("drill", bad, attempt=2)
    assert [bench.runs(id) for id in good] == [1] * 9


def test_an_empty_batch_and_a_good_one_report_nothing(bench):
    assert bench.invoke("Consumer", batch()) == {"batchItemFailures": []}
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        assert bench.invoke("Consumer", batch(bench.ticket("drill", id))) == {"batchItemFailures": []}


def test_a_malformed_ticket_is_buried_and_harms_no_neighbour(bench):
    mark = os.urandom(8).hex()
    bodies = [f"{mark} is no ticket", json.dumps({"v": 2, "source": "drill", "id": mark}), f'"{mark}']
    with bench.paused():
        for body in bodies:
            bench.send(body)
        id = bench.accepted(bench.sign("drill"))
    bench.ended("drill", id)

    for body in bodies:
        letter = bench.letter(body)
        assert (letter["Body"], attributes(letter)["reason"]) == (body, "malformed")
    # What stands in it is nobody's word, and so is in no log.
    bench.line("consumer", reason="malformed")
    assert not any(mark in text for text in bench.log("consumer"))


def test_the_ticket_of_an_absent_event_is_buried(bench):
    id = new_id()
    ticket = {"v": 2, "source": "drill", "id": id, "received_at": 1, "why": "new", "sent_at": 1}

    bench.send(json.dumps(ticket))

    letter = bench.letter(id)
    assert json.loads(letter["Body"]) == ticket | {"why": "redrive"}
    assert attributes(letter)["reason"] == "absent"
    assert bench.work("drill", id) is None


# ---- Tickets that come twice ----


def test_fifty_tickets_of_one_event_run_it_once(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill", type="drill.slow", ms=200))
        ticket = bench.ticket("drill", id)
        for _ in range(49):
            bench.send(ticket)

    bench.ended("drill", id)
    bench.drained()

    assert (bench.runs(id), bench.work("drill", id)["attempt"]) == (1, 1)


def test_a_replay_runs_a_succeeded_event_again_and_its_own_ticket_does_not(bench):
    id = bench.accepted(bench.sign("drill"))
    bench.ended("drill", id)

    bench.send(bench.ticket("drill", id))
    bench.drained()
    assert bench.runs(id) == 1

    bench.send(bench.ticket("drill", id, "replay", epoch=1))
    work = bench.ended("drill", id, attempt=2)
    assert (work["attempt"], leg(work)["tries"], leg(work)["epoch"], bench.runs(id)) == (2, 1, 1, 2)

    bench.send(bench.ticket("drill", id, "replay", epoch=1))
    bench.drained()
    assert bench.runs(id) == 2


# ---- Routes and order ----


@pytest.mark.parametrize("source", ["financbase", "orum", "test-stripe"])
def test_an_event_that_nothing_routes_has_succeeded(bench, source):
    id = bench.accepted(bench.sign(source, type="nobody.asked"))

    assert bench.ended(source, id)["attempt"] == 1
    line = bench.line("consumer", event_id=id)
    assert (line["outcome"], line["event_type"], line["events.unrouted"]) == ("unrouted", "nobody.asked", 1)


def test_an_event_that_never_will_succeed_is_a_letter_that_says_so(bench):
    id = bench.accepted(bench.sign("drill", type="drill.refuse"))

    bench.ended("drill", id, "failed")

    assert attributes(bench.letter(id))["reason"] == "permanent"


def test_an_older_event_that_arrives_late_changes_nothing(bench):
    invoice = new_id()
    newer = bench.sign("financbase", type="invoice.paid", created=1_800_000_000, data={"id": invoice})
    older = bench.sign("financbase", type="invoice.created", created=1_700_000_000, data={"id": invoice})
    newest = bench.sign("financbase", type="invoice.updated", created=1_900_000_000, data={"id": invoice})

    for delivery, last in [(newer, "invoice.paid"), (older, "invoice.paid"), (newest, "invoice.updated")]:
        bench.accepted(delivery)
        bench.ended("financbase", delivery.event_id)
        state = bench.projection(f"financbase#invoice#{invoice}")["state"]
        assert json.loads(state) == {"last": last}


# ---- What handlers share and log ----


def test_what_a_handler_logs_says_of_which_event_it_is_and_what_the_stack_has_told_it(bench):
    delivery = bench.sign("financbase", type="invoice.paid", created=1_800_000_000, data={"id": new_id()})
    bench.accepted(delivery)
    bench.ended("financbase", delivery.event_id)

    line = bench.line("consumer", event_id=delivery.event_id, message="keeping")

    assert (line["source"], line["attempt"], line["level"]) == ("financbase", 1, "INFO")
    # HandlerSettings in samconfig.toml.
    assert line["greeting"] == "good day"


# ---- Lives ----


def test_an_expired_event_sent_again_is_a_new_life_and_runs_again(bench):
    delivery = bench.sign("drill")
    id = bench.accepted(delivery)
    bench.ended("drill", id)
    first = bench.event("drill", id)
    past = int(time.time()) - 1
    bench.put_item(bench.stored("drill", id) | {"expires_at": past})

    bench.accepted(delivery)

    second = bench.event("drill", id)
    assert second["received_at"] > first["received_at"] and second["expires_at"] > past
    work = bench.ended("drill", id, attempt=2)
    assert (work["life"], work["attempt"], leg(work)["tries"]) == (second["received_at"], 2, 1)
    assert bench.runs(id) == 2


def test_the_ticket_of_an_expired_event_is_buried(bench):
    with bench.paused():
        id = bench.accepted(bench.sign("drill"))
        bench.put_item(bench.stored("drill", id) | {"expires_at": int(time.time()) - 1})

    letter = bench.letter(id)
    # As TTL does, in its own time; the sweeper would send a ticket again.
    bench.delete_event("drill", id)
    assert attributes(letter)["reason"] == "expired"
    assert bench.work("drill", id) is None


HOUR_MS = 3_600_000


@pytest.mark.parametrize("left_ms", [30_000, -HOUR_MS])
def test_an_event_whose_source_is_unknown_waits_an_hour_for_it_and_is_then_given_up_never_done(bench, left_ms):
    known = bench.stored("drill", bench.accepted(bench.sign("drill")))
    received_at, id = now_ms() - HOUR_MS + left_ms, new_id()
    there = {"pk": f"ghost#{id}", "shard": "0", "at": received_at}
    bench.put_item(known | there)
    bench.send(bench.ticket("ghost", id, sent_at=received_at))

    if left_ms > 0:
        assert bench.line("consumer", event_id=id, outcome="waits")["reason"] == "unknown_source"
        assert bench.work("ghost", id) is None
    work = bench.ended("ghost", id, "failed", seconds=120)

    said = attributes(bench.letter(id))
    assert (work["attempt"], said["reason"]) == (1, "unknown_source")
    assert said["error"] == "the configuration has no such source"


def test_the_fourth_redelivery_of_a_failed_event_waits_for_an_hour_after_the_failure(bench):
    delivery = bench.sign("drill", type="drill.refuse")
    id = bench.accepted(delivery)
    for attempt in (1, 2, 3):
        bench.ended("drill", id, "failed", attempt=attempt)
        assert bench.post(delivery).json["outcome"] == "reopened"
    failed = bench.ended("drill", id, "failed", attempt=4)
    assert leg(failed)["reopens"] == 3
    # All but ten seconds of the hour are over.
    failed_at = now_ms() - HOUR_MS + 10_000
    [route] = failed["legs"]
    bench.put_item(failed | {"until": failed_at, "legs": {route: leg(failed) | {"until": failed_at}}})

    assert bench.post(delivery).json["outcome"] == "reopened"

    waits = bench.ended("drill", id, "waiting", attempt=5)
    assert (leg(waits)["tries"], waits["until"], leg(waits)["reopens"]) == (0, failed_at + HOUR_MS, 4)
    assert bench.post(delivery).json["outcome"] == "duplicate"
    assert bench.line("consumer", event_id=id, outcome="waits")["why"] == "reopen"
    work = bench.ended("drill", id, "failed", attempt=6)
    assert (leg(work)["tries"], bench.runs(id)) == (1, 5)
