"""What was sent, held against what was done."""

import json
from collections import Counter, defaultdict

from director import is_postponed
from effects import Effects
from plan import FALSE_MARK, False_, Sent

# The share of what was planned that must have been sent.
SENT = 0.9
# The share of looks at which the proxy may have been late.
LATE = 0.1
# The share of calls that may be lost with their processes.
NOBODYS = 0.02


class Verdict:
    """Lists of sentences that must be empty; and whether they mean anything."""

    def __init__(self, bench, proxy, director, providers, services, accounts, lines):
        self.bench, self.proxy, self.director, self.providers, self.lines = bench, proxy, director, providers, lines
        items = bench.items()
        self.events = {item["pk"]: item for item in items if item["sk"] == "event"}
        self.works = {item["pk"]: item for item in items if item["sk"] == "work"}
        self.counters = {item["pk"]: int(item["runs"]) for item in bench.items("ProjectionTableName") if "runs" in item}
        self.letters = defaultdict(list)
        for letter in bench.take("DlqUrl"):
            ticket = json.loads(letter["Body"])
            self.letters[f"{ticket['source']}#{ticket['id']}"].append(letter)
        self.sent = {d.item.key: d.item for d in providers.delivered if isinstance(d.item, Sent)}
        self.effects = Effects(services, accounts, self.events, self.works, self.sent)
        self.postponed = 0  # events whose fourth round of redeliveries is run an hour after their failure
        self.explained = Counter()  # claims that were followed by another, by why

        self.false_duplicates = self._false_duplicates()
        self.lost = [*self._lost(), *self.effects.lost]
        self.handled_twice = self._handled_twice()
        self.forged_accepted = self._forged_accepted()
        # An answer of 4xx tells a provider not to send again.
        self.refused = [
            f"{d.item.key} was answered {d.status}"
            for d in providers.delivered
            if isinstance(d.item, Sent) and 400 <= d.status < 500
        ]
        self.unsound = list(unsound(proxy, director, providers, services))

    @property
    def promises(self):
        return {
            "lost": self.lost,
            "false duplicates": self.false_duplicates,
            "handled twice without a reason": self.handled_twice,
            "sent under a name that is not the leg's": self.effects.misnamed,
            "credited twice": self.effects.credited_twice,
            "forged accepted": self.forged_accepted,
            "authentic, but answered 4xx": self.refused,
        }

    def _recorded(self, key):
        """Whether an event is in the ledger, with the body that was sent."""
        return key in self.events and self.bench.body_of(self.events[key]) == self.sent[key].body

    def _false_duplicates(self):
        said = {d.item.key for d in self.providers.delivered if d.outcome in ("duplicate", "reopened")}
        return [f"{key} is no duplicate of anything in the ledger" for key in sorted(said) if not self._recorded(key)]

    def _lost(self):
        """Events that were answered 2xx and aren't there, and events that are there and came to no end."""
        lost = []
        answered = {d.item.key for d in self.providers.delivered if isinstance(d.item, Sent) and 200 <= d.status < 300}
        for key in sorted(answered):
            if not self._recorded(key):
                lost.append(f"{key} was acknowledged, but is not in the ledger as it was sent")
        for key in sorted(self.events.keys() & self.sent.keys()):
            work = self.works.get(key)
            if not work or work["life"] != self.events[key]["received_at"]:
                lost.append(f"{key} was never worked on")
            elif work["state"] == "succeeded":
                if not any(write.state == "run" and write.applied for write in self.proxy.writes[key]):
                    lost.append(f"{key} is said to have succeeded, but its handler did nothing")
            elif is_postponed(work):
                self.postponed += 1
            elif work["state"] != "failed":
                lost.append(f"{key} is {work['state']} for ever")
            else:
                told = {(said(letter, "route"), int(said(letter, "attempts"))) for letter in self.letters[key]}
                for route, leg in work["legs"].items():
                    if leg["state"] == "failed" and (route, int(leg["tries"])) not in told:
                        lost.append(f"{route} of {key} has failed without a letter in the dead-letter queue")
        return lost

    def _handled_twice(self):
        """Runs that nothing explains: more than one of one claim, one without a claim, one after a success, or one after
        a run that was neither failed nor cut off."""
        found = []
        for key in sorted(self.events):
            found += [f"{key}: {what}" for what in self._unexplained(key)]
        return found

    def _unexplained(self, key):
        claims, runs, began = {}, defaultdict(int), set()
        holder = {}  # process id -> the claim that it took last
        for write in self.proxy.writes[key]:
            # A claim, or what needed none.
            if write.state not in ("run", "letter") and write.applied and write.attempt not in claims:
                claims[write.attempt] = write
                holder[write.pid] = write.attempt
            if write.state == "run" and write.operation not in began:
                began.add(write.operation)
                if write.pid not in holder:
                    yield f"process {write.pid} ran its handler without a claim"
                runs[holder.get(write.pid)] += 1
        attempts = int(self.works[key]["attempt"]) if key in self.works else 0
        if sorted(claims) != list(range(1, attempts + 1)):
            yield f"the claims {sorted(claims)} were seen, but the ledger counts {attempts}"
        counted = self.counters.get(key, 0) - self.proxy.counted_again[key]
        if counted > attempts:
            yield f"{counted} runs are counted, but only {attempts} claims"
        yield from (f"claim {attempt} ran its handler {count} times" for attempt, count in runs.items() if count > 1)
        for attempt, following in zip(sorted(claims), sorted(claims)[1:]):
            reason = self._why(key, claims[attempt], claims[following])
            self.explained[reason or "nothing"] += 1
            if reason == "it had succeeded" or (reason is None and runs[attempt]):
                yield f"claim {following} follows on claim {attempt}: {reason or 'nothing explains it'}"

    def _why(self, key, claim, following):
        """Why a claim was followed by another, or None."""
        if claim.state != "processing":
            return "it had nothing to run"
        finishes = [write for write in self.proxy.writes[key] if write.attempt == claim.attempt and write is not claim]
        ends = {write.state for write in finishes if write.applied and write.state != "processing"}
        if "succeeded" in ends:
            return "it had succeeded"
        if ends:
            return "it had failed"
        if any(claim.at <= death <= following.at + 0.5 for death in self.director.deaths.get(claim.pid, [])):
            return "its process had died"
        meanwhile = [write for write in self.proxy.writes[key] if claim.at <= write.at <= following.at]
        if any(write.pid == claim.pid and not write.clean for write in [claim, *meanwhile]):
            return "a call had failed"
        cut_off = [line["logged_at"] for line in self.lines["Consumer"] if line.get("reason") == "no_answer"]
        # A log gets its lines when the invocation has ended.
        if any(claim.at <= moment <= following.at + 1 for moment in cut_off):
            return "its time was over"
        return None

    def _forged_accepted(self):
        found = [
            f"{d.item.kind} delivery {d.item.key} was answered {d.status}"
            for d in self.providers.delivered
            if isinstance(d.item, False_) and 200 <= d.status < 300
        ]
        mark = FALSE_MARK.encode()
        holders = [key for key, event in self.events.items() if mark in self.bench.body_of(event)]
        found += [f"{key} holds what nobody signed" for key in holders]
        found += [f"{key} was never sent" for key in self.events if key not in self.sent]
        for function, lines in self.lines.items():
            found += [f"{function} has logged what nobody signed" for line in lines if FALSE_MARK in json.dumps(line)]
        return found


def unsound(proxy, director, providers, services):
    """Why a run says nothing of Landfall: what failed was the run itself."""
    for name, errors in {
        "the proxy": proxy.errors,
        "the director": director.errors,
        "the sender": providers.errors,
        "a service": services.errors,
    }.items():
        yield from (f"{name}: {error}" for error in errors)
    planned = len(providers.plan.arrivals)
    if providers.begun < SENT * planned:
        yield f"{providers.begun} of {planned} deliveries were begun in time: the machine is too slow for them"
    calls = sum(proxy.calls.values()) + proxy.nobodys
    if proxy.nobodys > NOBODYS * calls:
        yield f"of {proxy.nobodys} of {calls} calls the proxy did not find out in time whose they were"
    if proxy.late > LATE * proxy.looks:
        yield f"the proxy was late {proxy.late} of {proxy.looks} times: whatever timed out may have done so for that"


def said(letter, name):
    """What a letter says of itself; SQS's own moves say nothing."""
    return letter.get("MessageAttributes", {}).get(name, {}).get("StringValue", "0")
