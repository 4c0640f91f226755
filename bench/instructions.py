"""Instructions by path, counted by callgrind: the figure that is the same every time.

A path is counted as the difference of two runs with different numbers of events. It is corrected for what callgrind sees
otherwise than a processor: valgrind hides the instructions for SHA-256, so what its blocks take is subtracted; and glibc is
told to copy with instructions that can be counted one by one.
"""

import json
import re
from pathlib import Path

import deliveries
import figures
from contestants import CONFIG
from measure import many_sources, some
from processes import Process
from stub import Unsound

BASELINE = Path(__file__).parent / "baseline.json"
# What the goals' table shows beside it; nothing is held against this.
FLOOR_COUNTS = Path(__file__).parent / "floor.json"
# A rise of more than this must be explained in the change that renews the baseline.
ALLOWED = 0.03

TUNABLES = "glibc.cpu.x86_rep_movsb_threshold=4294967295:glibc.cpu.x86_rep_stosb_threshold=4294967295"
# The block functions of SHA-256 in portable Rust, and in AWS-LC's assembly.
HASHING = re.compile(r"sha2::.*compress|sha256_block_data_order|sha256::.*compress256")

# By the crate whose function it is, or whose type a trait is implemented for.
GROUPS = {
    "SHA-256, taken off": HASHING,
    "compression": re.compile(r"_?(ZSTD|HUF|FSE|HIST)_|<*&?zstd\w*::"),
    "the allocator": re.compile(
        r"(_int_|__libc_)?(malloc|free|realloc|calloc|memalign)|unlink_chunk|sysmalloc|__rust_|.*alloc::alloc|_?mi_"
    ),
    "copies and comparisons": re.compile(r"(__)?(mem|bcmp)"),
    "the SDK": re.compile(r"<*&?(mut )?aws_"),
    "HTTP, the Lambda runtime and tokio": re.compile(
        r"<*&?(mut )?(hyper|hyper_util|http|http_body\w*|httparse|tokio\w*|tower\w*|lambda_\w+|mio|bytes|futures\w*)::"
    ),
    "JSON": re.compile(r"<*&?(mut )?(serde\w*|itoa|ryu|zmij)::"),
    "the function's own": re.compile(r"<*&?(mut )?(ingest|landfall_\w+|webhook|protocol|catalogue|floor_ingest)::"),
    "logging": re.compile(r"<*&?(mut )?tracing\w*::"),
}

FEW, MANY = 40, 240
# Batches of ten.
FEW_BATCHES, MANY_BATCHES = 3, 13
FEW_SWEEPS, MANY_SWEEPS = 5, 25
SOURCES = (5, 1_000)


class Counter:
    """Counts what processes execute."""

    def __init__(self, bench, scratch):
        self.bench, self.stub, self.scratch = bench, bench.stub, scratch
        # What a new event's instructions are of, by whose they are and by group.
        self.groups = {}
        scratch.mkdir(parents=True, exist_ok=True)

    def run(self, contestant, lines=None, config=CONFIG, tls=False, options=()):
        """What a process executes for these events, by function, from its start; without any until it asks for one."""
        out = self.scratch / "callgrind.out"
        out.unlink(missing_ok=True)
        told = contestant.environment | {"LANDFALL_CONFIG": str(config), "GLIBC_TUNABLES": TUNABLES}
        valgrind = ("valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}", *options)
        with Process(self.stub, "first", contestant.command, told, self.bench.log, tls, under=valgrind) as process:
            if lines is None:
                process.ready()
            else:
                for invocation in process.give(lines):
                    if invocation["failed"]:
                        raise Unsound(f"answered {invocation['answer']}\n{process.tail()}")
        costs = self_costs(out.read_text())
        if not costs:
            raise Unsound("callgrind has written nothing")
        return costs

    def difference(self, contestant, lines, few, many, before=lambda: None):
        """What one of `lines` takes."""
        runs = []
        for count in (few, many):
            before()
            runs.append(self.run(contestant, b"\n".join(lines[:count])))
        self.groups.setdefault(contestant.name, grouped(*runs, few, many))
        return figures.per_event(*map(corrected, runs), few, many)

    def paths(self):
        """Every path with its count, in the order of the table."""
        functions = self.bench.functions
        yield from self.on_the_way(functions["ingest"])
        yield (
            "sweeper at rest, per sweep",
            self.difference(functions["sweeper"], [b"{}"] * MANY_SWEEPS, FEW_SWEEPS, MANY_SWEEPS, self.stub.clear),
        )
        for sources in SOURCES:
            self.stub.clear()
            config = many_sources(self.stub, self.scratch, sources)
            yield f"ingest, start with {sources:,} sources", corrected(self.run(functions["ingest"], config=config))
        self.stub.secrets({deliveries.SOURCE: deliveries.SECRET})
        for function in ("consumer", "sweeper"):
            self.stub.clear()
            yield f"{function}, start", corrected(self.run(functions[function]))

    def floor(self):
        """The paths that the floor has."""
        floor = self.bench.floor
        yield from self.on_the_way(floor)
        for path, contestant in (("ingest, start with 5 sources", floor), ("consumer, start", floor.consumer)):
            self.stub.clear()
            yield path, corrected(self.run(contestant))

    def on_the_way(self, ingest):
        """The paths of a delivery, and of its ticket."""
        new = made(deliveries.delivery, MANY)
        yield "ingest, new event", self.difference(ingest, new, FEW, MANY, self.stub.clear)
        yield "ingest, duplicate", self.difference(ingest, new, FEW, MANY, lambda: self.worked_on(ingest, new))
        for name, maker in (
            ("forged", deliveries.forged),
            ("unknown source", deliveries.unknown),
            ("malformed", deliveries.malformed),
        ):
            yield f"ingest, {name}", self.difference(ingest, made(maker, MANY), FEW, MANY, self.stub.clear)
        counts = []
        for count in (FEW_BATCHES, MANY_BATCHES):
            self.stub.clear()
            batches = deliveries.batches(self.record(ingest, made(deliveries.delivery, 10 * MANY_BATCHES)))
            counts.append(corrected(self.run(ingest.consumer, b"\n".join(batches[:count]))))
        yield "consumer, one route, per ticket", figures.per_event(*counts, 10 * FEW_BATCHES, 10 * MANY_BATCHES)

    def record(self, ingest, lines):
        """Has events recorded by a process that isn't counted, and takes their tickets."""
        with self.bench.process(ingest) as process:
            process.give(b"\n".join(lines))
        return self.stub.messages()

    def worked_on(self, ingest, lines):
        """Has events recorded and worked on."""
        self.stub.clear()
        batches = deliveries.batches(self.record(ingest, lines))
        with self.bench.process(ingest.consumer) as process:
            process.give(b"\n".join(batches))


def made(maker, count):
    return some(maker, 0, count).split(b"\n")


def corrected(costs):
    """All that was counted, but for the blocks of SHA-256, which a processor has instructions for."""
    return sum(count for name, count in costs.items() if not HASHING.search(name))


def grouped(few, many, events_few, events_many):
    """What an event takes, by what its functions are about."""
    found = {}
    for name, count in many.items():
        group = next((group for group, names in GROUPS.items() if names.match(name)), "the standard library and others")
        of_one = figures.per_event(few.get(name, 0), count, events_few, events_many)
        found[group] = found.get(group, 0) + of_one
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def self_costs(text):
    """From callgrind's file, what each function executes by itself."""
    names, counts = {}, {}
    current, is_call = None, False
    for line in text.splitlines():
        if line.startswith(("fn=", "cfn=")):
            number, _, name = line.partition("=")[2].partition(" ")
            if name:
                names[number] = name
            if line.startswith("fn="):
                current = number
        elif line.startswith("calls="):
            # The next line has what the call cost, which belongs to the one that is called.
            is_call = True
        elif line[:1] in "0123456789+-*" and line:
            if not is_call and current is not None:
                counts[current] = counts.get(current, 0) + int(line.split()[1])
            is_call = False
    found = {}
    for number, count in counts.items():
        name = names.get(number, number)
        found[name] = found.get(name, 0) + count
    return found


def kept(path=BASELINE):
    """The counts that the repository keeps."""
    return json.loads(path.read_text())["instructions"] if path.exists() else {}


def compare(counted, floor, rustc, write):
    """Holds what was counted against the baseline, or makes it the baseline. Returns a table, and the paths that rise."""
    found = figures.changes(kept(), counted, ALLOWED)
    rows = [
        (
            path,
            "-" if before is None else f"{before:,}",
            f"{now:,}",
            "new" if change is None else f"{change:+.2%}",
            f"{floor[path]:,}" if path in floor else "-",
        )
        for path, (before, now, change, _) in found.items()
    ]
    if write:
        for path, counts in ((BASELINE, counted), (FLOOR_COUNTS, floor)):
            path.write_text(json.dumps({"rustc": rustc, "instructions": counts}, indent=2) + "\n")
    rising = [path for path, (_, _, _, rises) in found.items() if rises]
    return figures.table(("path", "baseline", "now", "change", "the floor's"), rows), rising
