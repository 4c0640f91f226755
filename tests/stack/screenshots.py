"""Takes the pictures of docs/console.md, from a stack of its own: `make screenshots`."""

import json
import math

from bench import now_ms
from browser import chromium
from harness import ROOT
from test_console import Console

PICTURES = ROOT / "docs" / "console"
MOST_BYTES = 150_000
MINUTE = 60_000


def an_hour(bench):
    """An hour of lines in the log, made up, so that the charts have something to show: traffic that swells, and a destination
    that failed for ten minutes."""
    now, lines = now_ms(), {"ingest": [], "consumer": []}
    for minute in range(59, 1, -1):
        at = now - minute * MINUTE
        for number in range(3 + round(2 * math.sin(minute / 9))):
            fails = 20 < minute < 30
            ms = 9 + minute * 7 % 12 + 20 * fails
            delivery = {"message": "delivery", "source": "orum", "outcome": "accepted", "ms": ms}
            leg = {"route": "counted", "outcome": "retried" if fails and number else "succeeded", "tries": 1}
            attempt = {"message": "attempt", "source": "orum", "legs": [leg], "events.age_ms": ms * (8 + 9 * fails)}
            lines["ingest"].append((at, delivery))
            lines["consumer"].append((at, attempt))
        if minute % 13 == 0:
            refused = {"message": "delivery", "source": "self", "outcome": "refused", "reason": "forged", "ms": 2}
            lines["ingest"].append((at, refused))
    logs = bench.client("logs")
    for function, all in lines.items():
        group, stream = f"/aws/lambda/{bench.name}/{function}", "an-hour"
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": at, "message": json.dumps(line)} for at, line in all]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def test_pictures_are_taken(bench):
    for source in ("financbase", "formify", "orum", "self"):
        bench.landfall("send", "--source", source)
    bench.landfall("send", "--source", "self", "--forge")
    for id in ("inv-1041", "inv-1042", "inv-1043"):
        body = json.dumps({"id": id, "type": "drill.refuse", "amount": 1250, "currency": "EUR"})
        bench.landfall("send", "--source", "drill", "--body-file", "-", input=body)
        bench.ended("drill", id, "failed")
    bench.drained()
    bench.invoke("Sweeper", {})
    an_hour(bench)

    PICTURES.mkdir(exist_ok=True)
    console = Console(bench, "--stack", bench.name)
    try:
        with chromium("--window-size=1200,860", "--hide-scrollbars") as browser:
            browser.open(console.url)
            browser.shows("The last hour")
            for name, url, height in [
                ("overview", console.at("/"), 1200),
                ("event", console.at("/event", source="drill", id="inv-1041"), 860),
                ("dlq", console.at("/dlq", source="drill"), 860),
                ("replay", console.at("/replay", source="drill", state="failed", until="2099-01-01"), 860),
            ]:
                browser.call("POST", "/window/rect", {"width": 1200, "height": height})
                browser.open(url)
                picture = browser.picture()
                assert len(picture) <= MOST_BYTES, (name, len(picture))
                (PICTURES / f"{name}.png").write_bytes(picture)
    finally:
        console.stop()
