"""Chaos on the deployed local stack: thousands of deliveries, while everything around the functions fails.

    run.py [--seed N] [--deliveries N] [--port N] [--rate N] [--page FILE]

Starts a MiniStack of its own and puts Landfall there as it is built, with a proxy between the functions and AWS. At the
end, when the faults are over and the stack is quiet, what was sent is held against what was done. Ends with an error
unless nothing was lost, nothing was called a duplicate that is none, nothing was handled twice without a reason, and
nothing forged was accepted. Deliveries and faults follow from the seed; how they meet is up to the machine.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "local"), str(ROOT / "tests" / "stack")]

import plan as plans  # noqa: E402
from bench import Bench  # noqa: E402
from director import Director, log_lines, settle  # noqa: E402
from faults import Proxy  # noqa: E402
from plan import False_, Sent  # noqa: E402
from processes import Owners  # noqa: E402
from sender import Providers  # noqa: E402
from stack import Stack, Trouble  # noqa: E402
from verdict import Verdict  # noqa: E402

FUNCTIONS = ("Ingest", "Consumer", "Sweeper")
# At once, at most. Of the template's ten, two cores would make ten slow ones.
CONSUMERS = 4
# What has not been begun by then is not begun any more.
SEND_SECONDS = 270
# Once the last delivery is answered: longer than from one look of the sweeper to the next but one.
SETTLE_SECONDS = 270


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--deliveries", type=int, default=3_000)
    parser.add_argument("--port", type=int)
    parser.add_argument("--rate", type=float, default=12, help="new events a second, at most")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "evidence" / "chaos.md")
    options = parser.parse_args()

    stack = Stack("chaos")
    # Whatever an earlier run has left is not to be counted again.
    stack.stop()
    try:
        verdict, figures = run(stack, options)
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    finally:
        stack.stop()
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(page(verdict, figures, options))
    report(verdict, figures, options)
    sys.exit(0 if verdict.holds else 1)


def run(stack, options):
    port = options.port or 4568
    proxy = Proxy(options.seed, port)
    proxy.start()
    print(f"Seed {options.seed}, {options.deliveries} deliveries. Deploying infra/template.yaml ...", flush=True)
    stack.start(port, functions_endpoint=f"http://127.0.0.1:{proxy.port}")
    stack.deploy(port)
    stack.make_secrets()
    proxy.ministack = stack.running()[0]
    proxy.owners = Owners(proxy.ministack)

    bench = Bench(stack.note)
    outputs = bench.outputs
    proxy.functions = {outputs[f"{function}FunctionName"]: function for function in FUNCTIONS}
    proxy.tables = {outputs["TableName"]: "ledger", outputs["ProjectionTableName"]: "projection"}
    proxy.dlq_url = outputs["DlqUrl"]
    bench.client("lambda").update_event_source_mapping(
        UUID=outputs["ConsumerEventSourceId"], ScalingConfig={"MaximumConcurrency": CONSUMERS}
    )
    plan = plans.make(options.seed, options.deliveries)
    providers = Providers(bench, plan, options.rate, SEND_SECONDS)
    director = Director(bench, plan, proxy, providers)

    began = time.monotonic()
    say = Progress(providers)
    say(f"Sending, with {len(plan.deeds)} scenes and faults in the calls between ...")
    proxy.storm = True
    director.start()
    say.while_running(providers.send_all)
    proxy.storm = False
    sending = time.monotonic() - began
    director.restore()
    say("All is sent. The faults are over. Waiting for the stack to become quiet ...")
    quiet = settle(bench, say, SETTLE_SECONDS)
    director.stop()
    settling = time.monotonic() - began - sending
    say("The stack is quiet." if quiet else "The stack has not become quiet in time.")

    lines = {function: log_lines(bench, function.lower()) for function in FUNCTIONS}
    keep(stack.folder / "trace", lines, proxy, providers)
    verdict = Verdict(bench, proxy, director, providers, lines)
    figures = figures_of(verdict, stack, sending, settling)
    proxy.stop()
    return verdict, figures


def keep(folder, lines, proxy, providers):
    """Keeps what happened, for whoever has to find out why."""
    folder.mkdir(exist_ok=True)
    for function in FUNCTIONS:
        (folder / f"{function.lower()}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines[function]))
    writes = sorted((w.at, key, str(w)) for key in list(proxy.writes) for w in list(proxy.writes[key]))
    (folder / "writes.txt").write_text("".join(f"{key} {write}\n" for _, key, write in writes))
    answers = [(one.began, one.ended, one.item.key, one.status, one.outcome) for one in providers.delivered]
    (folder / "deliveries.jsonl").write_text("".join(f"{json.dumps(answer)}\n" for answer in sorted(answers, key=str)))


class Progress:
    def __init__(self, providers):
        self.providers, self.began, self.last = providers, time.monotonic(), 0

    def __call__(self, text):
        print(f"{time.monotonic() - self.began:4.0f} s  {text}", flush=True)

    def while_running(self, task):
        thread = threading.Thread(target=task)
        thread.start()
        while thread.is_alive():
            thread.join(15)
            self(f"{len(self.providers.delivered)} deliveries answered")


def figures_of(verdict, stack, sending, settling):
    """What the run came to, in three tables."""
    proxy, director, delivered = verdict.proxy, verdict.director, verdict.providers.delivered
    outcomes = Counter()
    for one in delivered:
        kind = "" if isinstance(one.item, Sent) else f", {one.item.kind}"
        said = one.outcome or {0: "no answer"}.get(one.status, f"answered {one.status}")
        outcomes[f"{said}{kind}"] += 1
    ministack = stack.log.read_text(errors="replace")
    sweeps = [line for line in verdict.lines["Sweeper"] if line.get("message") == "sweep"]
    states = Counter(verdict.works[key]["state"] for key in verdict.events if key in verdict.works)
    claims = sum(int(work["attempt"]) for work in verdict.works.values())
    events = {item for one in delivered if isinstance(item := one.item, Sent)}
    return {
        "Deliveries": {
            "deliveries": len(delivered),
            "of events": len(events),
            "not authentic": sum(isinstance(one.item, False_) for one in delivered),
            **dict(sorted(outcomes.items())),
        },
        "Faults": {
            "AWS calls of the functions": sum(proxy.calls.values()),
            **{f"calls {kind}": count for kind, count in sorted(proxy.faults.items()) if "killed" not in kind},
            "calls whose process was killed before they took effect": proxy.faults["killed before"],
            "calls whose process was killed after they took effect": proxy.faults["killed after"],
            **{f"processes of {name.lower()} killed by SIGKILL": n for name, n in sorted(proxy.killed.items())},
            "invocations whose process died": ministack.count("Runtime exited before returning a response\n"),
            "invocations that ran out of time": ministack.count("Task timed out"),
            **{what: count for what, count in sorted(director.done.items()) if not what.startswith("kill")},
        },
        "Work": {
            "events recorded": len(verdict.events),
            **{f"events {state}": count for state, count in sorted(states.items())},
            "events postponed by an hour, for a fourth redelivery": verdict.postponed,
            "letters in the dead-letter queue": sum(map(len, verdict.letters.values())),
            "claims": claims,
            **{f"claims followed by another, since {why}": count for why, count in sorted(verdict.explained.items())},
            "sweeps": len([line for line in sweeps if "source" not in line]),
            "tickets sent by the sweeper": sum(line.get("sweeper.found", 0) for line in sweeps),
            "seconds of sending": round(sending),
            "seconds until the stack was quiet": round(settling),
        },
    }


def promises(verdict):
    return {
        "lost": verdict.lost,
        "false duplicates": verdict.false_duplicates,
        "handled twice without a reason": verdict.handled_twice,
        "forged accepted": verdict.forged_accepted,
        "authentic, but answered 4xx": verdict.refused,
        "faults of the run itself": verdict.faults_of_the_run,
    }


def report(verdict, figures, options):
    for name, table in figures.items():
        print(f"\n{name}")
        for what, count in table.items():
            print(f"  {count:7}  {what}")
    print()
    for name, found in promises(verdict).items():
        print(f"{len(found):9}  {name}")
        for sentence in found[:20]:
            print(f"             {sentence}")
    shown = options.page.relative_to(ROOT) if options.page.is_relative_to(ROOT) else options.page
    print(f"\nSeed {options.seed}. {'It holds.' if verdict.holds else 'IT DOES NOT HOLD.'} See {shown}.")


def page(verdict, figures, options):
    rows = "\n".join(f"| {name} | {len(found)} |" for name, found in promises(verdict).items())
    tables = "\n\n".join(
        f"## {name}\n\n| | |\n|---|---:|\n" + "\n".join(f"| {what} | {count:,} |" for what, count in table.items())
        for name, table in figures.items()
    )
    return f"""# Chaos

The last run of `make chaos SEED={options.seed} DELIVERIES={options.deliveries}`, {time.strftime("%Y-%m-%d")}:
{versions()}.

Providers send to the deployed stack; some deliveries come twice at once, some again later, some are forged, changed or
stale. Handlers fail, refuse, panic, hang and exit. AWS calls are slow, are refused, or take effect and are answered with
an error; functions are killed with SIGKILL before and after calls; SQS, DynamoDB, S3 and Secrets Manager refuse
everything for a while; the consumer is switched off; tickets are deleted. Then the faults end, and what was sent is held
against what was done: `tests/chaos`.

| must be 0 | |
|---|---:|
{rows}

- Lost: answered 2xx, but not in the ledger byte by byte; or in the ledger, but neither succeeded nor failed with a
  letter of that attempt in the dead-letter queue, nor postponed by an hour for a fourth redelivery.
- False duplicate: called a duplicate, but not in the ledger.
- Handled twice without a reason: two runs for one claim, a run without a claim, a claim after a success, or a second run
  though the first had neither failed nor been cut off by a death, a failed call or the end of its time.
- Forged accepted: not authentic, but answered 2xx, in the ledger, or in a log.

{tables}

What this does not show: AWS itself. MiniStack stands in for it, on one machine with one clock.
"""


def versions():
    def said(*command):
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()

    commit = said("git", "rev-parse", "--short", "HEAD")
    changed = " with changes" if said("git", "status", "--porcelain", "--", "functions", "shared", "infra") else ""
    requirements = (ROOT / "local" / "requirements-ministack.txt").read_text().split()
    ministack = next(line.partition("==")[2] for line in requirements if line.startswith("ministack=="))
    rust = said("rustc", "--version").partition(" (")[0]
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    return f"commit {commit}{changed}, MiniStack {ministack}, {rust}, {machine}"


if __name__ == "__main__":
    main()
