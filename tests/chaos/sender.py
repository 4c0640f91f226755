"""The providers: they send, send again what was not answered 2xx, and some send twice at once."""

import heapq
import http.client
import itertools
import random
import threading
import time
from dataclasses import dataclass

from bench import TEST_SOURCES, Bench
from plan import TIMED, False_, Sent
from signing import signed

WORKERS = 8
# More connections than this are not refused by chance.
REFUSED = 5


@dataclass(frozen=True)
class Delivered:
    """One delivery and what was answered; status 0 where nothing was."""

    item: Sent | False_
    status: int
    outcome: str | None
    began: float
    ended: float


class Providers:
    def __init__(self, bench: Bench, plan, rate, seconds):
        self.bench, self.plan = bench, plan
        self.keys = bench.keys
        self.arrivals = iter(plan.arrivals)
        self.rate = rate  # arrivals a second, at most
        self.begun = 0  # arrivals
        self.done = False  # nothing is left to send
        self.delivered: list[Delivered] = []
        self.errors = []
        self.refused = 0  # connections
        self._draw = random.Random(f"{plan.seed} senders")
        self._order = itertools.count()
        self._due = []  # heap of (when, order, item, kind of delivery)
        self._tries = {}  # number -> deliveries that were not answered 2xx
        self._in_flight = 0
        self._next_arrival = time.monotonic()
        self._last_arrival = self._next_arrival + seconds
        self._lock = threading.Condition()

    def send_all(self):
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self):
        try:
            while (item := self._take()) is not None:
                delivered = self._deliver(item)
                self._answered(delivered)
        except Exception as error:  # a fault of the run itself
            self.errors.append(f"{type(error).__name__}: {error}")
            raise

    def _take(self):
        """The next delivery, once it is due; None when there will be none."""
        with self._lock:
            while not self.errors:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    self._in_flight += 1
                    return heapq.heappop(self._due)[2]
                if not self.done and self._next_arrival <= now:
                    item = next(self.arrivals, None) if now < self._last_arrival else None
                    if item is None:
                        self.done = True
                        continue
                    self._next_arrival = max(self._next_arrival + 1 / self.rate, now - 1)
                    self.begun += 1
                    self._in_flight += 1
                    for delay in getattr(item, "again", ()):
                        heapq.heappush(self._due, (now + delay, next(self._order), item))
                        self._lock.notify_all()
                    return item
                if self.done and not self._due and not self._in_flight:
                    self._lock.notify_all()
                    return None
                times = [self._due[0][0]] if self._due else []
                times += [] if self.done else [self._next_arrival]
                self._lock.wait(min(max(0.001, min(times) - now), 1) if times else 1)

    def _answered(self, delivered):
        item = delivered.item
        with self._lock:
            self._in_flight -= 1
            self.delivered.append(delivered)
            if isinstance(item, Sent) and not 200 <= delivered.status < 300:
                tries = self._tries[item.number] = self._tries.get(item.number, 0) + 1
                if tries <= item.retries:
                    wait = self._draw.uniform(0.5, 1.5) * min(2**tries, 10)
                    heapq.heappush(self._due, (time.monotonic() + wait, next(self._order), item))
            self._lock.notify_all()

    def _deliver(self, item):
        began = time.time()
        delivery = self.sign(item)
        try:
            answer = self.bench.post(delivery)
        except ConnectionRefusedError as error:
            self._refused(error)
            return Delivered(item, 0, None, began, time.time())
        except (OSError, http.client.HTTPException):
            return Delivered(item, 0, None, began, time.time())
        outcome = answer.json.get("outcome") if 200 <= answer.status < 300 else None
        return Delivered(item, answer.status, outcome, began, time.time())

    def _refused(self, error):
        """Nothing of Landfall's takes connections here: whoever refuses one is MiniStack, which lives as long as the run."""
        self.refused += 1
        if self.refused > REFUSED:
            self.errors.append(f"{self.refused} connections were refused: {error}")

    def sign(self, item):
        secret = self.keys[item.source]
        if isinstance(item, False_) and item.kind == "forged":
            # An attacker has a key, but not this one. Orum's are RSA keys: there the signature is of another body.
            if item.source == "orum":
                other = signed("orum", secret, id=item.id, type=item.type, body=item.body.replace(b"20", b"19"))
                return other.with_body(item.body)
            secret = {"self": FALSE_SECRET, "frontitude": FALSE_SECRET}.get(item.source, "an attacker's secret")
        at = time.time() - 3_600 if isinstance(item, False_) and item.kind == "stale" else None
        provider = TEST_SOURCES.get(item.source)
        delivery = signed(item.source, secret, provider=provider, id=item.id, type=item.type, body=item.body, at=at)
        if isinstance(item, False_) and item.kind == "changed":
            delivery = delivery.with_body(item.body.replace(b'"note"', b'"note" '))
        assert not (isinstance(item, False_) and item.kind == "stale" and item.source not in TIMED)
        return delivery


FALSE_SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
