"""What was aimed at, and whether it was met: judged from the figures, and not by hand."""

import figures
from blocks import LANDFALL, cold, over, ratio
from figures import number


def table(raw, counted):
    rows = [
        (name, aim, shown, "-" if is_met is None else "yes" if is_met else "no")
        for name, aim, shown, is_met in [*instructions(counted), *measured(raw), *against(raw)]
    ]
    return figures.table(("", "goal", "measured", "met"), rows)


def instructions(counted):
    """Millions of instructions, corrected."""
    for path, most in (
        ("ingest, new event", 0.95),
        ("ingest, duplicate", 1.05),
        ("ingest, forged", 0.2),
        ("ingest, unknown source", 0.1),
        ("ingest, malformed", 0.1),
        ("ingest, start with 5 sources", 5),
        ("consumer, one route, per ticket", 1.2),
    ):
        found = counted.get(path)
        millions = None if found is None else found / 1e6
        yield f"instructions: {path}", f"≤ {most} M", f"{number(millions)} M", millions and millions <= most


def measured(raw):
    calls = raw["system_calls"].get(LANDFALL)
    calls = sum(calls.values()) if calls else None
    yield at_most("system calls per new event", calls, 16)
    # A page now and then is the kernel's.
    yield at_most("page faults per new event, warm", middle(over(raw, LANDFALL, "warm", "new", "faults")), 0.1, "none")
    yield at_most("peak memory, MB", middle(over(raw, LANDFALL, "warm_tls", "rss_bytes")) / 1e6, 12)
    largest = list(raw["bodies"].values())[-1]
    yield at_most("peak memory with bodies of 4 MiB, MB", largest["rss_bytes"] / 1e6, 40)
    yield at_most(f"zip of ingest, {raw['architecture']}, MB", raw["package_bytes"][LANDFALL] / 1e6, 3.5)
    few, many = (next(one for one in raw["sources"] if one["sources"] == count)["cold"] for count in (5, 1_000))

    def more(name):
        return middle([start[name] for start in many]) - middle([start[name] for start in few])

    yield at_most("start with 1,000 sources, more than with 5, ms", more("ready_ms"), 3)
    yield at_most("start with 1,000 sources, more than with 5, MB", more("rss_bytes") / 1e6, 5)
    yield at_most("calls of a sweep at rest", raw["sweeper"]["calls"], 100)


def against(raw):
    """Against the peer that is best at it."""
    peers = raw["contestants"][1:]
    for name, least, which in (
        ("processor per event, http", 7, (over, "warm", "new", "cpu_ms")),
        ("cold start with TLS", 25, (cold, "cold_tls", "first_ms")),
        ("p50", 5, (over, "warm", "new", "p50_ms")),
        ("p99", 5, (over, "warm", "new", "p99_ms")),
    ):
        if peers:
            best = min(ratio(raw, peer, *which) for peer in peers)
            yield f"{name}, against the best peer", f"≤ 1/{least}", f"1/{number(best[0], 2)}", best[0] >= least


def at_most(name, value, most, called=None):
    return name, called or f"≤ {most}", number(value), None if value is None else value <= most


def middle(values):
    return figures.median(values)
