"""Bodies that are apt to be read in more ways than one."""

import base64
import json
import random
import string
import urllib.parse

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

BRAINTREE = b"""<notification>
  <timestamp type="datetime">2026-11-21T00:00:00Z</timestamp><kind>check</kind>
  <subject><check type="boolean">true</check><number>%d</number></subject>
</notification>"""

KINDS = [
    string.printable,
    "\u00e4\u00f6\u00fc\u00df\u00e9\u00f1",
    "\u4e2d\u6587\u5b57",
    "\U0001f980\U0001f600",
    '"\\/{}&=%+ \r\n\t',
]


def some_text(rng: random.Random, length: int, kinds: list[str] = KINDS) -> str:
    return "".join(rng.choice(rng.choice(kinds)) for _ in range(rng.randrange(length)))


def some_object(rng: random.Random) -> dict:
    return {some_text(rng, 10): [some_text(rng, 40), rng.random(), None, {some_text(rng, 5): rng.randrange(10**9)}]}


def form(rng: random.Random, number: int, kinds: list[str]) -> bytes:
    pairs = [(some_text(rng, 12, kinds) or "f", some_text(rng, 30, kinds)) for _ in range(number and rng.randrange(8))]
    return urllib.parse.urlencode(pairs + pairs[:1]).encode()


def made(
    kind: str, rng: random.Random, number: int, now: int, *, empty: bool = True, fields: dict | None = None
) -> bytes:
    """The body of this number. Those of low numbers are fixed ones."""
    if kind in ("form", "form-ascii"):
        return form(rng, number, KINDS if kind == "form" else [string.printable])
    if kind == "braintree":
        # Where the library signs it makes a payload of its own.
        return urllib.parse.urlencode({"bt_payload": base64.encodebytes(BRAINTREE % number).decode()}).encode()
    if kind in ("json", "mercado-pago"):
        value = some_object(rng) | {
            name: now * 1000 if text == "$now_ms" else text for name, text in (fields or {}).items()
        }
        if kind == "mercado-pago":
            value |= {"id": number, "data": {"id": str(number)}}
        return json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])).encode()
    fixed = FIXED + (BINARY if kind == "bytes" else [])
    if number < len(fixed):
        return fixed[number] or (b"" if empty else b" ")
    if kind == "bytes" and rng.random() < 0.3:
        return rng.randbytes(rng.randrange(400))
    value = some_object(rng)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])).encode()


def changed(kind: str, rng: random.Random, body: bytes) -> bytes:
    """Another body of the same kind."""
    if kind in ("form", "form-ascii"):
        return body + (b"&x=y" if body else b"x=y")
    if kind in ("json", "mercado-pago"):
        return body + b" "
    if kind == "braintree":
        return body.replace(b"bt_payload=", b"bt_payload=QQ", 1)
    at = rng.randrange(len(body) + 1)
    other = body[:at] + b" " + body[at:]
    return other if kind == "bytes" or is_text(other) else body + b" "


def is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
