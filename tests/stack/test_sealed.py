"""What a provider encrypts: opened by the deployed consumer for whoever gets the event, and kept as it came."""

import json

import pytest
from harness import ROOT, wait_for
from signing import new_id
from test_secrets import destination_secrets
from test_ways import QUEUE, taken

SOURCE = "test-sealed"
EVENTS = json.loads((ROOT / "tests/support/src/sealed/vectors.json").read_text())
# The notification of the tests of Microsoft's library, and the name that these give the certificate.
MICROSOFT = next(event for event in EVENTS if event["name"] == "microsoft_sdk")
CERTIFICATE = "custom-id-for-testing"
KEY = ROOT / "tests/support/src/sealed/microsoft.pem"


@pytest.fixture
def key_to_come(bench):
    """Nobody has stored the source's private key. What the test stores goes again."""
    kept = bench.folder / "destination-secrets.json"
    before, kept_before = destination_secrets(bench), kept.read_bytes()
    assert f"source:{SOURCE}" not in before
    yield before
    bench.client("secretsmanager").put_secret_value(
        SecretId=bench.outputs["DestinationSecretArn"], SecretString=json.dumps(before)
    )
    kept.write_bytes(kept_before)


def delivered(bench, item, tmp_path):
    """Has this item delivered beside nothing else."""
    file = tmp_path / "notification.json"
    file.write_text(json.dumps({"value": [item], "validationTokens": ["a.b.c"]}))
    sent = bench.landfall("send", "--source", SOURCE, "--body-file", file, "--json")
    (answer,) = json.loads(sent.stdout)
    assert answer["status"] == 202


def recorded(bench, id):
    """The item's event and its work, when there is one. Its key has a digest, for nothing signs its id."""
    items = {(item["pk"], item["sk"]): item for item in bench.items()}
    keys = [pk for pk, sk in items if sk == "event" and pk.startswith(f"{SOURCE}#{id}#")]
    return (keys[0], items.get((keys[0], "work"))) if keys else (None, None)


def test_a_notification_waits_for_its_key_and_is_then_opened_for_conditions_and_destinations(
    bench, key_to_come, tmp_path
):
    queue = bench.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    id = new_id()
    item = json.loads(MICROSOFT["body"]) | {"id": id}
    delivered(bench, item, tmp_path)

    def waits():
        key, work = recorded(bench, id)
        return (key, work) if work and work["state"] == "waiting" else None

    key, work = wait_for(waits, "the event to wait for its key")
    (leg,) = work["legs"].values()
    assert "private keys" in leg["error"]
    told = bench.landfall("secrets", "set", SOURCE, "--certificate", CERTIFICATE, "--secret-file", KEY, "--json")
    assert json.loads(told.stdout)["active"] == 1
    stored = destination_secrets(bench)[f"source:{SOURCE}"]
    assert stored == [{"value": KEY.read_text().removesuffix("\n"), "label": CERTIFICATE}]

    body, attributes = taken(bench, queue, id)

    opened = json.loads(MICROSOFT["expect"]["opens"])["decryptedContent"]
    assert opened["body"]["content"] == "Hello World"
    assert json.loads(body) == {"id": id, "text": "Hello World"}
    assert attributes["landfall-route"] == "sealed"
    source, _, of_ledger = key.partition("#")
    bench.ended(source, of_ledger)
    # The ledger has it as it came, and nothing that was logged has a word of it.
    kept = json.loads(bench.body_of(bench.event(source, of_ledger)))
    assert kept["encryptedContent"] == item["encryptedContent"] and "decryptedContent" not in kept
    shown = bench.landfall("events", "show", SOURCE, of_ledger, "--raw").stdout
    assert "Hello World" not in shown and item["encryptedContent"]["dataKey"] in shown
    for function in ("ingest", "consumer"):
        assert "Hello World" not in bench.log(function)
    assert bench.landfall("secrets", "unused", "--json").stdout.count(f"source:{SOURCE}") == 0


def test_a_notification_that_was_tampered_with_goes_to_a_person(bench, key_to_come, tmp_path):
    bench.landfall("secrets", "set", SOURCE, "--certificate", CERTIFICATE, "--secret-file", KEY)
    id = new_id()
    item = json.loads(MICROSOFT["body"]) | {"id": id}
    item["encryptedContent"]["dataSignature"] = "A" * 43 + "="
    delivered(bench, item, tmp_path)

    def failed():
        _, work = recorded(bench, id)
        return work if work and work["state"] == "failed" else None

    work = wait_for(failed, "the event to fail")
    (leg,) = work["legs"].values()
    assert leg["error"] == "the signature of what is encrypted doesn't hold"
    letter = bench.letter(id)
    assert letter


def test_only_private_keys_of_a_source_that_has_a_use_for_one_are_stored(bench, key_to_come):
    for source, *options in [
        (SOURCE, "--certificate", "a"),
        ("stripe", "--certificate", "a"),
        ("destination:dead", "--certificate", "a"),
        (SOURCE, "--certificate", "a\nb"),
        (SOURCE, "--certificate", "a", "--verify-token"),
    ]:
        refused = bench.landfall("secrets", "set", source, *options, check=False, input="hush")
        assert refused.returncode in (1, 2), options
        assert refused.stderr and "hush" not in refused.stderr
    assert destination_secrets(bench) == key_to_come
