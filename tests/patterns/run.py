"""Landfall's conditions beside MiniStack's TestEventPattern: random patterns, random events, one answer.

    run.py PATTERNS [--seed N] [--pairs N] [--port N] [--page FILE]

PATTERNS is the example of `shared/routing` that draws the pairs. Ends with an error at the first pair that the two answer
otherwise, and where one of the differences that are known is no more.
"""

import argparse
import datetime
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "local")]

from stack import Stack, Trouble  # noqa: E402
from testeventpattern import Asker, drawn_event  # noqa: E402

ASKERS = 4

# What MiniStack answers otherwise than we do, and why we don't: the pattern, the event, its answer.
KNOWN = [
    (
        "`exists: false` of a field that some elements of an array have, and some don't",
        {"items": {"discount": [{"exists": False}]}},
        {"items": [{"discount": 1}, {"sku": "A"}]},
        True,
    ),
    (
        "two numbers that a double can't tell apart",
        {"a": [{"numeric": ["=", 0.1]}]},
        '{"a": 0.1000000000000000055}',
        True,
    ),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", type=Path)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--port", type=int)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()

    stack = Stack("patterns")
    try:
        port, _ = stack.start(options.port)
        began = time.monotonic()
        counts = compare(options, port)
        known(port)
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    finally:
        stack.stop()
    seconds = time.monotonic() - began
    print(
        f"{counts['pairs']:,} pairs from seed {options.seed}, {counts['matching']:,} of them matching: no difference."
    )
    if options.page:
        options.page.write_text(page(options, counts, seconds))


def compare(options, port):
    """Asks for every pair, and counts them."""
    drawn = subprocess.Popen(
        [options.patterns.resolve(), str(options.seed), str(options.pairs)], stdout=subprocess.PIPE, text=True
    )
    lock = threading.Lock()
    counts = {"pairs": 0, "matching": 0, "operators": {}}
    differences = []

    def ask():
        asker = Asker(port)
        while not differences:
            with lock:
                line = drawn.stdout.readline()
            if not line:
                return
            pair = json.loads(line)
            answer = asker.matches(pair["pattern"], drawn_event(line))
            with lock:
                counts["pairs"] += 1
                counts["matching"] += pair["matches"]
                count_operators(pair, counts["operators"])
                if answer != pair["matches"]:
                    differences.append((answer, line))

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    drawn.stdout.close()
    ended = drawn.wait()
    for answer, line in differences:
        print(f"MiniStack answers {answer}: {line}", file=sys.stderr)
    if differences:
        raise Trouble(f"Seed {options.seed} has a difference.")
    if ended or counts["pairs"] != options.pairs:
        raise Trouble(f"{counts['pairs']} pairs of {options.pairs} were compared.")
    return counts


def count_operators(pair, operators):
    """Counts the pairs with each operator in their pattern, and of them those that match."""
    for operator in set(operators_in(pair["pattern"])):
        counted = operators.setdefault(operator, [0, 0])
        counted[0] += 1
        counted[1] += pair["matches"]


def operators_in(pattern):
    if isinstance(pattern, dict):
        for name, asked in pattern.items():
            if name == "$or":
                yield name
                for alternative in asked:
                    yield from operators_in(alternative)
            elif isinstance(asked, dict):
                yield from operators_in(asked)
            else:
                yield from (next(iter(one)) if isinstance(one, dict) else "exact value" for one in asked)


def known(port):
    asker = Asker(port)
    for what, pattern, event, answer in KNOWN:
        event = event if isinstance(event, str) else json.dumps(event)
        if asker.matches(pattern, event) != answer:
            raise Trouble(f"MiniStack agrees now: {what}. Have the pairs ask for it.")


def page(options, counts, seconds):
    today = datetime.datetime.now(datetime.UTC).date()
    lines = [
        "# Conditions beside another engine",
        "",
        "`make patterns` draws patterns and events, and asks MiniStack's `TestEventPattern` of each pair what"
        " [`shared/routing`](../../shared/routing/src/condition/mod.rs) has answered. Patterns are drawn to be like their"
        " events, so that many match; what [the subset](../routing.md) refuses is not drawn again.",
        "",
        f"The last run, on {today}: {counts['pairs']:,} pairs from seed {options.seed} in {seconds:.0f} s,"
        f" {counts['matching']:,} of them matching. **No difference.**",
        "",
        "| in the pattern | pairs | matching |",
        "|---|---:|---:|",
    ]
    rows = sorted(counts["operators"].items())
    lines += [f"| {operator} | {pairs:,} | {matching:,} |" for operator, (pairs, matching) in rows]
    lines += [
        "",
        "MiniStack is an emulator; it says that it follows AWS's Event Ruler. What the two would answer otherwise is not"
        " drawn, and asked by itself, so that it is noticed should it change:",
        "",
    ]
    lines += [f"- {what}." for what, *_ in KNOWN]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
