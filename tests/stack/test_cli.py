"""The command line against the deployed stack. What it does without one is tested with its code."""

import json

import pytest
from harness import NOTE, wait_for
from signing import PROVIDERS, new_id

FIVE = ["financbase", "formify", "orum", "self", "frontitude"]


def sent(bench, *arguments, check=True):
    """What `landfall send` prints of each delivery."""
    return json.loads(bench.landfall("send", *arguments, "--json", check=check).stdout)


def shown(bench, source, id):
    return json.loads(bench.landfall("events", "show", source, id, "--json").stdout)


@pytest.mark.parametrize("source", FIVE)
def test_a_sample_is_accepted_and_its_handler_succeeds(bench, source):
    [answer] = sent(bench, "--source", source)

    assert (answer["source"], answer["status"], answer["outcome"]) == (source, 200, "accepted")
    assert answer["ms"] > 0
    bench.ended(source, answer["event_id"])
    event = shown(bench, source, answer["event_id"])
    assert (event["state"], event["attempt"], event["event_type"]) == ("succeeded", 1, answer["event_type"])


@pytest.mark.parametrize("source", FIVE)
@pytest.mark.parametrize("how", ["--forge", "--stale", "--no-signature"])
def test_a_spoilt_sample_is_refused(bench, source, how):
    if how == "--stale" and not PROVIDERS[source].timestamp:
        result = bench.landfall("send", "--source", source, how, check=False)
        assert result.returncode == 2
        assert "signs no time" in result.stderr
        return

    [answer] = sent(bench, "--source", source, how)

    assert (answer["status"], answer["outcome"]) == (400, "refused")


# Whatever address the stand-in is reached at, signed is the URL that ingest is told, or the one that was entered.
@pytest.mark.parametrize("source", ["test-twilio", "test-square"])
def test_a_sample_whose_url_is_signed_is_accepted_and_a_forged_one_is_not(bench, source):
    [answer] = sent(bench, "--source", source)
    [forged] = sent(bench, "--source", source, "--forge")

    assert (answer["status"], forged["status"]) == (200, 400)


def test_one_event_is_delivered_as_often_as_asked(bench):
    answers = sent(bench, "--source", "financbase", "--times", "3")

    assert [answer["outcome"] for answer in answers] == ["accepted", "duplicate", "duplicate"]
    assert len({answer["event_id"] for answer in answers}) == 1


def test_type_and_id_are_those_that_were_asked_for(bench):
    id = new_id()

    [answer] = sent(bench, "--source", "financbase", "--type", "invoice.paid", "--id", id)

    assert (answer["event_id"], answer["event_type"]) == (id, "invoice.paid")
    assert bench.ended("financbase", id)["attempt"] == 1
    assert shown(bench, "financbase", id)["event_type"] == "invoice.paid"


def test_a_type_of_which_there_is_no_sample_is_said_to_have_none(bench):
    result = bench.landfall("send", "--source", "financbase", "--type", "payment.received", check=False)

    assert result.returncode == 2
    assert "payment.received" in result.stderr and "invoice.paid" in result.stderr and "--body-file" in result.stderr


def test_a_body_of_ones_own_is_sent_byte_for_byte(bench, tmp_path):
    id = new_id()
    body = f'{{ "id" : "{id}",\n"type":"drill.ok"}}\n'.encode()
    file = tmp_path / "body"
    file.write_bytes(body)

    sent(bench, "--source", "drill", "--body-file", str(file))

    assert bench.body_of(bench.event("drill", id)) == body
    bench.ended("drill", id)


def test_a_failed_event_shows_why(bench):
    [answer] = sent(bench, "--source", "drill", "--type", "drill.refuse")
    bench.ended("drill", answer["event_id"], "failed")

    event = shown(bench, "drill", answer["event_id"])
    text = bench.landfall("events", "show", "drill", answer["event_id"]).stdout

    assert (event["state"], event["last_error"]) == ("failed", "the drill asked for a permanent failure")
    assert "failed" in text and "the drill asked for a permanent failure" in text


def test_recent_events_are_listed_newest_first(bench):
    ids = [sent(bench, "--source", "drill")[0]["event_id"] for _ in range(3)]

    listed = json.loads(bench.landfall("events", "list", "--source", "drill", "--since", "10m", "--json").stdout)
    text = bench.landfall("events", "list", "--since", "10m").stdout

    assert [event["event_id"] for event in listed[:3]] == ids[::-1]
    assert {event["source"] for event in listed} == {"drill"}
    assert all(id in text for id in ids)


def test_an_event_that_is_not_there_is_said_to_be_none(bench):
    result = bench.landfall("events", "show", "drill", new_id(), check=False)

    assert result.returncode == 1
    assert result.stderr and "panicked" not in result.stderr


def test_an_unknown_source_is_answered_with_those_that_exist(bench):
    result = bench.landfall("send", "--source", "finanbase", check=False)

    assert result.returncode == 2
    assert "financbase" in result.stderr


def test_a_live_stack_is_sent_nothing_unless_asked_for(bench, tmp_path, monkeypatch):
    """The stack is this one; its note says that it is live."""
    live = tmp_path / "local.json"
    note = json.loads(NOTE.read_text())
    note["outputs"]["Environment"] = "live"
    live.write_text(json.dumps(note))
    monkeypatch.setattr("harness.NOTE", live)
    id = new_id()

    refused = bench.landfall("send", "--source", "financbase", "--id", id, check=False)
    assert refused.returncode == 2
    assert "--live" in refused.stderr
    assert bench.event("financbase", id) is None

    [answer] = sent(bench, "--source", "financbase", "--id", id, "--live")
    assert (answer["status"], answer["outcome"]) == (200, "accepted")


def test_a_stack_says_with_which_configuration_it_runs(bench, tmp_path, monkeypatch):
    # Its schedule would run it by itself, within a minute.
    bench.invoke("Sweeper", {})

    def said():
        result = bench.landfall("check", check=False)
        return result if "hasn't said" not in result.stdout else None

    same = wait_for(said, "the sweeper's word")
    assert same.returncode == 0 and "runs with this file" in same.stdout
    assert " in local" in same.stdout and " in live" not in same.stdout

    other = tmp_path / "landfall.toml"
    other.write_text('[sources.shop]\nprovider = "stripe"\n')
    differs = bench.landfall("check", "--config", str(other), "--json", check=False)
    assert differs.returncode == 1
    told = json.loads(differs.stdout)
    assert told["sources"] == {"local": 1} and told["digest"] != told["running"]["digest"]
    # The file that is named is the one that is checked, and no other is read.
    monkeypatch.setattr("harness.CONFIGURATION", tmp_path / "nowhere.toml")
    named = bench.landfall("check", str(other), "--json", check=False)
    assert (named.returncode, json.loads(named.stdout)["sources"]) == (1, {"local": 1})
