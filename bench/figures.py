"""What is done with numbers: nothing here measures anything."""

import math
import statistics


def percentile(values, share):
    """The smallest value that this share of all values doesn't exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)), 1) - 1]


def median(values):
    return statistics.median(values)


def ratio(ours, theirs):
    """How many times theirs is as much as ours, block by block: the median, the least and the most."""
    found = [their / our for our, their in zip(ours, theirs, strict=True)]
    return median(found), min(found), max(found)


def per_event(few, many, events_few, events_many):
    """What one event takes, from two runs: whatever is done once drops out."""
    return (many - few) / (events_many - events_few)


def changes(baseline, counted, allowed):
    """For each path its change as a share, and whether it is a rise of more than is allowed."""
    found = {}
    for path, now in counted.items():
        before = baseline.get(path)
        change = None if before is None else now / before - 1
        found[path] = (before, now, change, before is not None and now - before > allowed * before)
    return found


def table(heading, rows):
    """A table in Markdown: the first column is text, the others are numbers."""
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def number(value, digits=3):
    """With so many digits that count, and no more."""
    if value is None:
        return "-"
    if value == 0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{decimals}f}"


def times(found):
    """A ratio with its spread."""
    middle, least, most = found
    return f"{number(middle, 2)} ({number(least, 2)} to {number(most, 2)})"
