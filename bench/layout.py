"""Which functions of a program run, for the linker to put next to each other: infra/package/layout.ld.

What the kernel maps of a program is 16 pages around each that is used. A program's functions lie in the order of the crates
that they come from, and of each crate some run, so that nearly all of it gets mapped; what runs is a third of it.
"""

import re
import subprocess
from collections import defaultdict

import deliveries
from instructions import Counter
from measure import some, sweeps
from stub import Unsound

TIMES = 10
# More than the ledger takes, so that S3 is called.
LARGE_BODY = 400_000

HEAD = """\
/* What runs of a function, next to each other: as a release is linked, by functions/build.rs. `make layout` writes this file
   from what runs of the release's programs, and docs/evidence/build.md says what it gives. A name that is missing here costs
   some memory, one that is in no program any more costs nothing. The rest is in the order of its names: what is generic has one
   name for many types, looks alike for them, and so takes less room in a zip file. */
SECTIONS
{
  .text.runs :
  {
"""
TAIL = """\
  }
  .text.rests :
  {
    *(SORT_BY_NAME(.text._*))
    *(SORT_BY_NAME(.text.unlikely._*))
  }
}
INSERT BEFORE .text;
"""


def runs(bench, scratch):
    """The functions of ingest, the consumer and the sweeper that run, as patterns."""
    counter = Counter(bench, scratch)

    def ran(contestant, lines):
        symbols = counter.run(contestant, lines, tls=True, options=("--demangle=no",))
        # To one that runs while it runs already callgrind adds how deep.
        return patterns(contestant, {re.sub(r"'\d+$", "", symbol) for symbol in symbols})

    ingest, consumer, sweeper = (bench.functions[name] for name in ("ingest", "consumer", "sweeper"))
    one_by_one = (deliveries.delivery, deliveries.forged, deliveries.unknown, deliveries.malformed)
    answered = b"\n".join(some(made, 0, TIMES) for made in one_by_one)
    large = deliveries.delivery(TIMES, LARGE_BODY).line()
    bench.stub.clear()
    # Each twice, so that there are duplicates.
    found = ran(ingest, b"\n".join([answered, large] * 2))
    found |= ran(consumer, b"\n".join(deliveries.batches(bench.stub.messages())))
    return found | ran(sweeper, sweeps(TIMES))


def patterns(contestant, symbols):
    """The patterns for a program's own functions among these. Several symbols may stand for one function."""
    listed = subprocess.run(
        ["nm", "--defined-only", "--format=posix", contestant.command[0]], check=True, capture_output=True, text=True
    ).stdout
    names, places = defaultdict(set), defaultdict(set)
    for line in listed.splitlines():
        name, kind, place = line.split(" ")[:3]
        if kind in "tTwW":
            names[place].add(name)
            places[name].add(place)
    found = {pattern(name) for symbol in symbols for place in places[symbol] for name in names[place]}
    if not found:
        raise Unsound(f"{contestant.command[0]} has no symbols")
    return found


def pattern(symbol):
    """A linker's pattern for a function's symbol in each build: without what compilers, versions and targets change."""
    if symbol.startswith("_ZN"):
        # rustc's older mangling ends with a hash.
        return re.sub(r"17h[0-9a-f]{16}E.*", "17h*", symbol)
    name, dot, _ = symbol.partition(".")
    if name.startswith("_R"):
        # The newer one has a hash for each crate, and link-time optimisation numbers what there is several times of.
        return re.sub(r"Cs[0-9A-Za-z]+_", "Cs*_", name) + "*"
    return re.sub(r"(aws_lc)_\d+_\d+_\d+_", r"\1_*_", name) + "*" * len(dot)


def script(found):
    """The linker's script. What compilers take for unlikely or for the start has a word of it in its section's name."""
    return HEAD + "".join(f"    *(.text*.{name})\n" for name in sorted(found)) + TAIL
