"""Landfall and the providers' own libraries, side by side.

What a library signs `landfall verify` must accept, and what `landfall sign` signs the library must accept; what is
changed after that, both must refuse. Writes a page with a table; exit status 1 on any disagreement.
"""

import argparse
import base64
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path

import bodies
import keys
from libraries import Asked, Newest, Pinned, Unavailable, libraries

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A delivery before it is signed."""

    secret: str
    """What the receiver holds."""
    signing: str
    """What the provider holds: the same, or the private key."""
    body: bytes
    headers: dict
    url: str
    now: int


@dataclass
class Row:
    """What came of one library."""

    library: object
    version: str = ""
    counts: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)
    unavailable: str = ""


class Landfall:
    """The command line."""

    def __init__(self, command):
        self.command = command

    def run(self, do, library, secret, case, headers):
        command = [self.command, do, "--provider", library.provider, "--secret", secret, "--body-file", "-"]
        command += ["--url", case.url]
        for name, value in library.settings.items():
            command += ["--setting", f"{name}={value}"]
        for name, value in headers.items():
            command += ["--header", f"{name}: {value}"]
        return subprocess.run(command, input=case.body, capture_output=True)

    def accepts(self, library, case, headers):
        ran = self.run("verify", library, case.secret, case, headers)
        if ran.returncode > 1:
            raise RuntimeError(ran.stderr.decode())
        return ran.returncode == 0

    def sign(self, library, case):
        ran = self.run("sign", library, case.signing, case, case.headers)
        if ran.returncode:
            raise RuntimeError(ran.stderr.decode())
        signed = json.loads(ran.stdout)
        return dict(signed["headers"]), base64.b64decode(signed["body_base64"])


def case(library, rng, number):
    secret, signing = keys.made(library.secret, rng)
    now = int(time.time())
    body = bodies.made(library.bodies, rng, number, now, empty=library.empty, fields=library.fields)
    query = rng.choice(["", "?a=b", "?q=%C3%A9%20x&empty="]) if library.query else ""
    if library.bodies == "mercado-pago":
        query = f"?data.id={number}&type=payment"
    url = f"https://hooks.example.com/webhooks/{library.provider}{query}"
    kind = "application/x-www-form-urlencoded" if library.is_form else "application/json"
    return Case(secret, signing, body, {"Content-Type": kind} | library.headers, url, now)


def forgeries(library, rng, signed):
    """The same delivery with another body, or held against another secret."""
    if "body" in library.forged:
        yield "another body", replace(signed, body=bodies.changed(library.bodies, rng, signed.body))
    if "secret" in library.forged:
        yield "another secret", replace(signed, secret=keys.made(library.secret, rng)[0])


def merged(before, after):
    """Headers, of which later ones take the place of those that are there, whatever their case."""
    names = {name.lower() for name in after}
    return {name: value for name, value in before.items() if name.lower() not in names} | after


def judged(row, landfall, asked, what, expected, given, headers):
    """Notes what either of the two gets wrong."""
    for who, accepts in (
        ("landfall", lambda: landfall.accepts(row.library, given, headers)),
        ("it", lambda: asked.accepts(given, headers)),
    ):
        try:
            accepted, said = accepts(), ""
        except RuntimeError as error:
            # Whoever fails has not accepted.
            accepted, said = False, f" ({error})"
        if accepted != expected:
            wrong = "refuses" if expected else "accepts"
            row.faults.append(f"{row.library.name}: {who} {wrong} {what}{said}: {given.body[:60]!r}")


def compared(library, landfall, asked, count, seed):
    row = Row(library, asked.version)
    rng = random.Random(f"{seed} {library.name}")
    for number in range(count):
        given = case(library, rng, number)
        signers = [("checked", "what landfall signs", lambda: landfall.sign(library, given))]
        if library.signs:
            signers.append(("signed", "what the library signs", lambda: asked.sign(given)))
        for kind, what, sign in signers:
            try:
                headers, body = sign()
            except RuntimeError as error:
                row.faults.append(f"{library.name}: {what} can't be signed: {error}: {given.body[:60]!r}")
                continue
            signed, headers = replace(given, body=body), merged(given.headers, headers)
            row.counts[kind] += 1
            judged(row, landfall, asked, what, True, signed, headers)
            for change, forged in forgeries(library, rng, signed):
                row.counts["forged"] += 1
                judged(row, landfall, asked, f"{what}, {change}", False, forged, headers)
    return row


def compare(library, landfall, source, fault, given):
    if fault:
        return Row(library, unavailable=fault)
    try:
        asked = Asked(library, source)
    except Unavailable as error:
        return Row(library, unavailable=str(error))
    try:
        return compared(library, landfall, asked, given.bodies, given.seed)
    finally:
        asked.close()


# ---- The page ----

HEADINGS = ["library", "version", "provider", "it signs", "it checks", "forged", "disagree"]


def cells(row):
    if row.unavailable:
        return [row.library.name, "", row.library.provider, "", "", "", "not compared"]
    counts = [row.counts[kind] or "" for kind in ("signed", "checked", "forged")]
    return [row.library.name, row.version, row.library.provider, *map(str, counts), str(len(row.faults))]


def page(which, rows, given):
    compared = [row for row in rows if not row.unavailable]
    providers = {row.library.provider for row in compared}
    accepted = sum(row.counts["signed"] + row.counts["checked"] for row in compared)
    forged = sum(row.counts["forged"] for row in compared)
    faults = [fault for row in compared for fault in row.faults]
    lines = [
        (HERE / f"{which}.md").read_text(),
        f"The last run, on {datetime.now(timezone.utc):%Y-%m-%d}, `BODIES={given.bodies}` and seed {given.seed}: "
        f"{len(compared)} libraries of {len(providers)} providers, {accepted:,} deliveries that both were to accept, "
        f"{forged:,} forged ones that both were to refuse, {len(faults):,} disagreements.\n",
        "| " + " | ".join(HEADINGS) + " |",
        "|" + "---|" * len(HEADINGS),
        *("| " + " | ".join(cells(row)) + " |" for row in rows),
    ]
    missing = [f"- {row.library.name}: {row.unavailable}" for row in rows if row.unavailable]
    if missing:
        lines += ["\nNot compared, because the library couldn't be had or loaded:\n", *missing]
    if faults:
        lines += ["\nDisagreements, the first of each library:\n"]
        lines += [f"- {row.faults[0]}" for row in compared if row.faults]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=["interop", "upstream"], help="pinned versions, or the newest")
    parser.add_argument("--landfall", required=True, help="the command line")
    parser.add_argument("--folder", required=True, type=Path, help="where the libraries are put")
    parser.add_argument("--page", type=Path, help="the page to write")
    parser.add_argument("--bodies", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--provider", action="append", default=[], help="only this one; repeatable")
    given = parser.parse_args()

    print("Getting the libraries ...", flush=True)
    source = {"interop": Pinned, "upstream": Newest}[given.which](given.folder)
    chosen = libraries(given.provider)
    faults = source.have(chosen)
    rows = []
    for library in chosen:
        row = compare(library, Landfall(given.landfall), source, faults.get(library.name), given)
        rows.append(row)
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells(row), (38, 16, 18, 5, 5, 5, 12))), flush=True)
        for text in row.faults[:5] or filter(None, [row.unavailable]):
            print(f"    {text}", flush=True)
    if given.page:
        given.page.write_text(page(given.which, rows, given))
    disagree = sorted({row.library.provider for row in rows if row.faults})
    if disagree:
        print(f"Disagreements about {', '.join(disagree)}.")
    # A pinned library that isn't there is a fault of this repository's.
    missing = given.which == "interop" and any(row.unavailable for row in rows)
    return 1 if disagree or missing else 0


if __name__ == "__main__":
    sys.exit(main())
