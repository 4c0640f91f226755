"""The template as CloudFormation has it after its two transforms, and the check that it makes of a new version."""

import json
import os
from types import SimpleNamespace

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from test_template import RESOURCES, TEMPLATE


def as_json_string(value, parameters):
    """Fn::ToJsonString with every parameter's value, as AWS::LanguageExtensions writes it out:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html"""
    return json.dumps({name: parameters[inner["Ref"]] for name, inner in value.items()}, separators=(",", ":"))


def expanded(**changes):
    """The resources of a stack with these parameters, made by SAM's own translator."""
    template = json.loads(json.dumps(TEMPLATE))
    given = {name: str(parameter.get("Default", "live")) for name, parameter in template["Parameters"].items()}
    given |= changes

    def resolved(value):
        if isinstance(value, list):
            return [resolved(entry) for entry in value]
        if isinstance(value, dict):
            if value.keys() == {"Fn::ToJsonString"}:
                return as_json_string(value["Fn::ToJsonString"], given)
            return {key: resolved(entry) for key, entry in value.items()}
        return value

    template["Resources"] = resolved(template["Resources"])
    del template["Globals"]["Function"]["CodeUri"]
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://packages/{name}"
    session = boto3.Session(region_name="us-east-1")
    return Translator({}, Parser(), boto_session=session).translate(template, given)["Resources"]


def references(value, names):
    """The resources that CloudFormation makes before what has this text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and inner in names:
                yield inner
            elif key == "Fn::GetAtt":
                yield (inner if isinstance(inner, list) else inner.split("."))[0]
            elif key == "Fn::Sub":
                text = inner if isinstance(inner, str) else inner[0]
                yield from (name for name in names if f"${{{name}}}" in text or f"${{{name}." in text)
            elif key == "DependsOn":
                yield from inner if isinstance(inner, list) else [inner]
            else:
                yield from references(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner, names)


def check_program():
    """The program of the check, as the template has it."""
    program = {}
    exec(RESOURCES["DeploymentCheck"]["Properties"]["Code"]["ZipFile"], program)
    return program


def run_check(client, ingest, consumer, monkeypatch):
    """What the check tells CodeDeploy of this version; `client` stands for boto3's."""
    program = check_program()
    program["boto3"] = SimpleNamespace(client=client)
    monkeypatch.setitem(os.environ, "INGEST", ingest)
    monkeypatch.setitem(os.environ, "CONSUMER", consumer)
    event = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "e-1"}
    return program["handler"](event, None)
