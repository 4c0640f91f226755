"""What a source refuses because its secret is wrong, kept for a while and admitted once the secret is right."""

import json
import uuid

import pytest
from harness import wait_for

SOURCE = "test-quarantined"
REFUSED = b'{"error":"refused"}'


@pytest.fixture(autouse=True)
def as_before(bench):
    """The source has the secret that it had, and nothing is open nor kept."""
    before = bench.secrets()[SOURCE]
    yield
    quarantine(bench, "close", SOURCE, "--discard")
    bench.put_secrets(bench.secrets() | {SOURCE: before})


def quarantine(bench, *arguments, check=True):
    """What `landfall quarantine` prints."""
    return json.loads(bench.landfall("quarantine", *arguments, "--json", check=check).stdout)


def listed(bench):
    [entry] = [entry for entry in quarantine(bench, "list") if entry["source"] == SOURCE]
    return entry


def is_refused(answer):
    return (answer.status, answer.body) == (400, REFUSED)


def test_what_came_while_the_secret_was_wrong_is_admitted_once_it_is_right_and_handled_once(bench, tmp_path):
    right = uuid.uuid4().hex
    first, stranger, third = (bench.sign(SOURCE, secret=secret, type="drill.ok") for secret in (right, "any", right))
    opened = quarantine(bench, "open", SOURCE, "--for", "1h", "--deliveries", "2")
    assert opened["open_until"] and listed(bench)["state"] == "open"

    assert is_refused(bench.post(first)) and is_refused(bench.post(stranger))
    bench.logged("ingest", 2, source=SOURCE, reason="forged", quarantine="kept")

    # Nothing is handled, and there is room for two.
    assert listed(bench)["kept"]["deliveries"] == 2 and listed(bench)["room"]["deliveries"] == 0
    assert is_refused(bench.post(third))
    bench.line("ingest", source=SOURCE, quarantine="closed, or full")
    assert listed(bench)["kept"]["deliveries"] == 2
    assert bench.event(SOURCE, first.event_id) is None
    wrong = quarantine(bench, "verify", SOURCE)
    assert (wrong["accepted"], wrong["refused"]) == (0, 2)

    secret = tmp_path / "secret"
    secret.write_text(right)
    bench.landfall("secrets", "set", SOURCE, "--secret-file", str(secret))
    verified = quarantine(bench, "verify", SOURCE)

    assert (verified["accepted"], verified["duplicate"], verified["refused"]) == (1, 0, 1)
    assert bench.ended(SOURCE, first.event_id)["attempt"] == 1
    assert bench.runs(first.event_id) == 1
    assert bench.event(SOURCE, stranger.event_id) is None and bench.event(SOURCE, third.event_id) is None
    assert listed(bench)["kept"]["deliveries"] == 1
    again = quarantine(bench, "verify", SOURCE)
    assert (again["accepted"], again["refused"]) == (0, 1)
    assert not [line for line in bench.log("ingest") if first.event_id in line]

    assert quarantine(bench, "close", SOURCE, "--discard")["discarded"] == 1
    assert SOURCE not in str(quarantine(bench, "list"))


def test_a_quarantine_ends_by_itself_and_fetched_keys_have_none(bench):
    quarantine(bench, "open", SOURCE, "--for", "1s")
    wait_for(lambda: listed(bench)["state"] == "closed", "the quarantine's end")

    assert is_refused(bench.post(bench.sign(SOURCE, secret="any")))

    assert listed(bench)["kept"]["deliveries"] == 0
    fetched = bench.landfall("quarantine", "open", "test-named", check=False)
    assert fetched.returncode == 2 and "its keys are fetched" in fetched.stderr
