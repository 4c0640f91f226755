"""Where a new event's time goes, as a flame graph: samples of a process at work, kernel included, by who called whom.

    flame.py --functions FOLDER --stub PROGRAM --out FILE

needs `perf`, and functions that were built with names. The width of a frame is its share of the samples; what is narrower than
a two-hundredth is left out, and so are the frames of the loop, of futures that hand on, and of the standard library in between.
"""

import argparse
import html
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import deliveries
import instructions
from measure import WARM_UP, some
from run import started
from stub import Unsound

EVENTS = 3_000
SAMPLES_A_SECOND = 1_999
NARROWEST = 1 / 200
WIDTH, ROW, LETTER = 1_200, 17, 6.3

HASH = re.compile(r"::h[0-9a-f]{16}$")
BETWEEN = re.compile(
    r"<*&?(mut )?(std|core|alloc|tokio|tracing|tower|futures\w*|hashbrown|pin_project\w*|tokio_stream)::"
    r"|_start|main|__libc|__rust_|\[unknown\]|start_thread|clone|asm_|entry_SYSCALL|do_syscall|x64_sys_call|__x64_sys"
)
COLOURS = {
    "Landfall's own": "#e0662f",
    "the SDK": "#e8b04a",
    "HTTP, the Lambda runtime and tokio": "#8fb05a",
    "compression": "#5a9fb0",
    "SHA-256, taken off": "#6f79c4",
    "JSON": "#b07ab8",
    "the allocator": "#c45a6f",
    "the kernel": "#9a9a9a",
}
OTHER = "#cfc6b8"
KERNEL = " [k]"


@dataclass
class Frame:
    """A function, called by the one below."""

    name: str
    samples: int = 0
    callees: dict = field(default_factory=dict)

    def add(self, stack):
        self.samples += 1
        if stack:
            self.callees.setdefault(stack[0], Frame(stack[0])).add(stack[1:])

    def height(self, narrowest):
        above = [callee.height(narrowest) for callee in self.callees.values() if callee.samples >= narrowest]
        return 1 + max(above, default=0)


def stacks(script):
    """From what `perf script` prints, each sample's functions, the outermost first."""
    for sample in script.split("\n\n"):
        lines = [line.strip() for line in sample.splitlines()[1:] if line.strip()]
        names = [name_of(line) for line in reversed(lines)]
        # Of the kernel only what it was asked for: the rest is this machine's.
        asked = next(
            (at for at, name in enumerate(names) if name.endswith(KERNEL) and not BETWEEN.match(name)), len(names)
        )
        names = names[: asked + 1]
        kept = [name for at, name in enumerate(names) if at + 1 == len(names) or not BETWEEN.match(name)]
        if kept:
            # A future that polls itself through others is one frame.
            yield [name for at, name in enumerate(kept) if at == 0 or kept[at - 1] != name]


def name_of(line):
    """A frame is told as `address symbol+offset (object)`; what is the kernel's is marked."""
    _, _, rest = line.partition(" ")
    symbol, _, where = rest.rpartition(" (")
    name = HASH.sub("", re.sub(r"\+0x[0-9a-f]+$", "", symbol)).replace("::{{closure}}", "")
    return f"{name}{KERNEL}" if where.startswith("[kernel") or where.startswith("[guest.kernel") else name


def group(name):
    if name.endswith(KERNEL):
        return "the kernel"
    return next((group for group, names in instructions.GROUPS.items() if names.match(name)), None)


def short(name):
    """Without the crates' paths of types: what is left of a name after its last two parts are found."""
    bare = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", name)).strip("<>")
    return "::".join(part for part in bare.split("::") if part)[-80:] or name[:80]


def draw(root, note):
    """The graph as SVG: callers below, callees above, each with its share as a title."""
    narrowest = root.samples * NARROWEST
    height = (root.height(narrowest) + 2) * ROW
    parts = []

    def put(frame, left, level):
        width = frame.samples / root.samples * WIDTH
        top = height - (level + 2) * ROW
        letters = int(width / LETTER)
        name = short(frame.name)
        told = name if len(name) <= letters else f"{name[: letters - 1]}…" if letters > 3 else ""
        parts.append(
            f"<g><title>{html.escape(frame.name)}: {frame.samples / root.samples:.1%}</title>"
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" '
            f'fill="{COLOURS.get(group(frame.name), OTHER)}"/>'
            + (f'<text x="{left + 3:.1f}" y="{top + 12}">{html.escape(told)}</text>' if told else "")
            + "</g>"
        )
        for callee in sorted(frame.callees.values(), key=lambda callee: callee.name):
            if callee.samples >= narrowest:
                put(callee, left, level + 1)
            left += callee.samples / root.samples * WIDTH

    put(root, 0, 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="10.5">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + f'\n<text x="3" y="{height - 5}">{html.escape(note)}</text>\n</svg>\n'
    )


def sampled(bench, scratch):
    """What `perf` has seen of a process while it took new events."""
    data = scratch / "perf.data"
    bench.stub.clear()
    with bench.process(bench.functions["ingest"]) as process:
        process.give(some(deliveries.delivery, 0, WARM_UP))
        lines = some(deliveries.delivery, WARM_UP, EVENTS)
        options = ("-F", str(SAMPLES_A_SECOND), "-e", "cpu-clock", "--call-graph", "dwarf,65528")
        perf = ["perf", "record", "--quiet", *options, "-o", str(data), "-p", str(process.process.pid)]
        recording = subprocess.Popen(perf, stderr=subprocess.PIPE, text=True)
        process.give(lines)
        recording.send_signal(signal.SIGINT)
        said = recording.communicate()[1]
    if not data.exists():
        raise Unsound(f"perf has recorded nothing: {said}")
    script = ["perf", "script", "-i", str(data), "--no-inline", "-F", "comm,event,ip,sym,symoff,dso"]
    return subprocess.run(script, capture_output=True, text=True, check=True).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=Path, required=True, help="where the built functions are")
    parser.add_argument("--stub", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, started(options, Path(folder)) as bench:
        root = Frame("a new event")
        for stack in stacks(sampled(bench, Path(folder))):
            root.add(stack)
        note = f"{root.samples} samples of {EVENTS} new events of 2 KB, commit {bench.described['commit']}"
    options.out.write_text(draw(root, note))


if __name__ == "__main__":
    main()
