"""The JSON Schema of landfall.toml: what is committed is what the reader asks today, and both accept and refuse alike, over
every text that the reader's own tests read. And the catalogue as data, by its schema."""

import json
import os
import re
import subprocess

import jsonschema
import pytest
import tomlkit
from harness import ROOT
from tomlkit.exceptions import TOMLKitError

SCHEMA = ROOT / "infra" / "landfall.schema.json"

# What the reader finds wrong and a JSON Schema can't say.
BEYOND = [
    # Texts in a language of their own: templates, places, addresses.
    r"`.*` is no placeholder; .*",
    r"the settings make no address of `.*`",
    r"`.*` is no part of an answer; .*",
    r"`.*` is no place in a request",
    r"`.*` is made by a function that belongs to one provider",
    r"`.*` has a placeholder that names no single value",
    r"`.*` is compared with what is no single text",
    r"`.*` asks for more than an item has",
    r"`.*` is the same for every event, .*",
    r"`.*` is to be filled in under `settings`",
    r"`.*` is no URL",
    r"`.*` is scheme and host with a slash behind them",
    r"`.*` is no IP address and no network",
    r"`.*` names one address and a network at once",
    # What a source's tables must say together, each of which may leave it to another or to the provider.
    r"the source has no `provider` and no scheme",
    r"the source is not configured in the environment `.*`",
    r"the scheme has no `.*`",
    r"the scheme differs from version `.*`, which doesn't count for this source",
    r"one of several schemes over a provider's doesn't say which it differs from",
    r"`versions` chooses among a provider's schemes, .*",
    r"`every_delivery` and `unique_because` contradict each other",
    r"`tolerance` has no timestamp to be held against",
    r"`tolerance` leaves the past unchecked",
    r"the tolerance is longer than events are remembered: .*",
    r"`retention_days` is too short: .*",
    r"`speaks_every` is longer than events are remembered, .*",
    r"`keys` names an address, but the scheme takes a shared secret",
    r"only keys of the forms base64, text-or-base64 and public have a `prefix`",
    # What the provider's entry has or asks for.
    r".* has no version `.*`",
    r".* has one way to sign, of which nothing is to be chosen",
    r"`.*` stands there twice",
    r"nothing asks for the setting `.*`",
    r"`keep_encrypted` says nothing: the source's provider encrypts nothing",
    r"the setting `.*` is missing: .*",
    # What makes a scheme or a handshake sound.
    r"the body is not signed: .*",
    r"a body that is a token is its own signature: .*",
    r"`body_unsigned` is not so: .*",
    r"the message has \{timestamp\}, but the scheme names no timestamp",
    r"the timestamp is not in the message: .*",
    r"nothing in the message tells where .*",
    r"a key of the form .* does not fit .*",
    r"a token signs no message",
    r"only a token is sent as text",
    r"there are claims, but the signature is no token",
    r"the message is a token's, but the signature is no token",
    r"an HTTP message signature is written as `structured`",
    r"the URL would have \d+ forms, .*",
    r"the URL has forms, but the message has no URL in it",
    r"only a scheme with an HMAC has a key for one",
    r"the answer names a challenge, but the handshake has none",
    r"the answer to a HEAD has no body",
    r"a challenge in a body that is not signed must be a field of JSON",
    r"of a body that is not signed only a challenge is read that is its one field",
    r"a GET or HEAD has no body to look into",
    r"a POST with nothing to tell it from an event would swallow every one",
    # Names that are looked up, in the file or in the consumer.
    r"`.*` can't be the name of a source: Landfall has it for itself",
    r"there is no (source|destination) `.*`",
    r"`from` names `.*` twice",
    r"`.*` is the same for every event",
    r"the (source|destination) `.*` is not configured in the environment `.*`",
    r"the (route|destination) is not configured in the environment `.*`",
    r"the destination `.*` gets the landing's own events, .*",
    r"none of these types is one of the landing's own events",
    # What a destination's or a route's tables must say together.
    r"the route has no `from`",
    r"the (route|destination) leads nowhere",
    r"`.*` says nothing to .*",
    r"a FIFO (queue|topic) has no `group`",
    r"the destination has no `key`: .*",
    # Bounds of what is written as a text.
    r"`.*` is not from \d+[smhd] to \d+[smhd]",
    r"`max` is shorter than `base`: .*",
    r"`.*` is more than 1000 in a second",
    r"`.*` would be sent without TLS",
    # Values in languages of their own.
    r"`where` is a text that is no JSON: .*",
    r"`(where|body)`( at `.*`)?: .*",
    r"`(where|body)` has a value that JSON has not",
]

# What it can say at times: of a table's own key, and not of the same within a template; of a whole URL, and not of its parts.
AT_TIMES = [
    r"`.*` is no header name",
    r"`.*` has an empty name in it",
    r"the header `.*` .*",
    r"the URL of `http` has .*",
    r"`.*` is no URL that can be posted to",
]


def cargo(*arguments, **variables):
    command = ["cargo", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Every text that the reader's tests read, and the faults that the reader finds in it."""
    file = tmp_path_factory.mktemp("reader") / "cases"
    cargo("test", "--quiet", "--locked", "--package", "landfall-catalogue", "--lib", LANDFALL_READER_CASES=str(file))
    found = [json.loads(line) for line in file.read_text().split("\n") if line]
    return {case["text"]: case["faults"] for case in found}


def test_the_committed_schema_is_what_the_reader_asks():
    asked = cargo("run", "--quiet", "--locked", "--bin", "landfall-check", "--", "--schema")
    assert SCHEMA.read_text() == asked, "landfall check --schema > infra/landfall.schema.json"


def test_the_schema_is_named_in_the_first_line_of_a_file():
    first = (ROOT / "tests" / "stack" / "landfall.toml").read_text().splitlines()[0]
    assert first == f"#:schema ../../infra/{SCHEMA.name}"


def test_schema_and_reader_accept_and_refuse_alike(cases, validator):
    beyond, at_times = (re.compile("|".join(patterns)) for patterns in (BEYOND, AT_TIMES))
    held = {"accepted": 0, "refused": 0}
    for text, faults in cases.items():
        try:
            document = tomlkit.parse(text).unwrap()
        except TOMLKitError:
            # What is no TOML is none to an editor either.
            continue
        said = [error.message for error in validator.iter_errors(document)]
        expressible = [fault for fault in faults if not beyond.fullmatch(fault)]
        if not expressible or not all(map(at_times.fullmatch, expressible)):
            assert bool(said) == bool(expressible), (text, faults, said)
        held["refused" if said else "accepted"] += 1
    # So that a change of the tests doesn't leave this one with nothing to do.
    assert held["accepted"] > 150 and held["refused"] > 100, held


def test_the_catalogue_as_data_is_what_its_schema_says():
    data = json.loads((ROOT / "docs" / "catalogue.json").read_text())
    schema = json.loads((ROOT / "docs" / data["$schema"]).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(data)] == []
    # A field that is added or renamed is one that the schema doesn't know.
    data["providers"][0]["colour"] = "red"
    assert not validator.is_valid(data)
