"""Chaos on the deployed local stack: thousands of deliveries, while everything around the functions fails.

    run.py [--seed N ...] [--busy N ...] [--deliveries N] [--port N] [--rate N] [--page FILE]

One run for each seed, and one on a machine that is kept busy for each seed of --busy. A run starts a MiniStack of its own
and puts Landfall there as it is built, with a proxy between the functions and AWS, and services beside them. At the end,
when the faults are over and the stack is quiet, what was sent is held against what was done. Deliveries and faults follow
from the seed; how they meet is up to the machine.

Ends with 0 if all runs hold; with 1 if one doesn't: something was lost, called a duplicate that is none, handled twice
without a reason, sent under another name, credited twice, or accepted though it was forged; with 3 if a run was not
sound: then the run itself has failed, and says nothing of Landfall; with 2 if there was none.
"""

import argparse
import contextlib
import json
import os
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
from accounts import Accounts  # noqa: E402
from bench import Bench  # noqa: E402
from director import Director, log_lines, settle  # noqa: E402
from faults import Proxy  # noqa: E402
from page import Run, page  # noqa: E402
from plan import False_, Sent  # noqa: E402
from processes import Owners  # noqa: E402
from sender import Providers  # noqa: E402
from services import Services  # noqa: E402
from stack import Stack, Trouble  # noqa: E402
from verdict import Verdict  # noqa: E402

FUNCTIONS = ("Ingest", "Consumer", "Sweeper")
# At once, at most. Of the template's ten, two cores would make ten slow ones.
CONSUMERS = 4
# What has not been begun by then is not begun any more.
SEND_SECONDS = 270
# Once the last delivery is answered: longer than from one look of the sweeper to the next but one, and than what waits for
# a service takes to come back on a machine that is kept busy (230 s once). A run that is quiet before ends before.
SETTLE_SECONDS = 600


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, nargs="+", default=[])
    parser.add_argument("--busy", type=int, nargs="+", default=[], metavar="SEED", help="the same on a busy machine")
    parser.add_argument("--deliveries", type=int, default=3_000)
    parser.add_argument("--port", type=int)
    parser.add_argument("--rate", type=float, default=12, help="new events a second, at most")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "evidence" / "chaos.md")
    options = parser.parse_args()

    planned = [*((seed, False) for seed in options.seed), *((seed, True) for seed in options.busy)]
    runs = []
    for seed, is_busy in planned or [(random.randrange(1_000_000), False)]:
        stack = Stack("chaos")
        # Whatever an earlier run has left is not to be counted again.
        stack.stop()
        try:
            with busy() if is_busy else contextlib.nullcontext():
                runs.append(run(stack, seed, is_busy, options))
        except (Trouble, OSError) as trouble:
            print(trouble, file=sys.stderr)
            sys.exit(2)
        finally:
            stack.stop()
        report(runs[-1])
        options.page.parent.mkdir(parents=True, exist_ok=True)
        options.page.write_text(page(runs, options.deliveries))
    shown = options.page.relative_to(ROOT) if options.page.is_relative_to(ROOT) else options.page
    print(f"\nSee {shown}.")
    verdicts = {one.verdict for one in runs}
    sys.exit(1 if "does not hold" in verdicts else 3 if "not sound" in verdicts else 0)


@contextlib.contextmanager
def busy():
    """Keeps every core busy with something else, twice over."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * os.cpu_count())]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def run(stack, seed, is_busy, options):
    port = options.port or 4568
    services, proxy = Services(seed), Proxy(seed, port)
    services.start()
    proxy.start()
    how = " on a busy machine" if is_busy else ""
    print(f"\nSeed {seed}, {options.deliveries} deliveries{how}. Deploying infra/template.yaml ...", flush=True)
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
    accounts = Accounts(bench)
    accounts.allow()
    plan = plans.make(seed, options.deliveries)
    providers = Providers(bench, plan, options.rate, SEND_SECONDS)
    director = Director(bench, plan, proxy, providers, services)

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
    verdict = Verdict(bench, proxy, director, providers, services, accounts, lines)
    figures = figures_of(verdict, stack, sending, settling)
    services.stop()
    proxy.stop()
    return Run(seed, is_busy, verdict.unsound, verdict.promises, figures)


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
            "calls lost with their process": proxy.nobodys,
            "calls whose process was killed before they took effect": proxy.faults["killed before"],
            "calls whose process was killed after they took effect": proxy.faults["killed after"],
            **{f"processes of {name.lower()} killed by SIGKILL": n for name, n in sorted(proxy.killed.items())},
            "invocations whose process died": ministack.count("Runtime exited before returning a response\n"),
            "invocations that ran out of time": ministack.count("Task timed out"),
            **{what: count for what, count in sorted(director.done.items()) if not what.startswith("kill")},
        },
        "Beyond the ledger": verdict.effects.figures(),
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
        "The machine": {
            "processes that wanted a core, on average": round(os.getloadavg()[1]),
            "calls that waited for MiniStack to have room": proxy.waited,
            "times that the proxy was late, in 1,000 looks": round(1_000 * proxy.late / max(1, proxy.looks)),
            "connections refused to the sender": verdict.providers.refused,
        },
    }


def report(run):
    for name, table in run.figures.items():
        print(f"\n{name}")
        for what, count in table.items():
            print(f"  {count:7}  {what}")
    print()
    for name, found in run.promises.items():
        print(f"{len(found):9}  {name}")
        for sentence in found[:20]:
            print(f"             {sentence}")
    for sentence in run.unsound[:20]:
        print(f"NOT SOUND: {sentence}")
    print(f"\nSeed {run.seed}: {run.verdict}.", flush=True)


if __name__ == "__main__":
    main()
