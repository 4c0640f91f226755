"""What a run sends and what it breaks, all of it drawn from the seed before anything is sent."""

import base64
import json
import random
from dataclasses import dataclass, field

# How a source's provider takes an answer that is no 2xx: how often it sends again. The real ones do so over hours.
RETRIES = {"financbase": 5, "formify": 8, "frontitude": 5, "orum": 8, "self": 8}
RETRIES |= {"drill": 0, "test-sent": 8, "test-bank": 8}
PROVIDERS = ["financbase", "formify", "frontitude", "orum", "self"]
TYPES = {
    "financbase": "invoice.paid",
    "formify": "document.signed",
    "frontitude": "copy.updated",
    "orum": "transfer_updated",
    "self": "verification.completed",
    "test-sent": "order.placed",
    "test-bank": "payment.settled",
}
# The source whose events go to the services, and that of the payments, with the account that is credited.
OUT, BANK, ACCOUNT = "test-sent", "test-bank", "a"
# How a service that doesn't work behaves.
MANNERS = ["dead", "slow", "lies"]
# Sources whose deliveries carry the time at which they were sent.
TIMED = ["formify", "frontitude", "self"]
# What the fire drill's handler is asked for: type, fields, share.
DRILLS = [
    ("drill.ok", {}, 36),
    ("drill.slow", {"ms": 300}, 8),
    ("drill.slow", {"ms": 2_000}, 4),
    ("drill.fail", {"times": 1}, 12),
    ("drill.fail", {"times": 3}, 8),
    ("drill.fail", {}, 4),
    ("drill.refuse", {}, 8),
    ("drill.panic", {"times": 1}, 8),
    ("drill.panic", {}, 2),
    ("drill.exit", {"times": 1}, 3),
]
# Those that take longest to be given up: only in the first quarter.
EARLY_DRILLS = [
    ("drill.slow", {"ms": 60_000}, 1),  # longer than it may: it is cut off
    ("drill.exit", {}, 1),
]
# In every body of a delivery that is not authentic.
FALSE_MARK = "nobody-signed-this"


@dataclass(frozen=True)
class Sent:
    """An event at its provider."""

    number: int
    source: str
    id: str
    type: str
    body: bytes
    key: str  # of the ledger
    retries: int
    # Seconds after its first delivery at which it is delivered again, whatever was answered.
    again: tuple[float, ...]


@dataclass(frozen=True)
class False_:
    """A delivery that is not authentic."""

    kind: str  # forged, changed, stale
    source: str
    id: str
    type: str
    body: bytes
    key: str


@dataclass(frozen=True)
class Deed:
    """Something that is done to the stack once so many deliveries have been begun."""

    after: int
    what: str
    number: int = 0


@dataclass
class Plan:
    seed: int
    deliveries: int
    arrivals: list = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)


def make(seed, deliveries):
    draw = random.Random(f"{seed} plan")
    plan = Plan(seed, deliveries)
    planned, number = 0, 0
    genuine = []
    while planned < deliveries:
        number += 1
        if draw.random() < 0.14:
            plan.arrivals.append(false_delivery(draw, seed, number, genuine))
            planned += 1
            continue
        event = sent(draw, seed, number, early=planned < deliveries / 4)
        genuine.append(event)
        plan.arrivals.append(event)
        planned += 1 + len(event.again)
    plan.deeds = deeds(draw, len(plan.arrivals))
    return plan


def sent(draw, seed, number, early):
    source = draw.choice([*PROVIDERS, *["drill"] * 4, *[OUT] * 3, BANK])
    id = f"chaos-{seed}-{number}"
    # Some bodies are longer than the ledger keeps itself.
    padding = base64.b64encode(draw.randbytes(draw.choice([0, 10, 60, 60, 400, 3_000]))).decode()
    again = []
    chance = draw.random()
    if chance < 0.12:  # while the first may still be on its way
        again = [draw.choice([0.0, 0.0, 0.05, 0.3])] * draw.choice([1, 1, 2, 4])
    elif chance < 0.3:
        again = [round(draw.uniform(0.5, 40), 2) for _ in range(draw.choice([1, 1, 2]))]
    type, fields = TYPES.get(source, ""), {}
    retries = RETRIES[source]
    if source == "drill":
        drills = DRILLS + EARLY_DRILLS * early
        type, fields, _ = draw.choices(drills, [share for *_, share in drills])[0]
        retries = draw.choice([0, 0, 5])
        if type == "drill.refuse" and draw.random() < 0.4:  # somebody presses "redeliver"
            again.append(round(draw.uniform(10, 30), 2))
    if source == BANK:
        # So that a sum tells which of them it has.
        fields = {"account": ACCOUNT, "amount": number**2}
    body = json.dumps(content(source, id, type, fields | {"padding": padding})).encode()
    key = f"{source}#{id}-{type}" if source == "self" else f"{source}#{id}"
    return Sent(number, source, id, type, body, key, retries, tuple(again))


def content(source, id, type, fields):
    """A body. What it is about is named after the event, so that each event's runs can be told from the others'."""
    return {
        "financbase": {"id": id, "type": type, "created": 1_700_000_000, "data": {"id": id}},
        "formify": {"eventId": id, "type": type, "documentId": id},
        "frontitude": {"type": type, "data": {"id": id}},
        "orum": {
            "event_id": id,
            "event_type": type,
            "created_at": "2026-01-01T00:00:00.000Z",
            "event_data": {"transfer": {"id": id, "status": "settled"}},
        },
        "self": {"verification_id": id, "type": type, "status": "valid", "environment": "test"},
    }.get(source, {"id": id, "type": type}) | fields


def false_delivery(draw, seed, number, genuine):
    kind = draw.choice(["forged", "forged", "changed", "stale"])
    source = draw.choice(TIMED if kind == "stale" else [*PROVIDERS, "drill"])
    id, type = f"chaos-{seed}-{number}", TYPES.get(source, "drill.ok")
    if kind == "forged" and genuine and draw.random() < 0.3:  # under the id of a true one
        other = draw.choice(genuine[-50:])
        source, id, type = other.source, other.id, other.type
    body = json.dumps(content(source, id, type, {"note": FALSE_MARK})).encode()
    key = f"{source}#{id}-{type}" if source == "self" else f"{source}#{id}"
    return False_(kind, source, id, type, body, key)


def deeds(draw, arrivals):
    """The stage directions: one scene after the other, with quiet between them."""
    deeds = []
    scenes = ["consumer off", *["consumer off, tickets lost"] * 3, *["sqs", "dynamodb"] * 2, "s3", "secrets"]
    draw.shuffle(scenes)
    length = arrivals // (len(scenes) + 1)
    for turn, scene in enumerate(scenes):
        begin = int(length * (turn + 0.5)) + draw.randrange(max(1, length // 4))
        end = begin + length // 3
        if scene.startswith("consumer off"):
            deeds += [Deed(begin, "consumer off"), Deed(end, "consumer on")]
            if "lost" in scene:
                deeds.append(Deed(end - 1, "tickets lost", draw.randint(5, 20)))
        else:
            service = {"secrets": "secretsmanager"}.get(scene, scene)
            deeds += [Deed(begin, f"{service} refuses"), Deed(end, f"{service} answers")]
    # Beside these, and whatever they are: the service's own.
    manners = draw.sample(MANNERS * 2, 2 * len(MANNERS))
    for turn, manner in enumerate(manners):
        begin = int(arrivals * 0.9 * (turn + 0.3 * draw.random()) / len(manners))
        deeds += [Deed(begin, f"service {manner}"), Deed(begin + arrivals // 12, "service works")]
    for _ in range(max(1, arrivals // 60)):
        function = draw.choice(["Consumer", "Consumer", "Ingest", "Sweeper"])
        deeds.append(Deed(draw.randrange(5, max(6, arrivals)), f"kill {function}", draw.randrange(100)))
    for _ in range(max(1, arrivals // 250)):
        deeds.append(Deed(draw.randrange(5, max(6, arrivals)), "redrive", draw.randint(1, 3)))
    return sorted(deeds, key=lambda deed: deed.after)
