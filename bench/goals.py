"""What was aimed at, and whether it was met: judged from the figures, and not by hand."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import figures
from blocks import FLOOR, LANDFALL, cold, measured_against, over, ratio
from figures import number


@dataclass(frozen=True)
class Goal:
    """A figure that was to be at most so much."""

    name: str
    most: float
    measured: float | None
    # The same of the floor, where it has it.
    floor: float | None = None
    show: Callable = number
    # What `most` is called.
    aim: str | None = None

    def row(self):
        most = self.show(self.most)
        # A goal is exact.
        most = re.sub(r"\.?0+(?= |$)", "", most) if "." in most else most
        return self.name, self.aim or f"≤ {most}", self.show(self.measured), self.show(self.floor), self.met()

    def met(self):
        if self.measured is None:
            return "-"
        if self.measured <= self.most:
            return "yes"
        is_above = self.floor is not None and self.floor > self.most
        return f"no: the floor is {self.show(self.floor)}" if is_above else "no"


def table(raw, counted, counted_floor):
    goals = [*instructions(counted, counted_floor), *measured(raw), *against(raw)]
    return figures.table(("", "goal", "measured", "floor", "met"), [goal.row() for goal in goals])


def instructions(counted, counted_floor):
    """Corrected."""
    for path, most in (
        ("ingest, new event", 0.95e6),
        ("ingest, duplicate", 1.05e6),
        ("ingest, forged", 0.2e6),
        ("ingest, unknown source", 0.1e6),
        ("ingest, malformed", 0.1e6),
        ("ingest, start with 5 sources", 5e6),
        ("consumer, one route, per ticket", 1.2e6),
    ):
        yield Goal(f"instructions: {path}", most, counted.get(path), counted_floor.get(path), millions)


def measured(raw):
    def both(name, most, of, show=number, aim=None):
        floor = of(FLOOR) if FLOOR in raw["contestants"] else None
        return Goal(name, most, of(LANDFALL), floor, show, aim)

    def middle_over(*where):
        return lambda contestant: figures.median(over(raw, contestant, *where))

    def calls(contestant):
        found = raw["system_calls"].get(contestant)
        return sum(found.values()) if found else None

    def largest(contestant):
        bodies = raw["bodies"] if contestant == LANDFALL else raw["floor"]["bodies"]
        return list(bodies.values())[-1]["rss_bytes"]

    yield both("system calls per new event", 16, calls)
    # A page now and then is the kernel's.
    yield both("page faults per new event, warm", 0.1, middle_over("warm", "new", "faults"), aim="none")
    yield both("peak memory, MB", 12e6, middle_over("warm_tls", "rss_bytes"), megabytes)
    yield both("peak memory with bodies of 4 MiB, MB", 40e6, largest, megabytes)
    yield both(f"zip of ingest, {raw['architecture']}, MB", 3.5e6, raw["package_bytes"].get, megabytes)
    few, many = (next(one for one in raw["sources"] if one["sources"] == count)["cold"] for count in (5, 1_000))

    def more(name):
        return figures.median([start[name] for start in many]) - figures.median([start[name] for start in few])

    yield Goal("start with 1,000 sources, more than with 5, ms", 3, more("ready_ms"))
    yield Goal("start with 1,000 sources, more than with 5, MB", 5e6, more("rss_bytes"), show=megabytes)
    most = raw["scale"]["at_rest"][-1]
    yield Goal(f"calls of a sweep at rest, {most['sources']:,} watched sources", 100, most["watched"]["calls"])


def against(raw):
    """Against the peer that is best at it, of those that the goals were set against."""
    peers = measured_against(raw)
    for name, least, which in (
        ("processor per event, http", 7, (over, "warm", "new", "cpu_ms")),
        ("cold start with TLS", 25, (cold, "cold_tls", "first_ms")),
        ("p50", 5, (over, "warm", "new", "p50_ms")),
        ("p99", 5, (over, "warm", "new", "p99_ms")),
    ):
        if peers:
            best, floor = (
                1 / min(ratio(raw, ours, peer, *which) for peer in peers)[0] if ours in raw["contestants"] else None
                for ours in (LANDFALL, FLOOR)
            )
            yield Goal(f"{name}, against the best of Python and Node", 1 / least, best, floor, fraction)


def millions(count):
    return "-" if count is None else f"{number(count / 1e6)} M"


def megabytes(count):
    return number(None if count is None else count / 1e6)


def fraction(share):
    return "-" if share is None else f"1/{number(1 / share, 2)}"
