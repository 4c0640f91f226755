"""Does to the stack, while deliveries come in, what the plan says; and notes when its processes end."""

import contextlib
import json
import threading
import time
from collections import Counter

import processes

# How many rounds redeliveries of a failed event open at once: `Limits::REOPENS`.
REOPENS = 3


class Director:
    def __init__(self, bench, plan, proxy, providers, services):
        self.bench, self.plan, self.proxy, self.providers = bench, plan, proxy, providers
        self.services = services
        self.done = Counter()  # by what was done
        self.deaths = {}  # process id -> when it was missed
        self.errors = []
        self._over, self._watched = threading.Event(), threading.Event()
        self._actor = threading.Thread(target=self._run, args=(self._act,), daemon=True)
        self._watcher = threading.Thread(target=self._run, args=(self._watch,), daemon=True)

    def start(self):
        self._actor.start()
        self._watcher.start()

    def restore(self):
        """Ends the scenes, with everything on and in order again."""
        self._over.set()
        self._actor.join(60)
        self.proxy.down.clear()
        self.services.manner["flaky"] = "works"
        self.bench.resume_consumer()

    def stop(self):
        self._watched.set()
        self._watcher.join(60)

    def _run(self, part):
        try:
            part()
        except Exception as error:  # a fault of the run itself
            self.errors.append(f"{type(error).__name__}: {error}")

    def _act(self):
        for deed in self.plan.deeds:
            while self.providers.begun < deed.after:
                if self.providers.done or self._over.wait(0.05):
                    return
            what, _, which = deed.what.partition(" ")
            if which == "refuses":
                self.proxy.down.add(what)
            elif which == "answers":
                self.proxy.down.discard(what)
            elif what == "kill":
                self._kill(which, deed.number)
            elif what == "service":
                self.services.manner["flaky"] = which
            elif deed.what == "consumer off":
                self.bench.pause_consumer()
            elif deed.what == "consumer on":
                self.bench.resume_consumer()
            elif deed.what == "tickets lost":
                self._lose_tickets(deed.number)
            elif deed.what == "redrive":
                self._redrive(deed.number)
            if which not in ("answers", "on", "works"):
                self.done[deed.what] += 1

    def _kill(self, function, number):
        name = next(name for name, short in self.proxy.functions.items() if short == function)
        alive = [process for process in processes.children(self.proxy.ministack) if process.function == name]
        if alive and processes.kill(alive[number % len(alive)].pid, self.proxy.ministack):
            self.proxy.killed[function] += 1

    def _lose_tickets(self, number):
        """Deletes tickets that nobody works on, as the queue does when their retention is over."""
        sqs, url = self.bench.client("sqs"), self.bench.outputs["QueueUrl"]
        while number > 0:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=min(10, number)).get("Messages", [])
            if not found:
                return
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            number -= len(found)
            self.done["tickets deleted"] += len(found)

    def _redrive(self, number):
        sqs, dlq = self.bench.client("sqs"), self.bench.outputs["DlqUrl"]
        names = {"MessageAttributeNames": ["All"]}
        found = sqs.receive_message(QueueUrl=dlq, MaxNumberOfMessages=number, **names)
        for message in found.get("Messages", []):
            self.bench.redriven(message)
            sqs.delete_message(QueueUrl=dlq, ReceiptHandle=message["ReceiptHandle"])
            self.done["letters redriven"] += 1

    def _watch(self):
        known, gone = set(), set()
        while not self._watched.wait(0.25):
            # Some don't live long enough to be seen here, but have made calls.
            known |= self.proxy.callers
            alive = {process.pid for process in processes.children(self.proxy.ministack)}
            known |= alive
            # An id may come back as another process.
            gone &= known - alive
            for pid in known - alive - gone:
                self.deaths.setdefault(pid, []).append(time.time())
            gone |= known - alive


def settle(bench, report, seconds):
    """Waits until nothing is left to do: every recorded event has ended, and the queue is empty. The sweeper runs more
    often than by its schedule. Returns whether it came to that."""
    deadline, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        items = bench.items()
        events = {item["pk"] for item in items if item["sk"] == "event"}
        works = [item for item in items if item["sk"] == "work"]
        ended = {item["pk"] for item in works if item["state"] in ("succeeded", "failed")}
        postponed = {item["pk"] for item in works if is_postponed(item)}
        # The ticket of what is postponed is delayed, for longer than a run takes.
        tickets = bench.waiting() if postponed else bench.depth()
        ended |= postponed
        report(f"{len(events - ended)} of {len(events)} events have not ended; {tickets} tickets")
        quiet = quiet + 1 if events <= ended and not tickets else 0
        if quiet == 2:
            return True
        with contextlib.suppress(AssertionError):  # a sweep may fail; the next makes up for it
            bench.invoke("Sweeper", {})
        time.sleep(2)
    return False


def is_postponed(work):
    """Whether redeliveries have asked for a fourth round of a leg: it is run an hour after the failure."""
    waiting = [leg for leg in work["legs"].values() if leg["state"] == "waiting"]
    return any(int(leg.get("reopens", 0)) > REOPENS for leg in waiting)


def log_lines(bench, function):
    """The JSON lines that a function has logged, each with the second at which the log got it, as `logged_at`."""
    lines = []
    pages = bench.client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=f"/aws/lambda/{bench.name}/{function}"):
        for event in page["events"]:
            with contextlib.suppress(json.JSONDecodeError, TypeError):
                lines.append(json.loads(event["message"]) | {"logged_at": event["timestamp"] / 1000})
    return lines
