"""What a listing of what failed reads of the ledger, as that grows.

    run.py LANDFALL [--events N,N,…] [--failed N] [--port N] [--page FILE]

LANDFALL is the command line. Ends with an error where a listing reads otherwise with more events that have not failed.
"""

import argparse
import datetime
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "local"), str(ROOT / "tests" / "stack")]

from listing import Ledger  # noqa: E402
from stack import Stack, Trouble  # noqa: E402

# Of what failed, every third has the second reason.
REASONS = ("exhausted", "exhausted", "permanent")

LISTINGS = [
    ("--state", "failed"),
    ("--state", "failed", "--limit", "1000"),
    ("--reason", "permanent", "--limit", "1000"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landfall", type=Path)
    parser.add_argument("--events", default="10000,1000000")
    parser.add_argument("--failed", type=int, default=300)
    parser.add_argument("--port", type=int)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()

    stack = Stack("listing")
    try:
        port, _ = stack.start(options.port)
        with tempfile.TemporaryDirectory() as folder:
            ledger = Ledger(f"http://127.0.0.1:{port}", Path(folder), options.landfall.resolve())
            with ledger.made():
                rows = measured(ledger, [int(events) for events in options.events.split(",")], options.failed)
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    finally:
        stack.stop()
    if options.page:
        options.page.write_text(page(rows, options.failed))


def measured(ledger, sizes, failed):
    """For each size of the ledger what each listing reads, and how long it takes."""
    for number in range(failed):
        ledger.add(number, 1, REASONS[number % len(REASONS)])
    rows, there, first = [], failed, {}
    for events in sizes:
        began = time.monotonic()
        ledger.add(there, events - there)
        print(f"{events:,} events: the last {events - there:,} of them in {time.monotonic() - began:.0f} s", flush=True)
        there = events
        for listing in LISTINGS:
            began = time.monotonic()
            reads = ledger.listed(*listing)
            seconds = time.monotonic() - began
            print(
                f"  {' '.join(listing)}: {reads.events} events, {len(reads.calls)} calls, {seconds:.2f} s", flush=True
            )
            rows.append((events, listing, reads, seconds))
            if first.setdefault(listing, reads) != reads:
                raise Trouble(f"{' '.join(listing)} reads otherwise: {first[listing]}, then {reads}")
    return rows


def page(rows, failed):
    today = datetime.datetime.now(datetime.UTC).date()
    lines = [
        "# What a listing of what failed reads",
        "",
        "`landfall events list --state failed` costs what failed, and not what was received. `make bench-listing` makes a"
        " ledger as the template has it in MiniStack, writes events into it of which"
        f" {failed} have failed, lists these through a proxy that counts what each call to DynamoDB reads, writes more"
        " events that have succeeded, and lists once more. It ends with an error where any call is another, reads more"
        " items or is answered with more bytes.",
        "",
        f"The last run, on {today}. Items read are those of index and table that DynamoDB charges for, sent or not"
        " (`ScannedCount` of a `Query`, the keys of a `BatchGetItem`).",
        "",
        "| events in the ledger | listing | listed | calls | entries of the index | items of the table | bytes answered"
        " | seconds |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for events, listing, reads, seconds in rows:
        entries, items = reads.count("Query"), reads.count("BatchGetItem") + reads.count("GetItem")
        cells = [
            f"{events:,}",
            f"`{' '.join(listing)}`",
            reads.events,
            len(reads.calls),
            entries,
            items,
            f"{reads.answered:,}",
            f"{seconds:.2f}",
        ]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    lines += [
        "",
        "**The same calls, the same items and the same bytes.** A test holds that with ten and with five hundred other"
        " events (`tests/stack/test_cli.py`), and the [index](../architecture.md#why-it-is-so) is why: what has succeeded"
        " has no entry in it. The first fifty are three calls, one behind the other: how many shards there are, a page"
        " of the index, and both items of each.",
        "",
        "The seconds are those of the whole command, unoptimised, of the proxy and of MiniStack, which is one process of"
        " Python and finds an index's partition without looking at others. They say that nothing there grows, and nothing"
        " of AWS's times. That the answer comes within a second with ten million events on AWS follows from three calls,"
        " none of which depends on how many events there are, and of which DynamoDB answers each within milliseconds"
        " as it documents; it was not measured there.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
