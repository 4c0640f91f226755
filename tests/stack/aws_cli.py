"""The AWS CLI, as far as the pages' commands use it, for machines that have none: `aws SERVICE OPERATION --parameter VALUE …`, by
botocore's own description of the operations."""

import json

from botocore import xform_name

PROMPTLY = {"Delay": 1, "MaxAttempts": 120}


def run(client_of, service, operation, *arguments):
    """What the command prints. `client_of` gives the client of a service."""
    client = client_of(service)
    if service == "s3":
        return run_s3(client, operation, *arguments)
    if operation == "wait":
        waiter, *arguments = arguments
        return client.get_waiter(waiter.replace("-", "_")).wait(**parameters(None, arguments), WaiterConfig=PROMPTLY)
    method = operation.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    answer = getattr(client, method)(**parameters(shape, arguments))
    answer.pop("ResponseMetadata", None)
    return json.dumps(answer, default=str)


def run_s3(client, operation, url, *options):
    bucket = {"Bucket": url.removeprefix("s3://")}
    if operation == "rb":
        client.delete_bucket(**bucket)
        return
    assert (operation, options) == ("rm", ("--recursive",))
    for entry in client.list_objects_v2(**bucket).get("Contents", []):
        client.delete_object(**bucket, Key=entry["Key"])


def parameters(shape, arguments):
    """What the options say, each as its type has it."""
    members = {xform_name(name, "-"): (name, kind.type_name) for name, kind in shape.members.items()} if shape else {}
    given, arguments = {}, list(arguments)
    while arguments:
        option = arguments.pop(0).removeprefix("--")
        if option.startswith("no-") and members[option.removeprefix("no-")][1] == "boolean":
            given[members[option.removeprefix("no-")][0]] = False
            continue
        name, kind = members.get(option) or ("".join(part.title() for part in option.split("-")), "string")
        if kind == "boolean":
            given[name] = True
        elif kind == "structure":
            given[name] = structure(arguments.pop(0))
        else:
            given[name] = arguments.pop(0)
    return given


def structure(text):
    """The short form: NAME=VALUE,NAME=VALUE."""
    pairs = (pair.split("=", 1) for pair in text.split(","))
    return {name: {"true": True, "false": False}.get(value, value) for name, value in pairs}
