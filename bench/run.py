"""Landfall's performance, measured beside what people write in its place.

    run.py measure --functions FOLDER --stub PROGRAM [--blocks N] [--delay MS] [--no-peers] [--out FILE] [--page FILE ...]
    run.py instructions --functions FOLDER --stub PROGRAM [--write] [--out FILE] [--page FILE ...]
    run.py layout --functions FOLDER --stub PROGRAM --out FILE

`measure` prints its tables, and writes them into a page that has a place for them. `instructions` compares with
bench/baseline.json, and ends with 1 where a path takes more than 3 % more; `--write` makes what was counted the baseline. `layout` writes which functions run, for the linker; the programs need
their symbols.
Ends with 2 if what was measured is not what was meant.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import flow
import instructions
import layout
import measure
import page
import scale
from contestants import peers
from stub import Stub, Unsound

SOURCES = (1, 5, 100, 1_000)
SIZES = (200, 2_048, 20_480, 204_800, 1_048_576, 4 * 1_048_576)
SIGNATURES = (1, 2, 4, 8, 16, 32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("measure", "instructions", "layout"))
    parser.add_argument("--functions", type=Path, required=True, help="where the built functions are")
    parser.add_argument("--stub", type=Path, required=True)
    parser.add_argument("--blocks", type=int, default=3)
    parser.add_argument("--delay", type=int, default=0, help="milliseconds that every call to AWS takes")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--out", type=Path, help="where the raw figures are kept, as JSON, or the layout")
    parser.add_argument("--page", type=Path, nargs="+", help="the pages whose tables are replaced")
    parser.add_argument("--write", action="store_true", help="make what was counted the baseline")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder, started(options, Path(folder)) as bench:
            if options.what == "measure":
                measured(bench, options, Path(folder))
            elif options.what == "layout":
                options.out.write_text(layout.script(layout.runs(bench, Path(folder))))
            else:
                sys.exit(counted(bench, options, Path(folder)))
    except Unsound as fault:
        print(f"This was no measurement: {fault}", file=sys.stderr)
        sys.exit(2)


@contextlib.contextmanager
def started(options, folder):
    """The stub on a processor of its own, and this process on another, which its children inherit."""
    described = page.described()
    stub = Stub(options.stub, folder / "certificates")
    try:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
        bench = measure.Bench(stub, options.functions, folder / "log")
        bench.described = described
        yield bench
    finally:
        stub.stop()


def measured(bench, options, folder):
    began = time.monotonic()
    ingest, floor = bench.functions["ingest"], bench.floor
    contestants = [ingest, floor, *([] if options.no_peers else peers())]
    raw = bench.described | {
        "date": time.strftime("%Y-%m-%d"),
        "delay_ms": options.delay,
        "contestants": [one.name for one in contestants],
        "package_bytes": measure.sizes(contestants),
        "blocks": [],
    }
    for contestant in contestants:
        say(began, f"does {contestant.name} what is to be measured?")
        bench.check(contestant)
    bench.stub.delay(options.delay)
    for number in range(options.blocks):
        block = {}
        for contestant in contestants:
            say(began, f"block {number + 1} of {options.blocks}: {contestant.name}")
            block[contestant.name] = {
                "cold": bench.cold(contestant, tls=False),
                "cold_tls": bench.cold(contestant, tls=True),
                "warm": bench.warm(contestant, tls=False),
                "warm_tls": bench.warm(contestant, tls=True, events=measure.EVENTS // 2),
            }
        raw["blocks"].append(block)
    say(began, "system calls")
    raw["system_calls"] = {one.name: bench.system_calls(one) for one in contestants}
    say(began, "refusals, the sweeper, sources, bodies, signatures")
    raw["refusals"], raw["sweeper"] = bench.refusals(ingest), bench.sweeper()
    largest = SIZES[-1]
    raw["floor"] = {
        "refusals": bench.refusals(floor),
        "bodies": {size_name(largest): bench.with_bodies(floor, largest)},
    }
    raw["sources"] = [bench.with_sources(folder, count) for count in SOURCES]
    raw["bodies"] = {size_name(size): bench.with_bodies(ingest, size) for size in SIZES}
    raw["signatures"] = {count: bench.with_signatures(count) for count in SIGNATURES}
    say(began, "batches, idle sources, overdue events")
    raw["scale"] = scale.measured(bench, folder)
    say(began, "ingest and consumer together")
    block = raw["blocks"][-1][ingest.name]["warm"]
    capacity = 1_000 / (block["new"]["cpu_ms"] + block["consumer"]["cpu_ms"])
    raw["flow"] = flow.flow(bench, capacity)
    parts = page.tables(raw, instructions.kept(), instructions.kept(instructions.FLOOR_COUNTS))
    for name, text in parts.items():
        print(f"\n{name}\n\n{text}")
    if options.out:
        options.out.write_text(json.dumps(raw, indent=1) + "\n")
    if options.page:
        page.write(options.page, parts)
    say(began, "done")


def counted(bench, options, folder):
    counter = instructions.Counter(bench, folder)
    found, floor = {}, {}
    for counts, paths, whose in ((found, counter.paths(), ""), (floor, counter.floor(), "the floor of ")):
        for path, count in paths:
            print(f"{whose}{path}: {count:,.0f}", flush=True)
            counts[path] = round(count)
    table, rising = instructions.compare(found, floor, bench.described["versions"]["rustc"], options.write)
    print(f"\n{table}")
    if options.write:
        if options.page:
            parts = {"instructions": page.instructions(found, floor), "groups": page.groups(counter.groups)}
            if options.out and options.out.exists():
                # The goals are held against both.
                parts |= page.tables(json.loads(options.out.read_text()), found, floor)
            page.write(options.page, parts)
        return 0
    if rising:
        print(
            f"\nMore than {instructions.ALLOWED:.0%} more: {', '.join(rising)}. `make bench-instructions WRITE=yes` makes"
        )
        print("it the baseline; the change says why.")
    return 1 if rising else 0


def size_name(size):
    return f"{size:,} B"


def say(began, text):
    print(f"{time.monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
