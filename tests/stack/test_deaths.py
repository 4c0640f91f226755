"""What becomes of events whose handlers kill their process or never end. In a file of their own: what a process has
written last may die with it, so no test that looks for a line of the consumer's log runs beside these."""

import pytest
from bench import attributes, leg
from harness import wait_for

# The parameters of the stack in samconfig.toml.
TRIES = 4


@pytest.fixture(scope="module")
def slow(session_bench):
    """Events whose ends take their time, for leases and visibility timeouts must lapse. All are sent before the first of
    these tests."""
    bench = session_bench
    # One batch.
    with bench.paused():
        poison = bench.accepted(bench.sign("drill", type="drill.exit"))
        neighbours = [bench.accepted(bench.sign("drill")) for _ in range(4)]
    wait_for(lambda: bench.runs(poison), "the first death")
    once = bench.accepted(bench.sign("drill", type="drill.exit", times=1))
    sleeper = bench.accepted(bench.sign("drill", type="drill.slow", ms=60_000))
    return {"poison": poison, "neighbours": neighbours, "once": once, "sleeper": sleeper}


def test_an_event_whose_process_died_is_taken_over(bench, slow):
    work = bench.ended("drill", slow["once"])

    assert bench.runs(slow["once"]) >= 2
    assert work["attempt"] >= 2


def test_a_handler_that_overruns_its_time_is_cut_off_and_given_up(bench, slow):
    work = bench.ended("drill", slow["sleeper"], "failed", seconds=120)

    assert leg(work)["tries"] == TRIES
    assert attributes(bench.letter(slow["sleeper"]))["reason"] == "exhausted"


def test_an_event_that_always_kills_its_process_ends_failed_and_its_neighbours_succeed(bench, slow):
    for id in slow["neighbours"]:
        assert leg(bench.ended("drill", id, seconds=120))["tries"] < TRIES
    work = bench.ended("drill", slow["poison"], "failed", seconds=180)

    assert (work["attempt"], leg(work)["tries"]) == (TRIES + 1, TRIES)
    assert bench.runs(slow["poison"]) == TRIES
    said = attributes(bench.letter(slow["poison"]))
    assert (said["reason"], said["error"]) == ("exhausted", "the last attempt never came back")


def test_in_the_end_no_ticket_is_left(bench):
    bench.drained(120)
