"""How the consumer's cost goes with its batch, and the sweeper's with sources and with what it finds."""

import time

import deliveries
import figures
from contestants import CONFIG
from figures import number, table
from measure import WARM_UP, expect, many_sources, some, sweeps

# The template gives the consumer ten tickets at most.
BATCHES = (1, 2, 5, 10)
ROUTES = (1, 5)
TICKETS = 1_000

SOURCES = (1, 100, 1_000)
SWEEPS = 50

OVERDUE = (1, 100, 1_000)
# Sweeps that find so many; of those before them nothing is told.
ROUNDS, WARM_ROUNDS = 15, 3
# Past the first look of `contestants.functions`, and before the second.
AGE_SECONDS = 300

START = 10_000_000


def measured(bench, folder):
    return {
        "consumer": [consumer(bench, folder, batch, routes) for routes in ROUTES for batch in BATCHES],
        "at_rest": [at_rest(bench, folder, sources) for sources in SOURCES],
        "healing": [healing(bench, overdue) for overdue in OVERDUE],
    }


def consumer(bench, folder, batch, routes):
    """The consumer on full batches of this size, of events that go so many routes."""
    bench.stub.clear()
    config = {"LANDFALL_CONFIG": str(many_routes(folder, routes))}
    with bench.process(bench.functions["ingest"]) as process:
        process.give(some(deliveries.delivery, START, WARM_UP + TICKETS))
    tickets = bench.stub.messages()
    expect(len(tickets) == WARM_UP + TICKETS, f"ingest has sent {len(tickets)} tickets")
    with bench.process(bench.functions["consumer"], "second", environment=config) as process:
        process.give(b"\n".join(deliveries.batches(tickets[:WARM_UP], batch)))
        found = bench.block(process, b"\n".join(deliveries.batches(tickets[WARM_UP:], batch)))
    runs = bench.stub.state()["items"]["projection"]
    expect(runs >= 1, "no handler has run")
    return found | {"batch": batch, "routes": routes}


def many_routes(folder, count):
    """The configuration that is measured, with so many routes for each of its events."""
    source, route = CONFIG.read_text().split("[routes.invoices]")
    path = folder / f"routes-{count}.toml"
    path.write_text(source + "".join(f"[routes.invoices-{at}]{route}\n" for at in range(count)))
    return path


def at_rest(bench, folder, count):
    """Sweeps that find nothing, with so many sources; and where of each it is told when it falls silent."""
    found = {"sources": count}
    for name, more in (("quiet", ""), ("watched", 'speaks_every = "1d"\n')):
        bench.stub.clear()
        config = many_sources(bench.stub, folder, count)
        config.write_text(config.read_text().replace("\n\n", f"\n{more}\n"))
        try:
            told = {"LANDFALL_CONFIG": str(config)}
            with bench.process(bench.functions["sweeper"], environment=told) as process:
                # The first sweep notes of each source that it is watched.
                process.give(sweeps(5))
                found[name] = bench.block(process, sweeps(SWEEPS))
        finally:
            bench.stub.secrets({deliveries.SOURCE: deliveries.SECRET})
    return found


def healing(bench, count):
    """Sweeps that each find so many events whose tickets were never sent."""
    blocks = []
    with bench.process(bench.functions["sweeper"]) as process:
        for _ in range(WARM_ROUNDS + ROUNDS):
            # With the cursors of the sweep before.
            bench.stub.clear()
            bench.stub.put("ledger", overdue(count))
            blocks.append(bench.block(process, sweeps(1)))
            sent = sum(bench.stub.state()["messages"].values())
            expect(sent == count, f"of {count} overdue events {sent} have got a ticket")
    blocks = blocks[WARM_ROUNDS:]
    return {"overdue": count} | {name: figures.median([block[name] for block in blocks]) for name in blocks[0]}


def overdue(count):
    """Events that nobody has worked on, as far as the index shows them."""
    began = int((time.time() - AGE_SECONDS) * 1_000)
    for at in range(count):
        yield {
            "pk": {"S": f"{deliveries.SOURCE}#msg_{at:08d}"},
            "sk": {"S": "event"},
            "shard": {"S": "0"},
            "at": {"N": str(began + at)},
        }


# ---- The page ----

PARTS = ("consumer", "at rest", "healing")


def tables(raw):
    """What `measured` found, by part."""
    raw = raw["scale"]
    return {
        "consumer": consumer_table(raw["consumer"]),
        "at rest": at_rest_table(raw["at_rest"]),
        "healing": healing_table(raw["healing"], raw["at_rest"][0]["quiet"]),
    }


def consumer_table(found):
    rows = [
        (
            one["batch"],
            one["routes"],
            f"{number(one['p50_ms'])} / {number(one['p99_ms'])}",
            number(one["cpu_ms"] / one["batch"]),
            number(one["calls"] / one["batch"], 2),
            number(1_000 * one["batch"] / one["each_ms"]),
            number(1_000 * one["batch"] / one["cpu_ms"]),
        )
        for one in found
    ]
    heading = (
        "batch",
        "routes",
        "p50 / p99 of a batch, ms",
        "processor per ticket, ms",
        "calls to AWS per ticket",
        "tickets a second, one process",
        "tickets a second of processor",
    )
    return table(heading, rows)


def at_rest_table(found):
    rows = [
        (
            f"{one['sources']:,}",
            *(
                text
                for name in ("quiet", "watched")
                for text in (number(one[name]["calls"]), number(one[name]["cpu_ms"]))
            ),
        )
        for one in found
    ]
    heading = (
        "sources",
        "calls to AWS",
        "processor, ms",
        "calls, each with `speaks_every`",
        "processor, each with it, ms",
    )
    return table(heading, rows)


def healing_table(found, rest):
    rows = [
        (
            f"{one['overdue']:,}",
            number(one["calls"]),
            number((one["calls"] - rest["calls"]) / one["overdue"]),
            number(one["p50_ms"]),
            number(one["cpu_ms"]),
            number((one["cpu_ms"] - rest["cpu_ms"]) / one["overdue"]),
        )
        for one in found
    ]
    heading = (
        "overdue events",
        "calls to AWS",
        "more than at rest, per event",
        "sweep, ms",
        "processor, ms",
        "more than at rest, per event, ms",
    )
    return table(heading, rows)
