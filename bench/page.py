"""What a run came to: tables, each between two marks of a page, whose text stays."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import figures
import goals
import scale
from blocks import FLOOR, LANDFALL, cold, over, ratio
from figures import number, table, times

ROOT = Path(__file__).resolve().parents[1]
# Each part of docs/performance.md and README.md: those of `make bench`, the two of `make bench-instructions`, and how it scales.
PARTS = (
    *("run", "receivers", "ratios", "paths", "sources", "bodies", "signatures", "lag", "goals", "summary"),
    *("instructions", "groups"),
    *scale.PARTS,
)


def update(page, parts):
    """Puts each part between its marks, where the page has them."""
    for name, text in parts.items():
        page = marks(name).sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page)
    return page


def marks(name):
    return re.compile(rf"(<!-- bench: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)


def write(paths, parts):
    """Puts the parts into these pages. One that has no place in any of them is a fault."""
    texts = {path: path.read_text() for path in paths}
    for name in parts:
        if not any(marks(name).search(text) for text in texts.values()):
            raise ValueError(f"no page has a place for `{name}`")
    for path, text in texts.items():
        path.write_text(update(text, parts))


def tables(raw, counted, counted_floor):
    """Every part of the page that a run of `make bench` makes; the goals are held against counted instructions, too."""
    parts = {
        "run": run(raw),
        "receivers": receivers(raw),
        "ratios": ratios(raw),
        "paths": paths(raw),
        "sources": sources(raw),
        "bodies": bodies(raw),
        "signatures": signatures(raw),
        "lag": lag(raw),
        "goals": goals.table(raw, counted, counted_floor),
        "summary": summary(raw),
        **scale.tables(raw),
    }
    return {name: text for name, text in parts.items() if text}


def run(raw):
    versions = "; ".join(f"{name} {version}" for name, version in raw["versions"].items())
    stub = figures.median(over(raw, LANDFALL, "warm", "new", "stub_cpu_ms"))
    return (
        f"{raw['date']}, commit {raw['commit']}; {raw['machine']}; load when it began {raw['load']}. {versions}. "
        f"The stub took {number(stub, 2)} ms of its own processor for a new event, all of its answers together. "
        "The raw figures are in [performance.json](evidence/performance.json)."
    )


def receivers(raw):
    rows = []
    for contestant in raw["contestants"]:
        middle = {
            name: figures.median(values)
            for name, values in {
                "cold": cold(raw, contestant, "cold_tls", "first_ms"),
                "cold_http": cold(raw, contestant, "cold", "first_ms"),
                "cold_cpu": cold(raw, contestant, "cold_tls", "cpu_ms"),
                "p50": over(raw, contestant, "warm", "new", "p50_ms"),
                "p99": over(raw, contestant, "warm", "new", "p99_ms"),
                "cpu": over(raw, contestant, "warm", "new", "cpu_ms"),
                "cpu_tls": over(raw, contestant, "warm_tls", "new", "cpu_ms"),
                "faults": over(raw, contestant, "warm", "new", "faults"),
                "rss": over(raw, contestant, "warm_tls", "rss_bytes"),
            }.items()
        }
        calls = raw["system_calls"].get(contestant)
        rows.append(
            (
                contestant,
                f"{number(middle['cold'])} ({number(middle['cold_http'])})",
                number(middle["cold_cpu"]),
                f"{number(middle['p50'])} / {number(middle['p99'])}",
                f"{number(middle['cpu'])} / {number(middle['cpu_tls'])}",
                number(sum(calls.values())) if calls else "not counted",
                number(middle["faults"], 2),
                number(middle["rss"] / 1e6),
                number(raw["package_bytes"][contestant] / 1e6, 2),
            )
        )
    heading = (
        "receiver",
        "cold start, TLS (http), ms",
        "of which processor, ms",
        "p50 / p99, http, ms",
        "processor per event, http / TLS, ms",
        "system calls",
        "page faults",
        "peak memory, MB",
        "zip, MB",
    )
    return table(heading, rows)


def summary(raw):
    """The few figures that the README has."""
    rows = [
        (
            contestant,
            number(figures.median(cold(raw, contestant, "cold_tls", "first_ms"))),
            number(figures.median(over(raw, contestant, "warm_tls", "new", "cpu_ms"))),
            number(figures.median(over(raw, contestant, "warm_tls", "rss_bytes")) / 1e6),
        )
        for contestant in raw["contestants"]
        if contestant != FLOOR
    ]
    return table(("receiver", "cold start, ms", "processor per event, ms", "memory, MB"), rows)


def ratios(raw):
    rows = []
    for contestant in raw["contestants"][1:]:
        of = {
            "cold start, TLS": (cold, "cold_tls", "first_ms"),
            "p50": (over, "warm", "new", "p50_ms"),
            "p99": (over, "warm", "new", "p99_ms"),
            "processor, http": (over, "warm", "new", "cpu_ms"),
            "processor, TLS": (over, "warm_tls", "new", "cpu_ms"),
            "duplicate": (over, "warm", "duplicate", "cpu_ms"),
            "forged": (over, "warm", "forged", "cpu_ms"),
            "memory": (over, "warm_tls", "rss_bytes"),
        }
        rows.append((contestant, *(times(ratio(raw, LANDFALL, contestant, *which)) for which in of.values())))
    return table(("times Landfall's", *of), rows) if rows else None


def paths(raw):
    def of_blocks(name):
        floor = middles(raw, FLOOR, name) if FLOOR in raw["contestants"] else {}
        return cells(middles(raw, LANDFALL, name), floor)

    refusals = raw.get("floor", {}).get("refusals", {})
    rows = [
        *((f"ingest, {name}", *of_blocks(name)) for name in ("new", "duplicate", "forged")),
        *((f"ingest, {name}", *cells(one, refusals.get(name, {}))) for name, one in raw["refusals"].items()),
        ("consumer, per ticket of a batch of ten", *of_blocks("consumer")),
        ("sweeper at rest, per sweep", *cells(raw["sweeper"], {})),
    ]
    heading = ("path", "p50 / p99, ms", "processor, ms", "the floor's, ms", "page faults", "calls to AWS")
    return table(heading, rows)


def middles(raw, contestant, path):
    """The figures of a path, each the middle one of the blocks."""
    found = [block[contestant]["warm"][path] for block in raw["blocks"]]
    return {name: figures.median([one[name] for one in found]) for name in found[0]}


def cells(one, floor):
    return (
        f"{number(one['p50_ms'])} / {number(one['p99_ms'])}",
        number(one["cpu_ms"]),
        number(floor.get("cpu_ms")),
        number(one["faults"], 2),
        number(one["calls"], 2),
    )


def sources(raw):
    rows = []
    for one in raw["sources"]:
        start = {name: figures.median([cold[name] for cold in one["cold"]]) for name in one["cold"][0]}
        rows.append(
            (
                f"{one['sources']:,}",
                number(start["ready_ms"]),
                number(start["cpu_ms"]),
                number(start["rss_bytes"] / 1e6),
                number(one["new"]["cpu_ms"]),
                number(one["new"]["p50_ms"]),
            )
        )
    heading = (
        "sources",
        "start, ms",
        "first answer, processor, ms",
        "memory, MB",
        "processor per event, ms",
        "p50, ms",
    )
    return table(heading, rows)


def bodies(raw):
    rows = [
        (
            name,
            number(one["cpu_ms"]),
            f"{number(one['p50_ms'])} / {number(one['p99_ms'])}",
            number(one["calls"], 2),
            number(one["rss_bytes"] / 1e6),
        )
        for name, one in raw["bodies"].items()
    ]
    return table(("body", "processor per event, ms", "p50 / p99, ms", "calls to AWS", "peak memory, MB"), rows)


def signatures(raw):
    rows = [
        (count, number(one["cpu_ms"]), f"{number(one['p50_ms'])} / {number(one['p99_ms'])}")
        for count, one in raw["signatures"].items()
    ]
    return table(("signatures", "processor per event, ms", "p50 / p99, ms"), rows)


def lag(raw):
    found = raw["flow"]
    rows = [
        (
            phase,
            number(one["rate"]),
            f"{one['events']:,}",
            slash(one["acknowledged_ms"]),
            slash(one["handled_ms"]),
        )
        for phase, one in found["phases"].items()
    ]
    heading = (
        "phase",
        "deliveries a second",
        "deliveries",
        "until acknowledged, p50 / p99 / max, ms",
        "until handled, p50 / p99 / max, ms",
    )
    counted = f"Lost: {found['lost']} of {found['accepted']:,} accepted."
    return f"{table(heading, rows)}\n\n{counted}"


def slash(spread):
    return " / ".join(number(spread[name]) for name in ("p50", "p99", "max"))


def instructions(counted, floor):
    """The part that `make bench-instructions` makes."""
    rows = [(path, f"{count:,}", f"{floor[path]:,}" if path in floor else "-") for path, count in counted.items()]
    return table(("path", "instructions, corrected", "the floor's"), rows)


def groups(found):
    """What a new event's instructions are of, also made by `make bench-instructions`."""
    landfall, floor = found[LANDFALL], found[FLOOR]
    whole = sum(landfall.values())
    rows = [
        (group, f"{count:,.0f}", f"{count / whole:.1%}", f"{floor.get(group, 0):,.0f}")
        for group, count in landfall.items()
    ]
    return table(("what", "instructions", "share", "the floor's"), rows)


def described(root=ROOT):
    """The machine, the versions and the commit."""

    def said(*command):
        if not shutil.which(command[0]):
            return None
        found = subprocess.run(command, capture_output=True, text=True, cwd=root)
        return (found.stdout or found.stderr).strip().splitlines()[0] if found.returncode == 0 else None

    model = next(iter(re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())), platform.processor())
    # What runs themselves write is no change.
    changed = subprocess.run(
        ["git", "diff", "--quiet", "HEAD", "--", ":!docs", ":!bench/baseline.json", ":!bench/floor.json"], cwd=root
    )
    return {
        "machine": f"{model}, {len(os.sched_getaffinity(0))} processors, Linux {platform.release()}, {platform.machine()}",
        "architecture": platform.machine(),
        "load": f"{os.getloadavg()[0]:.1f}",
        "commit": (said("git", "rev-parse", "--short", "HEAD") or "unknown")
        + (" with changes" if changed.returncode else ""),
        "versions": {
            name: version
            for name, version in {
                "rustc": (said("rustc", "--version") or "").removeprefix("rustc ").split(" ")[0],
                "Python": (said(str(root / ".tools/bench/python/bin/python"), "--version") or "").removeprefix(
                    "Python "
                ),
                "Node": (said("node", "--version") or "").removeprefix("v"),
            }.items()
            if version
        },
    }
