"""The tables of frequencies that stand before a dictionary's text, by zstd's own ZDICT_finalizeDictionary.

`python3 local/dictionary.py TEXT HEAD`: reads the text, and writes what belongs before it. A dictionary that is in use is
never made anew: what was written with it can be read with no other. The samples of `landfall send` are what is counted.
Needs the library of zstd (on Debian and Ubuntu libzstd1).
"""

import ctypes
import ctypes.util
import json
import random
import re
import sys
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "cli" / "src" / "samples"
LEVEL = 3
LARGEST_HEAD = 4096


class Parameters(ctypes.Structure):
    _fields_ = (("level", ctypes.c_int), ("notifications", ctypes.c_uint), ("id", ctypes.c_uint))


def main(text, head):
    text = Path(text).read_bytes()
    events = [event(json.loads(file.read_text())) for file in sorted(SAMPLES.glob("*.json"))]
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
    finalize = zstd.ZDICT_finalizeDictionary
    finalize.restype = ctypes.c_size_t
    finalize.argtypes = (*[ctypes.c_void_p, ctypes.c_size_t] * 2, *[ctypes.c_void_p] * 2, ctypes.c_uint, Parameters)
    room = ctypes.create_string_buffer(LARGEST_HEAD + len(text))
    sizes = (ctypes.c_size_t * len(events))(*map(len, events))
    written = finalize(room, len(room), text, len(text), b"".join(events), sizes, len(events), Parameters(LEVEL, 0, 1))
    if zstd.ZDICT_isError(ctypes.c_size_t(written)) or not room.raw[:written].endswith(text):
        sys.exit("zstd made no dictionary of it.")
    Path(head).write_bytes(room.raw[: written - len(text)])


def event(sample):
    """An event as the ledger packs it: headers, and behind them the body, with ids and digests of some length."""
    chance = random.Random(1)
    values = {"$id": lambda: f"{chance.getrandbits(128):032x}", "$now_iso": lambda: "2026-01-02T03:04:05Z"}
    front = {"headers": {"content-type": "application/json"}, "label": "current", "signed": "itb"}
    body = sample.get("body", sample.get("form"))
    written = "".join(json.dumps(part, separators=(",", ":")) for part in (front, body))
    return re.sub(r"\$[a-z_]+", lambda name: values.get(name[0], lambda: "1767323045")(), written).encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
