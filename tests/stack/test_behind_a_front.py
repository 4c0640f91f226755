"""Ingest behind a front: what infra/front.yaml has CloudFront send, and what a stranger sends who knows the stack's own address."""

import json
from contextlib import contextmanager

import pytest
from bench import REFUSED
from harness import wait_for
from signing import new_id

OLD, NEW, STRANGERS = "old-" * 12, "new-" * 12, "strangers-" * 5


@contextmanager
def deployed(bench):
    """Deliveries come to a version of ingest as it is told now, and afterwards to that of before."""
    client, alias = bench.client("lambda"), {"FunctionName": bench.outputs["IngestFunctionName"], "Name": "live"}
    before = client.get_alias(**alias)["FunctionVersion"]
    version = client.publish_version(FunctionName=alias["FunctionName"])["Version"]
    client.update_alias(**alias, FunctionVersion=version)
    try:
        yield
    finally:
        client.update_alias(**alias, FunctionVersion=before)


@pytest.fixture(scope="module")
def front(session_bench):
    """Ingest is told of a front's secret, which holds the texts `a` and `b`."""
    bench = session_bench
    secrets = bench.client("secretsmanager")
    arn = secrets.create_secret(Name=f"front-{new_id()}", SecretString=json.dumps({"a": OLD, "b": ""}))["ARN"]
    with (
        bench.stating("Ingest", "Allow", "secretsmanager:GetSecretValue", arn),
        bench.told_otherwise("Ingest", LANDFALL_FRONT_SECRET_ID=arn),
        deployed(bench),
    ):
        # The processes of before are gone.
        wait_for(lambda: bench.post(bench.sign("self")).status == 403, "ingest to be behind the front")
        yield arn
    wait_for(lambda: bench.post(bench.sign("self")).status == 200, "ingest to be without a front")


def through(bench, shown, viewer="192.0.2.7", source="self"):
    """A delivery as CloudFront passes it on."""
    return bench.post(bench.sign(source), X_Landfall_Front=shown, X_Landfall_Viewer=viewer)


def test_what_comes_by_the_front_is_accepted_and_seen_as_the_front_saw_it(bench, front):
    answer = through(bench, OLD)

    assert (answer.status, answer.json["outcome"]) == (200, "accepted")
    line = bench.line("ingest", event_id=answer.json["event_id"])
    assert line["source_ip"] == "192.0.2.7"
    assert OLD not in json.dumps(bench.lines("ingest"))


def test_what_comes_past_the_front_is_refused_with_no_call_and_its_headers_are_not_believed(bench, front):
    with bench.calls() as calls:
        for headers in ({}, {"X_Landfall_Front": ""}, {"X_Landfall_Viewer": "192.0.2.7"}):
            answer = bench.post(bench.sign("self"), CloudFront_Viewer_Address="192.0.2.7:443", **headers)
            assert (answer.status, answer.body) == (403, REFUSED)
    assert calls == []
    for line in bench.logged("ingest", 3, reason="front"):
        assert line["source_ip"] != "192.0.2.7"
        assert "source" not in line


def test_a_text_that_is_none_of_the_secrets_is_refused(bench, front):
    # The first one has the secret read, where the last read was a while ago.
    assert {through(bench, STRANGERS).status for _ in range(3)} == {403}


def test_the_text_that_is_sent_is_replaced_and_no_delivery_is_lost(bench, front):
    secrets = bench.client("secretsmanager")
    secrets.put_secret_value(SecretId=front, SecretString=json.dumps({"a": OLD, "b": NEW}))
    # The stack's secrets are read again every two seconds.
    wait_for(lambda: {through(bench, OLD).status, through(bench, NEW).status} == {200}, "both to be known")
    secrets.put_secret_value(SecretId=front, SecretString=json.dumps({"a": STRANGERS, "b": NEW}))
    wait_for(lambda: {through(bench, NEW).status, through(bench, OLD).status} == {200, 403}, "the old one to be gone")
