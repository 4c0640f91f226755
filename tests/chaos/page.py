"""The page that says what runs came to."""

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    seed: int
    is_busy: bool
    unsound: list[str]  # why it says nothing
    promises: dict[str, list[str]]  # what must be empty
    figures: dict[str, dict[str, int]]

    @property
    def verdict(self):
        if self.unsound:
            return "not sound"
        return "does not hold" if any(self.promises.values()) else "holds"


def page(runs, deliveries):
    seeds, busy = (" ".join(str(run.seed) for run in runs if run.is_busy is is_busy) for is_busy in (False, True))
    command = f'make chaos SEED="{seeds}"' + (f' BUSY="{busy}"' if busy else "") + f" DELIVERIES={deliveries}"
    verdicts = {"verdict": [f"**{run.verdict}**" for run in runs]}
    # Of a run that wasn't sound nothing is said.
    kept = {name: [] for run in runs for name in run.promises}
    for run in runs:
        for name, found in kept.items():
            found.append("-" if run.unsound else str(len(run.promises[name])))
    tables = "\n\n".join(
        f"## {name}\n\n" + table(runs, {what: counts(runs, name, what) for what in names(runs, name)})
        for name in runs[0].figures
    )
    return f"""# Chaos

The last runs of `{command}`, {time.strftime("%Y-%m-%d")}:
{versions()}.

Providers send to the deployed stack; some deliveries come twice at once, some again later, some are forged, changed or
stale. Handlers fail, refuse, panic, hang and exit. One service that events are sent to works, and another one is in turn
dead, slow (it takes what it is sent, and never says so) and lying (it takes it, and says 500, nonsense or nothing). AWS
calls are slow, are refused, or take effect and are answered with an error; functions are killed with SIGKILL before and
after calls; SQS, DynamoDB, S3 and Secrets Manager refuse everything for a while; the consumer is switched off; tickets are
deleted. Then the faults end, and what was sent is held against what was done: `tests/chaos`.

{table(runs, verdicts | kept)}

- Lost: answered 2xx, but not in the ledger byte by byte; or in the ledger, but neither succeeded nor failed with a
  letter of that attempt in the dead-letter queue, nor postponed by an hour for a fourth redelivery; or a leg that is said
  to have succeeded, of which its service has not said that it has it; or a payment that wasn't credited.
- False duplicate: called a duplicate, but not in the ledger.
- Handled twice without a reason: two runs for one claim, a run without a claim, a claim after a success, or a second run
  though the first had neither failed nor been cut off by a death, a failed call or the end of its time.
- Sent under a name that is not the leg's: two `webhook-id`s for one leg, one for two, or something that wasn't sent so.
- Credited twice: an account whose balance is not the sum of its payments ([the handler](../handlers.md)).
- Forged accepted: not authentic, but answered 2xx, in the ledger, or in a log.
- Not sound: the run itself has failed, and says nothing of Landfall. The proxy, a service or the sender met an error of
  its own; fewer than nine in ten deliveries could be begun in time; the proxy lost two in a hundred calls, since it could not tell
  in time whose they were; or it was late at one look in ten, so that what
  timed out may have done so for that. `make chaos` ends with 3 then, with 1 where something doesn't hold, and with 0 else.
- On the busy machine twice as many processes as it has cores do nothing but count, beside all that the run itself does.

{tables}

What this does not show: AWS itself. MiniStack stands in for it, on one machine with one clock.
"""


def names(runs, table):
    """The rows of a table, in the order in which the runs have them."""
    return dict.fromkeys(what for run in runs for what in run.figures[table])


def counts(runs, table, what):
    return [f"{run.figures[table].get(what, 0):,}" for run in runs]


def table(runs, rows):
    heads = [f"seed {run.seed}" + (", busy" if run.is_busy else "") for run in runs]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(runs)}"]
    return "\n".join(lines + [f"| {what} | {' | '.join(cells)} |" for what, cells in rows.items()])


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
