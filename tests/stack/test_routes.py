"""`landfall routes` and `landfall events replay`, on events of the deployed stack."""

import json

import pytest
from harness import CONFIGURATION, wait_for
from signing import new_id

ROUTES = """
[destinations.desk]
http = "http://127.0.0.1:9/desk"

[routes.marked]
from = ["drill"]
where = { mark = ["MARK"] }
to = "desk"

[routes.small]
from = ["drill"]
types = ["drill.*"]
where = { mark = ["MARK"], amount = [{ numeric = ["<", LIMIT] }] }
to = "desk"
headers = { X-Team = "billing" }
body = { id = "{json:id}", BODY }
order_by = { entity = "{json:id}", version = "{json:amount}" }
"""


def routes(file, mark, limit=10, body='amount = "{json:amount}"'):
    """A configuration with the sources of the tests and these routes, which the stack doesn't run with."""
    written = ROUTES.replace("MARK", mark).replace("LIMIT", str(limit)).replace("BODY", body)
    file.write_text(CONFIGURATION.read_text() + written)
    return str(file)


def drill(bench, tmp_path, **more):
    """An event of the drill, done; its id."""
    event = {"id": new_id(), "type": "drill.ok"} | more
    file = tmp_path / "body.json"
    file.write_text(json.dumps(event))
    bench.landfall("send", "--source", "drill", "--body-file", str(file))
    bench.ended("drill", event["id"])
    return event["id"]


@pytest.fixture
def mark():
    """By which the events of one test are told from all others."""
    return new_id()


def told(bench, *arguments, check=True):
    return json.loads(bench.landfall("routes", *arguments, "--json", check=check).stdout)


def test_an_event_is_told_which_routes_it_goes_and_by_which_field_it_does_not(bench, tmp_path, mark):
    edited = routes(tmp_path / "edited.toml", mark)
    small = drill(bench, tmp_path, mark=mark, amount=5)
    # A number that no time and no folder has in it by chance.
    great = drill(bench, tmp_path, mark=mark, amount=987_654_321)

    explained = told(bench, "explain", "drill", small, "--config", edited, "--body")
    by_name = {route["route"]: route for route in explained["routes"]}
    assert by_name["marked"]["matches"] and by_name["marked"]["sends"]["original"]
    assert by_name["small"]["order"] == {"entity": small, "version": "5", "kind": "number"}
    assert json.loads(by_name["small"]["sends"]["body"]) == {"id": small, "amount": 5}
    assert by_name["small"]["sends"]["headers"] == {"X-Team": "billing"}

    text = bench.landfall("routes", "explain", "drill", great, "--config", edited).stdout
    assert "`amount` (numeric)" in text and "987654321" not in text
    missing = bench.landfall("routes", "explain", "drill", new_id(), "--config", edited, check=False)
    assert missing.returncode == 1 and "has no event" in missing.stderr


def test_an_edited_file_is_compared_with_another_over_the_events_that_came_in(bench, tmp_path, mark):
    before = routes(tmp_path / "before.toml", mark, limit=10)
    now = routes(tmp_path / "now.toml", mark, limit=100, body='amount = "{json:amount}", kind = "drill"')
    small = drill(bench, tmp_path, mark=mark, amount=5)
    great = drill(bench, tmp_path, mark=mark, amount=50)
    drill(bench, tmp_path, mark=mark)
    arguments = ["test", "--source", "drill", "--since", "10m"]

    compared = told(bench, *arguments, "--config", now, "--against", before, "--body")
    assert compared["looked_at"] >= 3 and not compared["stopped"]
    assert compared["routes"]["marked"]["matches"]["events"] == 3
    counts = {word: found["events"] for word, found in compared["routes"]["small"].items() if word != "is_there"}
    assert counts == {"matches": 2, "newly": 1, "no_longer": 0, "fails": 0, "changed": 1}
    sample = compared["routes"]["small"]["changed"]["sample"]
    assert sample["event_id"] == small and '+  "kind": "drill"' in sample["difference"]
    assert compared["routes"]["small"]["newly"]["sample"]["event_id"] == great

    # Each event went `drills`, and no other route.
    went = told(bench, *arguments, "--config", now)
    assert went["compared_with"] == "legs" and went["routes"]["marked"]["newly"]["events"] == 3
    assert went["routes"]["drills"]["newly"]["events"] == 0

    back = told(bench, *arguments, "--config", before, "--against", now)
    assert back["routes"]["small"]["no_longer"]["events"] == 1
    assert "difference" not in back["routes"]["small"]["changed"]["sample"]


def test_what_is_expected_of_a_route_decides_the_exit_status(bench, tmp_path, mark):
    edited = routes(tmp_path / "edited.toml", mark)
    drill(bench, tmp_path, mark=mark, amount=5)
    drill(bench, tmp_path, mark=mark, amount=50)
    arguments = ["routes", "test", "--source", "drill", "--since", "10m", "--config", edited]

    def run(*more):
        return bench.landfall(*arguments, *more, check=False)

    met = run("--expect", "small=1", "--expect", "marked=1..")
    assert met.returncode == 0, met.stderr
    unmet = run("--expect", "small=2..")
    assert unmet.returncode == 1 and "small=2..: the route matches 1 events" in unmet.stderr
    unknown = run("--expect", "small2=1")
    assert unknown.returncode == 2 and "did you mean `small`" in unknown.stderr
    # One event is looked at, and others are known to be there.
    stopped = run("--limit", "1", "--expect", "small=..5")
    assert stopped.returncode == 1 and "--limit stopped it" in stopped.stdout and "raise --limit" in stopped.stderr


def test_an_event_says_of_every_route_what_became_of_it(bench, tmp_path, mark):
    edited = routes(tmp_path / "edited.toml", mark)
    great = drill(bench, tmp_path, mark=mark, amount=50)

    shown = bench.landfall("events", "show", "drill", great, "--config", edited, "--json")
    event = json.loads(shown.stdout)
    assert {route: leg["state"] for route, leg in event["legs"].items()} == {"drills": "succeeded"}
    assert event["not_matched"]["small"] == "not met: `amount` (numeric)"
    assert event["not_matched"]["invoices"] == "it is of another source"
    assert event["without_leg"] == ["marked"]
    # The stack's own file is another one, which its sweeper says once it has run.
    bench.invoke("Sweeper", {})
    wait_for(
        lambda: (
            "runs with another configuration"
            in bench.landfall("events", "show", "drill", great, "--config", edited).stderr
        ),
        "the word that the stack runs with another file",
    )
    assert "runs with another" not in bench.landfall("events", "show", "drill", great).stderr


def test_an_event_that_succeeded_is_run_again_when_a_person_says_so(bench, tmp_path):
    id = drill(bench, tmp_path)
    runs = bench.runs(id)

    done = bench.landfall("events", "replay", "drill", id, "--yes", check=False)
    assert done.returncode == 1 and "it succeeded: --again" in done.stderr
    unasked = bench.landfall("events", "replay", "drill", id, "--again", check=False)
    assert unasked.returncode == 2 and "--yes" in unasked.stderr

    replayed = bench.landfall("events", "replay", "drill", id, "--again", "--yes", "--json")
    assert json.loads(replayed.stdout)["replayed"] == 1
    wait_for(lambda: bench.runs(id) == runs + 1, "the second run")
    bench.ended("drill", id)
    assert json.loads(bench.landfall("events", "show", "drill", id, "--json").stdout)["epoch"] == 1

    none = bench.landfall("events", "replay", "drill", new_id(), "--yes", check=False)
    assert none.returncode == 1 and "there is no such event" in none.stderr


def test_one_leg_is_run_again_by_its_route(bench, tmp_path):
    id = drill(bench, tmp_path)
    runs = bench.runs(id)
    replay = ["events", "replay", "--yes", "--again", "--route"]

    bench.landfall(*replay, "drills", "drill", id)
    wait_for(lambda: bench.runs(id) == runs + 1, "the second run")

    other = bench.landfall(*replay, "invoices", "drill", id, check=False)
    assert other.returncode == 1 and "it doesn't go `invoices`: it is of another source" in other.stderr
    unknown = bench.landfall(*replay, "drill", "drill", id, check=False)
    assert unknown.returncode == 2 and "did you mean `drills`" in unknown.stderr


def test_all_that_came_in_lately_is_run_again(bench):
    id = json.loads(bench.landfall("send", "--source", "formify", "--json").stdout)[0]["event_id"]
    bench.ended("formify", id)

    replayed = bench.landfall("events", "replay", "formify", "--since", "10m", "--again", "--yes", "--json")
    assert json.loads(replayed.stdout)["replayed"] >= 1

    def leg():
        return json.loads(bench.landfall("events", "show", "formify", id, "--json").stdout)["legs"]["counted"]

    wait_for(lambda: leg()["epoch"] == 1 and leg()["state"] == "succeeded", "the second run")


def test_an_event_without_a_route_is_told_from_one_that_succeeded(bench, tmp_path):
    id = new_id()
    file = tmp_path / "body.json"
    file.write_text(json.dumps({"id": id, "type": "other.type"}))
    bench.landfall("send", "--source", "drill", "--body-file", str(file))

    def shown():
        return json.loads(bench.landfall("events", "show", "drill", id, "--json").stdout)

    wait_for(lambda: shown()["state"] == "unrouted", "the event to be looked at")
    assert shown()["not_matched"]["drills"] == "it is of another type"
    told = json.loads(bench.landfall("events", "list", "--source", "drill", "--since", "10m", "--json").stdout)
    listed = told["events"]
    assert {event["event_id"]: event["state"] for event in listed}[id] == "unrouted"
