"""Landfall and the providers' own libraries, side by side.

What a library signs `landfall verify` must accept, and what `landfall sign` signs the library must accept; what is
changed after that, both must refuse. Prints a table; exit status 1 on any disagreement.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import json
import pathlib
import random
import string
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from datetime import datetime, timezone

import slack_sdk.signature
import standardwebhooks
import stripe
import svix.webhooks
import twilio.request_validator

Headers = list[tuple[str, str]]
Secret = Callable[[random.Random], tuple[str, str]]

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Case:
    """A delivery before it is signed."""

    secret: str
    """What the receiver holds."""
    signing: str
    """What the provider holds: the same, or the private key."""
    body: bytes
    headers: Headers
    url: str
    now: int

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclasses.dataclass(frozen=True)
class Library:
    """A library that signs for a provider, checks what it sent, or both."""

    name: str
    provider: str
    secret: Secret
    sign: Callable[[Case], Headers] | None
    check: Callable[[Case, Headers], bool]
    binary: bool = False
    """Whether it takes bodies that are no text."""
    form: bool = False
    """Whether it takes the fields of a form."""
    empty: bool = True
    """Whether it takes no body at all."""
    headers: Headers = dataclasses.field(default_factory=list)
    """What is signed and not made by signing."""


@dataclasses.dataclass
class Row:
    """What came of one library."""

    signed: int = 0
    checked: int = 0
    forged: int = 0
    faults: list[str] = dataclasses.field(default_factory=list)


def of(headers: Headers, name: str) -> str:
    return next((value for found, value in headers if found.lower() == name.lower()), "")


# ---- Secrets ----


def text_secret(prefix: str = "") -> Secret:
    def made(rng: random.Random) -> tuple[str, str]:
        secret = prefix + "".join(rng.choices(string.ascii_letters + string.digits, k=40))
        return secret, secret

    return made


def base64_secret(rng: random.Random) -> tuple[str, str]:
    secret = "whsec_" + base64.b64encode(rng.randbytes(24)).decode()
    return secret, secret


def hex_secret(rng: random.Random) -> tuple[str, str]:
    secret = rng.randbytes(32).hex().upper()
    return secret, secret


def key_pair(rng: random.Random) -> tuple[str, str]:
    """The public key in hex, the private one as `whsk_…`."""
    seed = rng.randbytes(32)
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    command = ["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"]
    public = subprocess.run(command, input=der, capture_output=True, check=True).stdout
    return public[-32:].hex(), "whsk_" + base64.b64encode(seed).decode()


# ---- Libraries of Python ----


def accepts(check: Callable[[], object], *refusals: type[Exception]) -> bool:
    try:
        check()
    except refusals:
        return False
    except json.JSONDecodeError:
        return True  # verified, and then read as JSON
    return True


def specification(webhook: type, prefix: str) -> tuple[Callable[[Case], Headers], Callable[[Case, Headers], bool]]:
    def sign(case: Case) -> Headers:
        at = datetime.fromtimestamp(case.now, tz=timezone.utc)
        signature = webhook(case.secret).sign("msg_1", at, case.text)
        return [(f"{prefix}-id", "msg_1"), (f"{prefix}-timestamp", str(case.now)), (f"{prefix}-signature", signature)]

    def check(case: Case, headers: Headers) -> bool:
        lower = {name.lower(): value for name, value in headers}
        refusals = (standardwebhooks.WebhookVerificationError, svix.webhooks.WebhookVerificationError)
        return accepts(lambda: webhook(case.secret).verify(case.text, lower), *refusals)

    return sign, check


def stripe_check(case: Case, headers: Headers) -> bool:
    header = of(headers, "Stripe-Signature")
    return accepts(
        lambda: stripe.WebhookSignature.verify_header(case.text, header, case.secret, 300),
        stripe.SignatureVerificationError,
    )


def slack_sign(case: Case) -> Headers:
    verifier = slack_sdk.signature.SignatureVerifier(case.secret)
    signature = verifier.generate_signature(timestamp=str(case.now), body=case.body)
    return [("X-Slack-Request-Timestamp", str(case.now)), ("X-Slack-Signature", signature or "")]


def slack_check(case: Case, headers: Headers) -> bool:
    verifier = slack_sdk.signature.SignatureVerifier(case.secret)
    return verifier.is_valid_request(case.body, dict(headers))


class Fields(dict):
    """The fields of a form, of which a name may stand there twice."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def fields(body: bytes) -> Fields:
    return Fields(urllib.parse.parse_qs(body.decode(), keep_blank_values=True))


def twilio_sign(case: Case) -> Headers:
    validator = twilio.request_validator.RequestValidator(case.secret)
    return [("X-Twilio-Signature", validator.compute_signature(case.url, fields(case.body)))]


def twilio_check(case: Case, headers: Headers) -> bool:
    validator = twilio.request_validator.RequestValidator(case.secret)
    return validator.validate(case.url, fields(case.body), of(headers, "X-Twilio-Signature"))


# ---- Libraries of Node ----


class Node:
    """The libraries of libraries.mjs."""

    def __init__(self, packages: str) -> None:
        command = ["node", str(HERE / "libraries.mjs"), packages]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, library: str, do: str, case: Case, headers: Headers) -> object:
        asked = {
            "library": library,
            "do": do,
            "secret": case.secret,
            "body": base64.b64encode(case.body).decode(),
            "headers": headers,
            "now": case.now,
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if do == "check":
            return answer.get("ok") is True
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return [tuple(pair) for pair in answer["ok"]]

    def library(self, name: str, provider: str, secret: Secret, *, signs: bool = True, **more: object) -> Library:
        return Library(
            f"{name} (Node)",
            provider,
            secret,
            (lambda case: self.ask(name, "sign", case, [])) if signs else None,
            lambda case, headers: self.ask(name, "check", case, headers),
            **more,
        )


def libraries(node: Node) -> list[Library]:
    svix_id, webhook_id = [("svix-id", "msg_2")], [("webhook-id", "msg_2")]
    standard = specification(standardwebhooks.Webhook, "webhook")
    return [
        Library("slack_sdk (Python)", "slack", text_secret(), slack_sign, slack_check),
        Library("standardwebhooks (Python)", "standard-webhooks", base64_secret, *standard, headers=webhook_id),
        Library("stripe (Python)", "stripe", text_secret("whsec_"), None, stripe_check),
        Library("svix (Python)", "svix", base64_secret, *specification(svix.webhooks.Webhook, "svix"), headers=svix_id),
        Library("twilio (Python)", "twilio", text_secret(), twilio_sign, twilio_check, form=True),
        node.library("@adyen/api-library", "adyen", hex_secret),
        node.library("@octokit/webhooks-methods", "github", text_secret(), empty=False),
        node.library("@paddle/paddle-node-sdk", "paddle", text_secret("pdl_ntfset_"), signs=False),
        node.library("discord-interactions", "discord", key_pair, signs=False, binary=True),
        node.library("standardwebhooks", "standard-webhooks", base64_secret, headers=webhook_id),
        node.library("stripe", "stripe", text_secret("whsec_"), empty=False),
        node.library("svix", "svix", base64_secret, headers=svix_id),
    ]


# ---- Bodies ----

FIXED = [
    b"",
    b"{}",
    b'{"a":1}\n',
    b'{\r\n  "a": "b"\r\n}\r\n',
    b"\xef\xbb\xbf{}",
    b" \t{} \n",
    '{"caf\u00e9":"cafe\u0301 \U0001f980 \u200f\u05e9"}'.encode(),
    b'{"path":"a\\/b","snow":"\\u2603"}',
    b'{"big":123456789012345678901234567890,"small":1e-400,"same":1,"same":2}',
    b"not json: {timestamp}.{body} %00 + &a=b",
    b'{"nul":"\\u0000","del":"\x7f"}',
    b"[" + b'"x",' * 20_000 + b"0]",
]
BINARY = [b"\xff\xfe\x00\x01", b"\x00", b'{"a":"\xe9"}']

KINDS = [
    string.printable,
    "\u00e4\u00f6\u00fc\u00df\u00e9\u00f1",
    "\u4e2d\u6587\u5b57",
    "\U0001f980\U0001f600",
    '"\\/{}&=%+ \r\n\t',
]


def some_text(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(rng.choice(KINDS)) for _ in range(rng.randrange(length)))


def body(rng: random.Random, number: int, library: Library) -> bytes:
    if library.form:
        pairs = [(some_text(rng, 12) or "f", some_text(rng, 30)) for _ in range(number and rng.randrange(8))]
        return urllib.parse.urlencode(pairs + pairs[:1]).encode()
    fixed = FIXED + (BINARY if library.binary else [])
    if number < len(fixed):
        return fixed[number] or (b"" if library.empty else b" ")
    if library.binary and rng.random() < 0.3:
        return rng.randbytes(rng.randrange(400))
    value = {some_text(rng, 10): [some_text(rng, 40), rng.random(), None, {some_text(rng, 5): rng.randrange(10**9)}]}
    return json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])).encode()


# ---- Side by side ----


class Landfall:
    """The command line."""

    def __init__(self, command: str) -> None:
        self.command = command

    def run(self, do: str, library: Library, secret: str, case: Case, headers: Headers) -> subprocess.CompletedProcess:
        command = [self.command, do, "--provider", library.provider, "--secret", secret, "--body-file", "-"]
        command += ["--url", case.url]
        for name, value in headers:
            command += ["--header", f"{name}: {value}"]
        return subprocess.run(command, input=case.body, capture_output=True, check=False)

    def accepts(self, library: Library, case: Case, headers: Headers) -> bool:
        run = self.run("verify", library, case.secret, case, headers)
        if run.returncode > 1:
            raise RuntimeError(run.stderr.decode())
        return run.returncode == 0

    def sign(self, library: Library, case: Case) -> Headers:
        run = self.run("sign", library, case.signing, case, case.headers)
        if run.returncode:
            raise RuntimeError(run.stderr.decode())
        return [tuple(pair) for pair in json.loads(run.stdout)["headers"]]


def forgeries(rng: random.Random, case: Case, library: Library) -> list[tuple[str, Case]]:
    """The same delivery with another body, or held against another secret."""
    if library.form:
        changed = case.body + (b"&x=y" if case.body else b"x=y")
    else:
        at = rng.randrange(len(case.body) + 1)
        changed = case.body[:at] + b" " + case.body[at:]
        if not library.binary and not is_text(changed):
            changed = case.body + b" "
    other, _ = library.secret(rng)
    return [
        ("another body", dataclasses.replace(case, body=changed)),
        ("another secret", dataclasses.replace(case, secret=other)),
    ]


def is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def compare(library: Library, landfall: Landfall, bodies: int, seed: int) -> Row:
    rng, row = random.Random(f"{seed} {library.name}"), Row()
    for number in range(bodies):
        secret, signing = library.secret(rng)
        query = rng.choice(["", "?a=b", "?q=%C3%A9%20x&empty="])
        url = f"https://hooks.example.com/webhooks/{library.provider}{query}"
        headers = list(library.headers)
        if library.form:
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        case = Case(secret, signing, body(rng, number, library), headers, url, int(time.time()))
        signed = [("what landfall signs", landfall.sign(library, case))]
        row.checked += 1
        if library.sign:
            signed.append(("what the library signs", library.sign(case)))
            row.signed += 1
        for who, headers in signed:
            row.faults += judged(library, landfall, who, True, case, headers)
            for kind, forged in forgeries(rng, case, library):
                row.faults += judged(library, landfall, f"{who}, {kind}", False, forged, headers)
                row.forged += 1
    return row


def judged(
    library: Library, landfall: Landfall, kind: str, expected: bool, case: Case, headers: Headers
) -> list[str]:
    """What either of the two gets wrong."""
    verdicts = {"landfall": landfall.accepts(library, case, headers), "it": library.check(case, headers)}
    wrong = "refuses" if expected else "accepts"
    return [
        f"{library.name}: {who} {wrong} {kind}: {case.body[:60]!r}"
        for who, accepted in verdicts.items()
        if accepted != expected
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landfall", required=True, help="the command line")
    parser.add_argument("--packages", required=True, help="the folder with node_modules")
    parser.add_argument("--bodies", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    print(f"{'library':<34}{'provider':<20}{'it signs':>9}{'it checks':>11}{'forged':>9}{'disagree':>10}")
    faults = []
    for library in libraries(Node(given.packages)):
        row = compare(library, Landfall(given.landfall), given.bodies, given.seed)
        counts = f"{row.signed:>9}{row.checked:>11}{row.forged:>9}{len(row.faults):>10}"
        print(f"{library.name:<34}{library.provider:<20}{counts}", flush=True)
        faults += row.faults
    for fault in faults[:40]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
