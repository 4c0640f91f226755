"""Measures: each function is a process of the release build, on one processor, with the stub on another.

A receiver's cold start is from its being spawned to its first answer, without and with TLS. Then one process gets events one
after the other, as Lambda gives them: what is measured is from handing an event over to having its answer.
"""

import json

import deliveries
import figures
from contestants import floor, functions, package_bytes
from processes import Process
from stub import Unsound

COLD_STARTS = 5
WARM_UP = 200
EVENTS = 1_000
BATCHES = 40
SWEEPS = 100
CALLS = 100

# From where the numbers of the deliveries of a case begin.
NEW, FORGED, UNKNOWN, MALFORMED, BODIES, SIGNED, SOURCED, FIRST, COUNTED = (number * 1_000_000 for number in range(9))


class Bench:
    """One run."""

    def __init__(self, stub, folder, log):
        self.stub, self.folder, self.log = stub, folder, log
        self.functions, self.floor = functions(folder), floor(folder)

    def process(self, contestant, function="first", tls=False, under=(), environment=None):
        told = contestant.environment | (environment or {})
        return Process(self.stub, function, contestant.command, told, self.log, tls, under)

    # ---- Receivers ----

    def check(self, contestant):
        """Whether it does what is to be measured: stores an event once, and refuses one that was changed on its way."""
        self.stub.clear()
        with self.process(contestant) as process:
            first = deliveries.delivery(1)
            answers = [process.give(delivery.line()) for delivery in (first, first, deliveries.corrupted(2))]
        statuses = [status(invocation) for [invocation] in answers]
        state = self.stub.state()
        stored, sent = state["items"].get(contestant.table, 0), sum(state["messages"].values())
        if statuses != [200, 200, 400] and statuses != [200, 200, 401]:
            said = [invocation["answer"] for [invocation] in answers]
            raise Unsound(f"{contestant.name} answers this to an event, the same again and a corrupted one: {said}")
        # Landfall and the floor send a second ticket for an event that nobody has worked on yet.
        if stored != 1 or sent not in ((1, 2) if contestant.consumer else (1,)):
            raise Unsound(f"{contestant.name} has stored {stored} items and sent {sent} messages for one event")

    def cold(self, contestant, tls, starts=COLD_STARTS, environment=None):
        """Its cold starts."""
        found = []
        for start in range(starts):
            self.stub.clear()
            process = self.process(contestant, tls=tls, environment=environment)
            self.stub.add("first", deliveries.delivery(FIRST + start).line())
            began = process.start()
            try:
                seen = process.seen(1)
                usage = process.usage()
                [invocation] = seen["invocations"]
                expect(status(invocation) == 200, f"{contestant.name} answers {invocation['answer']}")
                found.append(
                    {
                        "ready_ms": (seen["ready"] - began) / 1e6,
                        "first_ms": (invocation["answered"] - began) / 1e6,
                        "cpu_ms": usage.cpu * 1e3,
                        "faults": usage.faults,
                        "rss_bytes": process.peak(),
                    }
                )
            finally:
                process.stop()
        return found

    def warm(self, contestant, tls, events=EVENTS):
        """A process that has been at work for some time: new events, the same again, and forged ones."""
        self.stub.clear()
        with self.process(contestant, tls=tls) as process:
            process.give(some(deliveries.delivery, NEW, WARM_UP))
            again = some(deliveries.delivery, NEW + WARM_UP, events)
            found = {"new": self.block(process, again, 200)}
            expect(
                self.stub.state()["items"][contestant.table] == WARM_UP + events, f"{contestant.name} loses an event"
            )
            if contestant.consumer:
                found["consumer"] = self.consumer(contestant.consumer, self.stub.messages(), tls)
            found["duplicate"] = self.block(process, again, 200)
            process.give(some(deliveries.forged, FORGED, WARM_UP // 4))
            found["forged"] = self.block(process, some(deliveries.forged, FORGED + WARM_UP, events), 400)
            found["rss_bytes"] = process.peak()
            return found

    def block(self, process, lines, expected=None):
        """What a process takes for these events, each."""
        calls_before, stub_before, before = self.stub.state()["calls"], self.stub.cpu(), process.usage()
        invocations = process.give(lines)
        used, stub_used, calls = process.usage() - before, self.stub.cpu() - stub_before, self.stub.state()["calls"]
        for invocation in invocations:
            if invocation["failed"] or (expected and status(invocation) != expected):
                raise Unsound(f"answered {invocation['answer']}, where {expected} was expected\n{process.tail()}")
        if "unknown" in calls:
            raise Unsound("the function made a call that the stub doesn't know")
        took = [(invocation["answered"] - invocation["handed"]) / 1e6 for invocation in invocations]
        count = len(invocations)
        whole = (invocations[-1]["answered"] - invocations[0]["handed"]) / 1e6
        return {
            "events": count,
            "each_ms": whole / count,
            "p50_ms": figures.percentile(took, 0.5),
            "p99_ms": figures.percentile(took, 0.99),
            "cpu_ms": used.cpu * 1e3 / count,
            "stub_cpu_ms": stub_used * 1e3 / count,
            "faults": used.faults / count,
            "calls": (sum(calls.values()) - sum(calls_before.values())) / count,
        }

    # ---- Landfall, and as far as it goes the floor ----

    def consumer(self, contestant, records, tls=False):
        """A consumer on these tickets, in full batches: what it takes for each ticket."""
        batches = deliveries.batches(records)
        with self.process(contestant, "second", tls) as process:
            process.give(b"\n".join(batches[: WARM_UP // 10]))
            found = self.block(process, b"\n".join(batches[WARM_UP // 10 :]))
            found = {name: found[name] if name.startswith("p") else found[name] / 10 for name in found}
            return found | {"rss_bytes": process.peak()}

    def refusals(self, contestant):
        """What ends before anything is looked up or verified."""
        found = {}
        with self.process(contestant) as process:
            for name, made, start, expected in (
                ("unknown source", deliveries.unknown, UNKNOWN, 404),
                ("malformed", deliveries.malformed, MALFORMED, 400),
            ):
                process.give(some(made, start, WARM_UP))
                found[name] = self.block(process, some(made, start + WARM_UP, EVENTS), expected)
        return found

    def with_bodies(self, contestant, size):
        """Bodies of this size, by a process of their own, for its memory."""
        self.stub.clear()
        # At some point a run is about copies, and takes as long as it takes.
        count = max(min(EVENTS // 5, 20_000_000 // size), 12)
        made = [deliveries.delivery(BODIES + number, size) for number in range(count + 5)]
        with self.process(contestant) as process:
            process.give(deliveries.lines(made[:5]))
            return self.block(process, deliveries.lines(made[5:]), 200) | {"rss_bytes": process.peak()}

    def with_signatures(self, count):
        """Deliveries with so many signatures, of which the last one fits."""
        self.stub.clear()
        made = [deliveries.delivery(SIGNED + number, signatures=count) for number in range(WARM_UP + EVENTS // 2)]
        with self.process(self.functions["ingest"]) as process:
            process.give(deliveries.lines(made[:WARM_UP]))
            return self.block(process, deliveries.lines(made[WARM_UP:]), 200)

    def with_sources(self, folder, count):
        """A configuration with so many sources: how it starts, and what an event costs then."""
        config = {"LANDFALL_CONFIG": str(many_sources(self.stub, folder, count))}
        ingest = self.functions["ingest"]
        try:
            cold = self.cold(ingest, tls=False, environment=config)
            self.stub.clear()
            with self.process(ingest, environment=config) as process:
                process.give(some(deliveries.delivery, SOURCED, WARM_UP))
                new = self.block(process, some(deliveries.delivery, SOURCED + WARM_UP, EVENTS // 2), 200)
        finally:
            self.stub.secrets({deliveries.SOURCE: deliveries.SECRET})
        return {"sources": count, "cold": cold, "new": new}

    def sweeper(self):
        """Sweeps that find nothing."""
        self.stub.clear()
        with self.process(self.functions["sweeper"]) as process:
            process.give(sweeps(5))
            return self.block(process, sweeps(SWEEPS)) | {"rss_bytes": process.peak()}

    def system_calls(self, contestant):
        """System calls of a new event, in all and by name; None where nothing counts them."""
        self.stub.clear()
        with self.process(contestant) as process:
            process.give(some(deliveries.delivery, COUNTED, WARM_UP))
            calls = process.calls(some(deliveries.delivery, COUNTED + WARM_UP, CALLS))
        return calls and {name: count / CALLS for name, count in sorted(calls.items())}


def some(made, start, count):
    return deliveries.lines(made(start + number) for number in range(count))


def sweeps(count):
    return b"\n".join([b"{}"] * count)


def many_sources(stub, folder, count):
    """A configuration with so many sources, each with its secret in the stub."""
    names = [deliveries.SOURCE, *(f"hooks-{number:04d}" for number in range(1, count))]
    stub.secrets(dict.fromkeys(names, deliveries.SECRET))
    path = folder / f"{count}.toml"
    path.write_text("".join(f'[sources.{name}]\nprovider = "standard-webhooks"\n\n' for name in names))
    return path


def status(invocation):
    try:
        return json.loads(invocation["answer"])["statusCode"]
    except (ValueError, KeyError, TypeError):
        return None


def expect(holds, otherwise):
    if not holds:
        raise Unsound(otherwise)


def sizes(contestants):
    return {contestant.name: package_bytes(contestant) for contestant in contestants}
