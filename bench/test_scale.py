"""The arithmetic of how the consumer and the sweeper grow. Nothing here is measured."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import page
import scale
from contestants import functions


def rows(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def test_a_batch_is_told_by_its_tickets():
    # Ten tickets in 5 ms of a processor, one batch each 8 ms.
    batch = {"p50_ms": 7.5, "p99_ms": 9, "cpu_ms": 5, "each_ms": 8, "calls": 40, "batch": 10, "routes": 1}
    assert rows(scale.consumer_table([batch])) == [["10", "1", "7.50 / 9.00", "0.500", "4.0", "1,250", "2,000"]]


def test_what_an_overdue_event_costs_is_what_a_sweep_takes_more_than_at_rest():
    rest = {"calls": 11, "cpu_ms": 1}
    found = [{"overdue": 100, "calls": 25, "cpu_ms": 6, "p50_ms": 9}]
    assert rows(scale.healing_table(found, rest)) == [["100", "25.0", "0.140", "9.00", "6.00", "0.0500"]]


def test_every_table_has_its_part():
    block = {"p50_ms": 1, "p99_ms": 1, "cpu_ms": 1, "each_ms": 1, "calls": 1}
    raw = {
        "consumer": [block | {"batch": 1, "routes": 1}],
        "at_rest": [{"sources": 1_000, "quiet": block, "watched": block}],
        "healing": [block | {"overdue": 1}],
    }
    assert tuple(scale.tables({"scale": raw})) == scale.PARTS
    assert set(scale.PARTS) <= set(page.PARTS)


def test_each_route_is_that_of_the_configuration_under_a_name_of_its_own(tmp_path):
    text = scale.many_routes(tmp_path, 5).read_text()
    assert text.count("[sources.hooks]") == 1
    assert [f"[routes.invoices-{at}]" in text for at in range(6)] == [True] * 5 + [False]
    assert text.count('to = "handler:financbase-invoice"') == 5


def test_overdue_events_are_older_than_the_first_look_and_younger_than_the_second():
    told = functions(Path())["sweeper"].environment["LANDFALL_SWEEP_AGES_SECONDS"]
    first, second, *_ = map(int, told.split(","))
    assert first < scale.AGE_SECONDS < second
    times = [int(item["at"]["N"]) for item in scale.overdue(1_000)]
    assert times == sorted(times)
    assert len({item["pk"]["S"] for item in scale.overdue(1_000)}) == 1_000
