"""The command line against the deployed stack. What it does without one is tested with its code."""

import http.server
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from harness import CONFIGURATION, NOTE, ROOT, free_port, serving, wait_for
from listing import Ledger
from signing import PROVIDERS, new_id

FIVE = ["financbase", "formify", "orum", "self", "frontitude"]


def sent(bench, *arguments, check=True):
    """What `landfall send` prints of each delivery."""
    return json.loads(bench.landfall("send", *arguments, "--json", check=check).stdout)


def events(bench, *which):
    return json.loads(bench.landfall("events", "list", *which, "--json").stdout)


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
    assert [event["reasons"], event["legs"]["drills"]["reason"]] == [["permanent"], "permanent"]
    assert "failed (permanent)" in text and "the drill asked for a permanent failure" in text


def test_recent_events_are_listed_newest_first(bench):
    ids = [sent(bench, "--source", "drill")[0]["event_id"] for _ in range(3)]

    listed = events(bench, "--source", "drill", "--since", "10m")["events"]
    text = bench.landfall("events", "list", "--since", "10m").stdout

    assert [event["event_id"] for event in listed[:3]] == ids[::-1]
    assert {event["source"] for event in listed} == {"drill"}
    assert all(id in text for id in ids)


def test_an_event_that_is_not_there_is_said_to_be_none(bench):
    result = bench.landfall("events", "show", "drill", new_id(), check=False)

    assert result.returncode == 1
    assert result.stderr and "panicked" not in result.stderr
    strange = bench.landfall("events", "show", "dril", new_id(), check=False)
    assert strange.returncode == 1 and "did you mean `drill`?" in strange.stderr


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


def test_an_events_log_lines_are_found_and_counted(bench):
    [answer] = sent(bench, "--source", "drill")
    sent(bench, "--source", "drill", "--forge")
    id = answer["event_id"]
    bench.ended("drill", id)

    def logged():
        told = bench.landfall("logs", "drill", id, "--json", check=False).stdout
        lines = [json.loads(line) for line in told.splitlines()]
        return lines if {line["message"] for line in lines} >= {"delivery", "attempt"} else None

    lines = wait_for(logged, "the event's lines")
    assert {(line["source"], line["event_id"]) for line in lines} == {("drill", id)}
    assert f"landfall logs drill '{id}'" in bench.landfall("events", "show", "drill", id).stdout

    counted = json.loads(bench.landfall("stats", "drill", "--since", "1h", "--json").stdout)["sources"]["drill"]
    assert counted["deliveries"]["accepted"] >= 1 and counted["reasons"]["forged"] >= 1
    assert counted["legs"]["succeeded"] >= 1 and counted["answer_ms"]["p95"] >= 0
    assert "forged" in bench.landfall("stats", "drill").stdout


def test_refused_deliveries_are_counted_listed_and_explained(bench):
    sent(bench, "--source", "drill", "--forge")
    sent(bench, "--source", "drill", "--no-signature")

    def refused(*which):
        return json.loads(bench.landfall("refused", "list", *which, "--json", check=False).stdout)

    def logged():
        told = refused("--source", "drill", "--since", "5m")
        return told if {of["reason"] for of in told["refused"]} >= {"forged", "missing"} else None

    told = wait_for(logged, "the refusals' lines")
    counted = {of["reason"]: of for of in told["reasons"]}
    assert counted["forged"]["deliveries"] >= 1 and counted["forged"]["source"] == "drill"
    forged = refused("--source", "drill", "--reason", "forged")["refused"]
    assert {of["reason"] for of in forged} == {"forged"} and forged[0]["source_ip"]
    nobody = bench.landfall("refused", "list", "--address", "198.51.100.77", check=False)
    assert nobody.returncode == 1 and "nothing was refused" in nobody.stderr

    table = bench.landfall("refused", "list", "--source", "drill").stdout
    assert forged[0]["id"] in table and "X-Drill-Signature" in table
    shown = bench.landfall("refused", "show", forged[0]["id"]).stdout
    assert "No secret of the source explains the signature" in shown and "landfall secrets list drill" in shown
    assert bench.landfall("refused", "show", "1-00000000", check=False).returncode == 1


def test_a_payload_is_shown_as_it_came_and_raw_byte_for_byte(bench, tmp_path):
    id = new_id()
    body = f'{{"id":"{id}","type":"drill.ok","amount":1.10,"big":12345678901234567890}}'
    file = tmp_path / "body"
    file.write_text(body)
    sent(bench, "--source", "drill", "--body-file", str(file))

    text = bench.landfall("events", "show", "drill", id).stdout
    assert '"amount": 1.10' in text and '"big": 12345678901234567890' in text
    assert bench.landfall("events", "show", "drill", id, "--raw").stdout == body
    assert "amount" not in bench.landfall("events", "show", "drill", id, "--no-body").stdout


def test_a_stack_that_is_named_is_not_the_one_that_a_folder_notes(bench, tmp_path):
    (tmp_path / ".landfall").mkdir()
    note = json.loads(NOTE.read_text()) | {"stack": "landfall-live"}
    (tmp_path / ".landfall" / "local.json").write_text(json.dumps(note))
    environment = bench.environment | {"LANDFALL_CONFIG": str(CONFIGURATION)}
    command = [bench.command_folder / "landfall", "sources", "--stack", "landfall-live"]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert result.returncode == 1
    assert "there is no stack `landfall-live` in us-east-1" in result.stderr


def test_what_failed_is_found_among_what_failed_and_listings_go_on_with_a_cursor(bench):
    start = datetime.now(timezone.utc).isoformat()
    ids = [sent(bench, "--source", "drill", "--type", "drill.refuse")[0]["event_id"] for _ in range(3)]
    for id in ids:
        bench.ended("drill", id, "failed")
    for _ in range(3):
        sent(bench, "--source", "drill")

    failed = events(bench, "--state", "failed", "--source", "drill", "--error", "the drill asked")
    assert [event["event_id"] for event in failed["events"]][:3] == ids[::-1]
    assert {event["state"] for event in failed["events"]} == {"failed"}
    # What succeeded wasn't looked at.
    everything = events(bench, "--since", start)
    assert len(everything["events"]) >= 6 and everything["cursor"] is None
    of_start = events(bench, "--state", "failed", "--since", start)
    assert of_start["looked_at"] < everything["looked_at"]

    # As many lines as there are, two at a time, and none twice.
    pages, cursor = [], []
    while True:
        page = events(bench, "--source", "drill", "--since", start, "--limit", "2", *cursor)
        pages += [event["event_id"] for event in page["events"]]
        if page["cursor"] is None:
            break
        cursor = ["--cursor", page["cursor"]]
    assert pages == [event["event_id"] for event in everything["events"] if event["source"] == "drill"]
    cut = bench.landfall("events", "list", "--source", "drill", "--limit", "2")
    assert "there are more" in cut.stderr and "--cursor" in cut.stderr


def test_what_failed_costs_what_failed_whatever_else_was_received(bench, tmp_path):
    with Ledger(bench.note["endpoint"], tmp_path).made() as ledger:
        ledger.add(0, 4, "exhausted")
        ledger.add(4, 2, "permanent")
        ledger.add(6, 10)
        failed, permanent = ("--state", "failed"), ("--reason", "permanent")
        with_ten = ledger.listed(*failed), ledger.listed(*permanent)
        ledger.add(16, 490)
        with_five_hundred = ledger.listed(*failed), ledger.listed(*permanent)
        # Everything else costs what was received.
        since = ledger.listed("--since", "2026-09-01", "--state", "unclaimed")

    assert with_ten == with_five_hundred
    by_state, by_reason = with_ten
    assert by_state.calls == (("GetItem", 1), ("Query", 6), ("BatchGetItem", 12))
    # Of the others' entries their items aren't read.
    assert (by_state.events, by_reason.events) == (6, 2)
    assert by_reason.calls == (("GetItem", 1), ("Query", 6), ("BatchGetItem", 4))
    assert since.count("Query") >= 506 and len(since.calls) > 20


def test_what_failed_is_replayed_and_leaves_the_index_when_it_has_succeeded(bench):
    id, mend = bench.unreadable()
    assert id in {event["event_id"] for event in events(bench, "--state", "failed")["events"]}
    mend()

    dry = bench.landfall("events", "replay", "drill", "--state", "failed", "--id", id, check=False)
    assert dry.returncode == 2 and "1 event of drill again: give --yes" in dry.stderr and id in dry.stdout
    replayed = bench.landfall("events", "replay", "drill", "--state", "failed", "--id", id, "--yes", "--json")
    assert json.loads(replayed.stdout)["replayed"] == 1
    told = bench.landfall("logs", "--operators", "--since", "5m", "--json").stdout
    lines = [line for line in map(json.loads, told.splitlines()) if line.get("filter", {}).get("id") == id]
    assert [(line["message"], line["outcome"], line["count"]) for line in lines] == [
        ("replay", "begun", 1),
        ("replay", "done", 1),
    ]
    assert lines[0]["filter"] == {"source": "drill", "state": ["failed"], "id": id}
    assert lines[0]["who"].startswith("arn:aws:") and "not in the operators' log" not in replayed.stderr
    bench.ended("drill", id)
    wait_for(lambda: id not in str(events(bench, "--state", "failed")), "it to leave the index")

    done = bench.landfall("events", "replay", "drill", "--since", "1h", "--id", id, "--yes", check=False)
    assert done.returncode == 1 and "it succeeded: --again" in done.stderr


def test_two_people_who_replay_at_once_have_it_run_once(bench):
    id = bench.accepted(bench.sign("drill", type="drill.ok"))
    bench.ended("drill", id)

    with bench.paused(), ThreadPoolExecutor() as pool:
        replay = ("events", "replay", "drill", id, "--again", "--yes", "--json")
        told = list(pool.map(lambda _: bench.landfall(*replay), range(2)))

    assert [json.loads(result.stdout)["replayed"] for result in told] == [1, 1]
    bench.ended("drill", id, attempt=2)
    # The other ticket is put back as long as the first one's run holds the claim.
    bench.line("consumer", event_id=id, why="replay", outcome="dropped")
    assert bench.runs(id) == 2


def test_a_replay_that_is_killed_is_taken_up_where_it_was(bench):
    name = new_id()
    ids = [f"{name}-{number}" for number in range(3)]
    for id in ids:
        bench.accepted(bench.sign("drill", body=json.dumps({"id": id, "type": "drill.ok"}).encode()))
        bench.ended("drill", id)
    replay = ["events", "replay", "drill", "--since", "10m", "--id", name, "--again", "--yes"]

    process = subprocess.Popen(
        [bench.command_folder / "landfall", "--stack", bench.name, *replay, "--rate", "1"],
        cwd=ROOT,
        env=bench.command_environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = next(line for line in process.stderr if "1 of 3" in line)
    process.kill()
    process.communicate()
    cursor = first.split("--cursor ")[1].strip()
    rest = json.loads(bench.landfall(*replay, "--cursor", cursor, "--json").stdout)

    assert rest["replayed"] == 2
    for id in ids:
        bench.ended("drill", id, attempt=2)
    # The newest was asked for before; the next may have been on its way.
    assert [bench.runs(ids[2]), bench.runs(ids[0])] == [2, 2] and bench.runs(ids[1]) in (2, 3)
    told = bench.landfall("logs", "--operators", "--since", "5m", "--json").stdout
    outcomes = [line["outcome"] for line in map(json.loads, told.splitlines()) if line["filter"].get("id") == name]
    assert outcomes == ["begun", "begun", "done"]


class Throttled(http.server.BaseHTTPRequestHandler):
    """Refuses each call as DynamoDB and SQS refuse what is too much."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        of_sqs = self.headers["x-amz-target"].startswith("AmazonSQS")
        code = "RequestThrottled" if of_sqs else "ProvisionedThroughputExceededException"
        body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "Rate exceeded"}).encode()
        self.send_response(400)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_throttled_command_says_so_and_does_nothing(bench, tmp_path, monkeypatch):
    with serving(free_port(), Throttled) as aws:
        note = json.loads(NOTE.read_text()) | {"endpoint": f"http://127.0.0.1:{aws.server_address[1]}"}
        file = tmp_path / "local.json"
        file.write_text(json.dumps(note))
        monkeypatch.setattr("harness.NOTE", file)
        for command in [
            ("events", "list", "--state", "failed"),
            ("events", "replay", "drill", new_id(), "--yes"),
            ("dlq", "redrive", "--yes"),
        ]:
            result = bench.landfall(*command, check=False)
            assert result.returncode == 1 and result.stdout == "", command
            assert "AWS has had too many calls for now" in result.stderr and "try again in a minute" in result.stderr
            assert "Exceeded" not in result.stderr and "Throttled" not in result.stderr


def test_a_payload_is_searched_for_and_exported_as_it_came(bench, tmp_path):
    id, word = new_id(), new_id()
    body = f'{{"id":"{id}","type":"drill.ok","word":"{word}","amount":1.10}}'
    file, into = tmp_path / "body", tmp_path / "events.jsonl"
    file.write_text(body)
    sent(bench, "--source", "drill", "--body-file", str(file))

    found = json.loads(bench.landfall("events", "search", word, "--json").stdout)["events"]
    assert [event["event_id"] for event in found] == [id]
    said = bench.landfall("events", "export", "--contains", word, "--into", str(into)).stderr
    [line] = into.read_text().splitlines()
    assert json.loads(line)["body"] == body and "1 events, which are all" in said


def test_a_stack_says_how_it_is_and_what_must_hold_of_it(bench):
    [answer] = sent(bench, "--source", "drill", "--type", "drill.refuse")
    bench.ended("drill", answer["event_id"], "failed")

    told = json.loads(bench.landfall("status", "--json").stdout)
    assert told["failed"] >= 1 and told["letters"] >= 1 and told["environment"] == "local"
    assert "DlqNotEmptyAlarm" in told["alarms"]["states"] and told["month"]["usd"] > 0
    assert told["lately"]["answer_ms"]["p99"] >= told["lately"]["answer_ms"]["p50"] >= 0
    assert "oldest_ticket" in told
    text = bench.landfall("status").stdout
    assert "failed" in text and "last sweep" in text and "DELIVERIES" in text
    assert "an estimate" in text and "alarms" in text and "oldest ticket" in text

    # Says with its start of which version it is.
    bench.invoke("Sweeper", {})
    # The stand-in for CloudFormation leaves a time to live out, and the tests a source without its secret.
    checked = bench.landfall("doctor", "--json", check=False)
    verdicts = {check["check"]: check["verdict"] for check in json.loads(checked.stdout)}
    assert checked.returncode == 1
    for what in [
        "the consumer gets its tickets",
        "one ticket that fails takes no other with it",
        "the queue has a dead-letter queue",
        "letters are kept for longer than tickets",
        "stack and command are of one version",
        "this machine's clock is AWS's",
    ]:
        assert verdicts[what] == "good", what
    assert verdicts["every source has a secret"] == "wrong"


def test_a_sample_is_changed_signed_anew_and_sent_as_several_events(bench):
    answers = sent(
        bench, "--source", "financbase", "--set", "note.exact=1.10", "--set", "note.text=paid", "--repeat", "2"
    )

    assert [answer["outcome"] for answer in answers] == ["accepted", "accepted"]
    assert len({answer["event_id"] for answer in answers}) == 2
    body = bench.landfall("events", "show", "financbase", answers[1]["event_id"], "--raw").stdout
    assert '"note":{"exact":1.10,"text":"paid"}' in body


def test_an_event_of_the_ledger_is_sent_again_as_another_and_as_itself(bench, tmp_path):
    id = f"evt_{new_id()}"
    body = f'{{ "id" : "{id}", "type": "drill.ok", "amount": 1.10, "big": 12345678901234567890 }}'
    file = tmp_path / "body"
    file.write_text(body)
    sent(bench, "--source", "drill", "--body-file", str(file))

    [other] = sent(bench, "--from", "drill", id, "--set", "amount=2.50")
    assert other["outcome"] == "accepted" and other["event_id"].startswith("evt_") and other["event_id"] != id
    shown_body = bench.landfall("events", "show", "drill", other["event_id"], "--raw").stdout
    assert shown_body == body.replace(id, other["event_id"]).replace("1.10", "2.50")
    [same] = sent(bench, "--from", "drill", id, "--same-id")
    assert (same["outcome"], same["event_id"]) == ("duplicate", id)

    missing = bench.landfall("send", "--from", "drill", new_id(), check=False)
    assert (missing.returncode, missing.stdout) == (1, "")
    live = bench.landfall("send", "--from", "drill", id, "--live", check=False)
    assert live.returncode == 2


def test_a_body_is_changed_in_an_editor(bench, monkeypatch):
    monkeypatch.setenv("VISUAL", "sed -i s/octocat/monalisa/")
    [answer] = sent(bench, "--source", "github", "--edit")

    assert answer["outcome"] == "accepted"
    body = bench.landfall("events", "show", "github", answer["event_id"], "--raw").stdout
    assert "monalisa" in body and "octocat" not in body


# An id in a header that isn't signed, in JSON, and a key pair of this machine's.
@pytest.mark.parametrize("source", ["github", "svix", "orum"])
def test_whatever_signs_an_event_of_the_ledger_signs_it_anew(bench, source):
    [first] = sent(bench, "--source", source)
    [second] = sent(bench, "--from", source, first["event_id"], "--set", "landfall_test=1")

    assert second["outcome"] == "accepted" and second["event_id"] != first["event_id"]
    assert second["event_type"] == first["event_type"]
