"""Takes the pictures of docs/console.md, from a stack of its own: `make screenshots`."""

import json

from browser import chromium
from harness import ROOT
from test_console import Console

PICTURES = ROOT / "docs" / "console"
MOST_BYTES = 150_000


def test_pictures_are_taken(bench):
    for source in ("financbase", "formify", "orum", "self"):
        bench.landfall("send", "--source", source)
    bench.landfall("send", "--source", "self", "--forge")
    for id in ("inv-1041", "inv-1042", "inv-1043"):
        body = json.dumps({"id": id, "type": "drill.refuse", "amount": 1250, "currency": "EUR"})
        bench.landfall("send", "--source", "drill", "--body-file", "-", input=body)
        bench.ended("drill", id, "failed")
    bench.drained()

    PICTURES.mkdir(exist_ok=True)
    console = Console(bench, "--stack", bench.name)
    try:
        with chromium("--window-size=1200,860", "--hide-scrollbars") as browser:
            browser.open(console.url)
            browser.shows("The last hour")
            for name, url in [
                ("overview", console.at("/")),
                ("event", console.at("/event", source="drill", id="inv-1041")),
                ("dlq", console.at("/dlq", source="drill")),
                ("replay", console.at("/replay", source="drill", state="failed", until="2099-01-01")),
            ]:
                browser.open(url)
                picture = browser.picture()
                assert len(picture) <= MOST_BYTES, (name, len(picture))
                (PICTURES / f"{name}.png").write_bytes(picture)
    finally:
        console.stop()
