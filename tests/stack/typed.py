#!/usr/bin/env python3
"""The AWS command line, as far as the documentation's pages type it: service, operation and options become one call, by the
service's own model. It stands in for `aws`, which would want an installation of its own."""

import base64
import json
import sys
from pathlib import Path

import boto3
import jmespath
from botocore import xform_name

# Of the command line's own, and not the operation's.
OUTPUT = {"--query", "--output"}
PROMPTLY = {"Delay": 1, "MaxAttempts": 120}


def options(words):
    """Each option with the words behind it."""
    given = {}
    for word in words:
        if word.startswith("--"):
            last = given.setdefault(word, [])
        else:
            last.append(word)
    return given


def value(shape, words):
    """What the words behind an option mean for a parameter of this shape."""
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "list" and words[0][:1] not in ("[", "{"):
        return [value(shape.member, [word]) for word in words]
    (word,) = words
    if word.startswith("file://"):
        word = Path(word.removeprefix("file://")).read_text()
    if shape.type_name in ("structure", "map", "list"):
        if word.lstrip()[:1] in ("{", "["):
            return decoded(shape, json.loads(word))
        pairs = dict(pair.split("=", 1) for pair in word.split(","))
        return {name: value(shape.members[name], [text]) for name, text in pairs.items()}
    return int(word) if shape.type_name in ("integer", "long") else word


def decoded(shape, json_value):
    """The value with bytes where the service has bytes: the command line writes them as base64."""
    if shape.type_name == "structure":
        return {name: decoded(shape.members[name], inner) for name, inner in json_value.items()}
    if shape.type_name == "map":
        return {name: decoded(shape.value, inner) for name, inner in json_value.items()}
    if shape.type_name == "list":
        return [decoded(shape.member, inner) for inner in json_value]
    return base64.b64decode(json_value) if shape.type_name == "blob" else json_value


def encoded(value):
    """What JSON has no type for, as the command line writes it."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def call(client, operation, words):
    """Makes the call, and returns what the command line prints of the answer."""
    (name,) = [name for name in client.meta.service_model.operation_names if xform_name(name, "-") == operation]
    given, parameters = options(words), {}
    members = {
        "--" + xform_name(member, "-"): (member, shape)
        for member, shape in client.meta.service_model.operation_model(name).input_shape.members.items()
    }
    for option in given.keys() - OUTPUT:
        if option in members:
            member, shape = members[option]
            parameters[member] = value(shape, given[option])
        else:
            member, shape = members[option.replace("--no-", "--", 1)]
            assert shape.type_name == "boolean"
            parameters[member] = False
    answer = getattr(client, xform_name(name))(**parameters)
    answer.pop("ResponseMetadata", None)
    if "--query" in given:
        answer = jmespath.search(given["--query"][0], answer)
    return json.dumps(answer, indent=4, default=encoded)


def wait(client, waiter, words):
    """Waits for a state, and looks more often than the command line does."""
    parameters = {
        "".join(part.title() for part in name[2:].split("-")): value for name, (value,) in options(words).items()
    }
    client.get_waiter(xform_name(waiter.replace("-", "_"))).wait(**parameters, WaiterConfig=PROMPTLY)
    return ""


def s3(client, command, url, *words):
    """`aws s3` has commands of its own."""
    bucket = {"Bucket": url.removeprefix("s3://")}
    if command == "rb":
        client.delete_bucket(**bucket)
        return ""
    assert (command, words) == ("rm", ("--recursive",))
    for found in client.list_objects_v2(**bucket).get("Contents", []):
        client.delete_object(**bucket, Key=found["Key"])
    return ""


def typed(client_of, service, operation, *words):
    """What a command prints. `client_of` gives the client of a service."""
    client = client_of(service)
    if service == "s3":
        return s3(client, operation, *words)
    if operation == "wait":
        return wait(client, words[0], words[1:])
    return call(client, operation, words)


if __name__ == "__main__":
    print(typed(boto3.client, *sys.argv[1:]))
