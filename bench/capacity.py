"""Which of AWS's limits a stack meets first, by arithmetic: what an event takes, times events a second, beside the limit.

    capacity.py docs/capacity.md

writes the page's tables. What an event takes is what `landfall cost` goes by (cli/src/cost/measured.json), and what a stack is
given are the template's defaults; the limits are in limits.json, each with AWS's page.
"""

import json
import math
import re
import sys
from pathlib import Path

import figures
import page

ROOT = Path(__file__).resolve().parents[1]
RATES = (1, 1_000, 100_000)
BODY_BYTES = 2_048
BATCH = 10
# As many as the template takes.
MOST_SHARDS = 100
SECONDS_A_MONTH = 730 * 3_600


def known(name):
    return json.loads((ROOT / "cli/src/cost/measured.json").read_text())[name]["value"]


def default(parameter):
    """A parameter's default in the template."""
    template = (ROOT / "infra/template.yaml").read_text()
    found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\d+)$", template, re.MULTILINE)
    return int(found[1])


def limits():
    return json.loads((ROOT / "bench/limits.json").read_text())["limits"]


def event_item(body):
    """The item of an event with such a body, in bytes: between what was measured it grows in proportion."""
    points = known("event_item_bytes")
    after = next((at for at, (size, _) in enumerate(points) if size >= body), len(points) - 1)
    (low, small), (high, large) = points[max(after, 1) - 1], points[max(after, 1)]
    return small + (body - low) / (high - low) * (large - small)


def write_units(size):
    return max(math.ceil(size / 1_024), 1)


def needs(rate, body=BODY_BYTES, shards=None):
    """What this rate takes of each limit: name, what it is, how much, what there is, and what to turn."""
    found = limits()
    consumers = rate / BATCH * (known("consumer_ms") + (BATCH - 1) * known("consumer_more_ms")) / 1e3
    ingests = rate * known("ingest_ms") / 1e3
    writes = rate * (write_units(event_item(body)) + 2 * write_units(known("work_item_bytes")))
    index = rate * write_units(known("index_entry_bytes"))
    ours = [
        ("`ThrottleRate`", rate, default("ThrottleRate"), "deliveries a second", "`ThrottleRate`, `ThrottleBurst`"),
        (
            "`ConsumerConcurrency`",
            consumers,
            default("ConsumerConcurrency"),
            "batches at a time",
            "`ConsumerConcurrency`",
        ),
    ]
    theirs = [
        ("API Gateway: requests", rate, "api_requests"),
        ("Lambda: runs at a time", ingests + consumers, "concurrency"),
        ("Lambda: runs begun", rate + rate / BATCH, "run_requests"),
        ("Lambda: batches of the queue", consumers, "consumers"),
        ("DynamoDB: a shard of the index", index / (shards or default("Shards")), "partition_writes"),
        ("DynamoDB: a new table", writes, "first_writes"),
        ("DynamoDB: the table", writes, "table_writes"),
        ("SQS: tickets in flight", consumers * BATCH, "in_flight"),
    ]
    ours += [
        (what, need, found[name]["value"], found[name]["unit"], found[name]["knob"]) for what, need, name in theirs
    ]
    return sorted(ours, key=lambda one: -one[1] / one[2])


def table(rate):
    rows = [
        (what, f"{amount(need)} {unit}", f"{limit:,}", figures.number(need / limit, 2), knob)
        for what, need, limit, unit, knob in needs(rate)
    ]
    return figures.table(("limit", "needed", "there is", "share", "what to turn"), rows)


def amount(need):
    return f"{need:,.0f}" if need >= 10 else figures.number(need, 2)


def usd_a_month(rate):
    """By the page of costs, whose figure a test of the command line holds."""
    text = (ROOT / "docs/cost.md").read_text()
    per_million = float(re.search(r"A million events more: ([\d.]+) USD", text)[1])
    return rate * SECONDS_A_MONTH / 1e6 * per_million


def sources():
    rows = [(f"{one['value']:,} {one['unit']}", one["where"], f"[page]({one['page']})") for one in limits().values()]
    return figures.table(("limit", "of what", "AWS's page"), rows)


def parts():
    found = {f"capacity {rate}": table(rate) for rate in RATES}
    costs = [(f"{rate:,}", f"{rate * SECONDS_A_MONTH / 1e6:,.1f}", f"{usd_a_month(rate):,.0f}") for rate in RATES]
    found["capacity costs"] = figures.table(("events a second", "million events a month", "USD a month"), costs)
    return found | {"capacity limits": sources()}


if __name__ == "__main__":
    page.write([Path(sys.argv[1])], parts())
