"""Deliveries that carry several events: recorded as one, taken apart behind the queue."""

import hashlib
import json
import os

from bench import attributes
from harness import wait_for
from signing import new_id

SOURCE = "test-bundle"


def key(id):
    """Under which key a delivery stands: never under one that an event in it could have."""
    return f"sha256:{hashlib.sha256(id.encode()).hexdigest()}"


def drills(count, **fields):
    return [{"id": new_id(), "type": "drill.ok", **fields} for _ in range(count)]


def delivered(bench, events, **options):
    """Delivers these events, and returns the delivery's id."""
    return bench.accepted(bench.sign(SOURCE, events=events, **options))


def done(bench, id, **options):
    """The work of a delivery, once it has been taken apart."""
    return bench.ended(SOURCE, key(id), **options)


def test_each_event_of_a_delivery_is_recorded_and_handled_and_the_delivery_is_one_event_to_its_provider(bench):
    events = drills(3)
    spelt = [json.dumps(event, indent=1) for event in events]
    id = new_id()
    listed = ",\n ".join(spelt)
    body = f'{{"id": "{id}", "type": "digest", "events": [{listed}]}}'.encode()

    delivery = bench.sign(SOURCE, id=id, body=body)
    # A process that has just started asks the ledger once, to have the connection.
    bench.ended("drill", bench.accepted(bench.sign("drill")))
    with bench.paused(), bench.calls() as calls:
        bench.accepted(delivery)
    assert calls == ["PutItem", "SendMessage"]

    assert done(bench, id)["attempt"] == 1
    whole = bench.event(SOURCE, key(id))
    assert (whole["event_id"], bench.body_of(whole)) == (id, body)
    for event, text in zip(events, spelt):
        bench.ended(SOURCE, event["id"])
        found = bench.event(SOURCE, event["id"])
        assert bench.body_of(found) == text.encode()
        assert (found["event_id"], found["event_type"]) == (event["id"], "drill.ok")
        assert found["parent"] == f"{SOURCE}#{key(id)}"
        assert found["received_at"] >= whole["received_at"]
        for name in ("delivery_id", "headers", "secret_label"):
            assert found[name] == whole[name]
        assert bench.runs(event["id"]) == 1
    line = bench.line("consumer", event_id=id, outcome="split")
    assert (line["items"], line["items_written"], line["attempts.succeeded"]) == (3, 3, 1)


def test_what_comes_again_is_not_handled_again(bench):
    events = drills(2)
    first = bench.sign(SOURCE, events=events)
    bench.accepted(first)
    done(bench, first.event_id)
    for event in events:
        bench.ended(SOURCE, event["id"])

    assert bench.post(first).json["outcome"] == "duplicate"
    new = drills(1)
    second = delivered(bench, events + new)

    done(bench, second)
    bench.ended(SOURCE, new[0]["id"])
    bench.drained()
    assert [bench.runs(event["id"]) for event in events + new] == [1, 1, 1]
    line = bench.line("consumer", event_id=second, outcome="split")
    assert (line["items"], line["items_written"]) == (3, 1)


def test_an_event_that_fails_fails_alone_and_another_delivery_reopens_it(bench):
    good, bad = drills(1)[0], {"id": new_id(), "type": "drill.refuse"}
    id = delivered(bench, [bad, good])

    done(bench, id)
    bench.ended(SOURCE, good["id"])
    assert bench.ended(SOURCE, bad["id"], "failed")["attempt"] == 1
    assert attributes(bench.letter(bad["id"]))["reason"] == "permanent"

    done(bench, delivered(bench, [bad]))

    bench.ended(SOURCE, bad["id"], "failed", attempt=2)
    bench.letter(bad["id"])
    assert bench.runs(bad["id"]) == 2


def test_a_replay_asks_for_what_failed_and_for_nothing_else(bench):
    good, bad = drills(1)[0], {"id": new_id(), "type": "drill.refuse"}
    id = delivered(bench, [bad, good])
    done(bench, id)
    bench.ended(SOURCE, good["id"])
    bench.ended(SOURCE, bad["id"], "failed")
    bench.letter(bad["id"])

    bench.send(bench.ticket(SOURCE, key(id), "replay", epoch=1))

    done(bench, id, attempt=2)
    bench.ended(SOURCE, bad["id"], "failed", attempt=2)
    bench.letter(bad["id"])
    bench.drained()
    assert (bench.runs(good["id"]), bench.runs(bad["id"])) == (1, 2)


def test_a_delivery_that_could_not_be_taken_apart_at_first_loses_and_doubles_nothing(bench):
    events = drills(3)
    with bench.without("Consumer", "sqs:SendMessage"):
        id = delivered(bench, events)
        work = done(bench, id, state="waiting")
        assert "its items could not be recorded" in work["legs"]["landfall.delivery"]["error"]
        wait_for(lambda: any(bench.event(SOURCE, event["id"]) for event in events), "an event of the delivery")

    assert done(bench, id, seconds=120)["attempt"] >= 2
    for event in events:
        bench.ended(SOURCE, event["id"])
    bench.drained()
    assert [bench.runs(event["id"]) for event in events] == [1, 1, 1]


def test_events_without_ids_are_told_apart_by_their_places(bench):
    event = {"type": "drill.ok"}
    id = delivered(bench, [event, event])

    done(bench, id)
    parent = f"{SOURCE}#{key(id)}"
    items = [item for item in bench.items() if item.get("parent") == parent]
    assert len(items) == 2
    for item in items:
        assert item["event_id"].startswith("sha256:")
        bench.ended(SOURCE, item["event_id"])
        assert bench.runs(item["event_id"]) == 1


def test_large_events_go_to_the_bucket(bench):
    [large] = drills(1, pad=os.urandom(300_000).hex())
    [small] = drills(1)
    id = delivered(bench, [large, small])

    done(bench, id)
    for event in (large, small):
        bench.ended(SOURCE, event["id"])
        assert json.loads(bench.body_of(bench.event(SOURCE, event["id"]))) == event
    assert "object" in bench.event(SOURCE, large["id"])
    assert "object" not in bench.event(SOURCE, small["id"])


def test_an_empty_delivery_is_done(bench):
    id = delivered(bench, [])

    done(bench, id)
    assert bench.line("consumer", event_id=id, outcome="split")["items"] == 0


def test_a_body_that_is_no_list_of_events_is_handled_as_one(bench):
    id = bench.accepted(bench.sign(SOURCE, type="drill.ok", events="none"))

    done(bench, id)
    assert bench.runs(id) == 1
    assert bench.line("consumer", event_id=id)["outcome"] == "succeeded"


def test_many_events_are_recorded_each_once(bench):
    # No route fits them: that they are there is what counts.
    events = [{"id": new_id(), "type": "quiet"} for _ in range(100)]
    id = delivered(bench, events)

    done(bench, id)
    parent = f"{SOURCE}#{key(id)}"
    recorded = [item["event_id"] for item in bench.items() if item.get("parent") == parent]
    assert sorted(recorded) == sorted(event["id"] for event in events)
    bench.drained()
    for event in events:
        assert bench.work(SOURCE, event["id"])["state"] == "succeeded"


def test_the_command_line_shows_which_delivery_an_event_came_with(bench):
    [event] = drills(1)
    id = delivered(bench, [event])
    done(bench, id)

    shown = json.loads(bench.landfall("events", "show", SOURCE, event["id"], "--json").stdout)
    whole = json.loads(bench.landfall("events", "show", SOURCE, id, "--json").stdout)

    assert shown["parent"] == whole["key"] == key(id)
    assert whole["parent"] is None
    assert key(id) in bench.landfall("events", "show", SOURCE, event["id"]).stdout
