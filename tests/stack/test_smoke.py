"""`make live-smoke`, on the local stack: it does all of its steps, and says of each what it has seen."""

import re
import subprocess
import sys

import pytest
from harness import ROOT


def smoke(bench, *arguments):
    program = [sys.executable, ROOT / "local" / "smoke.py", bench.command_folder / "landfall"]
    # What the stand-in never does is not waited for.
    quickly = ["--patience", "5", "--burst", "20"]
    environment = bench.command_environment | {"AWS_DEFAULT_REGION": bench.note["region"]}
    return subprocess.run([*program, *arguments, *quickly], cwd=ROOT, env=environment, capture_output=True, text=True)


def table(text):
    """Each line's verdict and what was seen, by what was done."""
    lines = [re.split(r" {2,}", line) for line in text.splitlines() if re.search(r" {2,}", line)]
    assert {len(line) for line in lines} == {3, 4}, text
    return {line[0]: (line[3], line[2]) for line in lines[1:]}


@pytest.mark.parametrize("arguments, why", [([], "Which stack?"), (["--stack", "landfall-e2e"], "If it may: YES=yes")])
def test_nothing_is_done_to_a_stack_that_nobody_has_named_and_given(bench, arguments, why):
    refused = smoke(bench, *arguments)
    assert refused.returncode == 1 and why in refused.stderr and not refused.stdout


def test_every_step_says_what_it_has_seen(bench):
    # Letters of other tests would keep it from trying a redrive; where there is none, the command says so by its status.
    bench.landfall("dlq", "discard", "--yes", check=False)
    told = smoke(bench, "--stack", bench.name, "--source", "drill", "--yes")
    seen = table(told.stdout)
    assert "otherwise" in told.stdout and told.returncode == 1, "this is no AWS"
    # What is of Landfall itself.
    for what, saw in {
        "a signed delivery, the first in a while": "200",
        "its work": "succeeded",
        "a forged delivery": "400",
        "raw characters in the query": "200",
        "a body for the bucket": "200",
        "a body of more than 4 MiB": "413",
        "a batch that no answer can leave in the queue": "Unhandled",
        "a message that is no ticket": "a letter",
        "encryption of queue and bucket": "queue: true; bucket: AES256",
        "the delivery's line in the log": "there",
    }.items():
        verdict, told_ = seen[what]
        assert (verdict, told_[: len(saw)]) == ("as expected", saw), what
    # And what the stand-in answers otherwise, or not at all.
    assert seen["a body that says it is JSON and is no UTF-8"] == (
        "otherwise",
        "400: its bytes were changed on the way",
    )
    for what in ("redrive of a letter of ours, to its source", "the same, to a custom destination"):
        assert seen[what][0] == "not here" and "StartMessageMoveTask" in seen[what][1]
    for what in ("expiry of the ledger", "point-in-time recovery"):
        assert seen[what][0] == "otherwise" and seen[what][1].startswith("DISABLED")
    # The stand-in reads no metrics out of the log; those that are there, other tests have put there.
    verdict, counted = seen["deliveries counted out of the log"]
    assert verdict == ("as expected" if int(counted) else "otherwise")
