"""Ingest and consumer at the same time, with a queue between them: how long a delivery waits to be acknowledged, how long an
event waits to be handled, and whether all are.

Deliveries come at their times, whether the ones before have been answered or not. Both functions share one processor, and
each has one process; on AWS there would be more of either. So a burst is what one processor can't do.
"""

import json

import deliveries
import figures
from processes import Process

SECONDS = {"steady": 10, "burst": 5, "recovery": 15}
# Of what one processor can do.
LOAD = {"steady": 0.3, "burst": 1.5, "recovery": 0.3}
START = 9_000_000


def flow(bench, capacity):
    """The phases, one after the other, of a receiver that can do so many events a second."""
    stub = bench.stub
    stub.clear()
    ingest, consumer = (bench.functions[name] for name in ("ingest", "consumer"))
    phases, number = {}, START
    with (
        Process(stub, "first", ingest.command, ingest.environment, bench.log) as receiving,
        Process(stub, "second", consumer.command, consumer.environment, bench.log, feeds=True) as handling,
    ):
        for process in (receiving, handling):
            process.ready()
        receiving.give(deliveries.lines(deliveries.delivery(START - 1 - one) for one in range(100)))
        received = {}
        for phase, seconds in SECONDS.items():
            rate = capacity * LOAD[phase]
            count = int(rate * seconds)
            made = [deliveries.delivery(number + one) for one in range(count)]
            number += count
            invocations = receiving.give(deliveries.lines(made), rate)
            phases[phase] = {"rate": rate, "ids": [delivery.id for delivery in made], "received": invocations}
            received |= zip(phases[phase]["ids"], invocations)
        handling.idle()
        handled = when_handled(handling.seen(0)["invocations"])
    lost = [id for id, invocation in received.items() if accepted(invocation) and id not in handled]
    return {
        "events": len(received),
        "accepted": sum(map(accepted, received.values())),
        "lost": len(lost),
        "phases": {phase: of_phase(found, handled) for phase, found in phases.items()},
    }


def when_handled(invocations):
    """When each event's ticket was first answered for."""
    handled = {}
    for invocation in invocations:
        if not invocation["failed"]:
            for message in invocation["messages"]:
                handled.setdefault(json.loads(message)["id"], invocation["answered"])
    return handled


def of_phase(found, handled):
    acknowledged = [(one["answered"] - one["due"]) / 1e6 for one in found["received"]]
    due = {id: one["due"] for id, one in zip(found["ids"], found["received"])}
    waited = [(handled[id] - at) / 1e6 for id, at in due.items() if id in handled]
    return {
        "rate": found["rate"],
        "events": len(due),
        "acknowledged_ms": spread(acknowledged),
        "handled_ms": spread(waited),
    }


def spread(values):
    return {"p50": figures.percentile(values, 0.5), "p99": figures.percentile(values, 0.99), "max": max(values)}


def accepted(invocation):
    return not invocation["failed"] and json.loads(invocation["answer"])["statusCode"] == 200
