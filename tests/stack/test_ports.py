"""The ports' contract, through the adapters that the functions use: on this stack's own tables and queues, and on a second
engine. Where one differs from what AWS documents, tests/ports/src/differences.rs says so."""

import subprocess

import pytest
from engines import Template, environment, moto
from harness import ROOT

SETTINGS = {
    "LANDFALL_TABLE": "TableName",
    "LANDFALL_INDEX": "IndexName",
    "LANDFALL_QUEUE_URL": "QueueUrl",
    "LANDFALL_DLQ_URL": "DlqUrl",
    "LANDFALL_BUCKET": "BucketName",
    "LANDFALL_ENROLMENT_TABLE": "EnrolmentTableName",
}


@pytest.fixture
def without_consumer(session_bench):
    """Nobody but the suite receives tickets, and what it leaves in the ledger is taken away: other tests look at all
    that is there."""
    bench = session_bench
    with bench.paused():
        before = keys(bench)
        yield bench
        client = bench.client("dynamodb")
        for pk, sk in keys(bench) - before:
            if sk in ("event", "work") or pk.startswith(("#destination#", "#heard#", "#shards")):
                client.delete_item(TableName=bench.outputs["TableName"], Key={"pk": {"S": pk}, "sk": {"S": sk}})


def keys(bench):
    return {(item["pk"], item["sk"]) for item in bench.items()}


def assert_kept(engine, environment, outputs):
    settings = {name: outputs[output] for name, output in SETTINGS.items()}
    ran = subprocess.run(
        [ROOT / ".tools/bin/ports_contract", engine],
        env=environment | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    print(ran.stdout)
    faults = [line for line in ran.stdout.splitlines() if not line.startswith(("kept ", "differs "))]
    assert ran.returncode == 0 and ran.stdout and not faults, "\n".join([*faults, ran.stderr[-3000:]])


def test_ministack_keeps_the_contract_of_the_ports(without_consumer):
    assert_kept("MiniStack", without_consumer.environment, without_consumer.outputs)


def test_moto_keeps_the_contract_of_the_ports(tmp_path):
    with moto(tmp_path / "moto.log") as endpoint:
        assert_kept("moto", environment(endpoint), Template().make(endpoint))
