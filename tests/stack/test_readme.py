"""The README's walk through the local stack, run as it stands there; and what it says to other programs, looked up.

What its blocks say to `landfall` and `make` is parsed by the command line's own tests."""

import re
import shlex
import shutil
import subprocess

import pytest
from botocore import xform_name
from botocore.session import get_session
from harness import ROOT

# Run by hand: they start, stop or show the stack that a person tries things on.
NOT_HERE = ("make ", "export ")

# No operations of a service.
OF_THE_COMMAND_LINE = {("s3", "rm"), ("s3", "rb"), ("cloudformation", "deploy")}


def blocks(page="README.md", language="sh"):
    text = (ROOT / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block):
    lines = block.replace("\\\n", " ").splitlines()
    return [line.split("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def block_with(text):
    return next(block for block in blocks() if text in block)


def run(bench, line, id="EVENT_ID", **variables):
    """Runs a line of the README in a shell in which `landfall` is this stack's."""
    folder = bench.command_folder
    return subprocess.run(
        ["bash", "-c", line.replace("EVENT_ID", id)],
        cwd=ROOT,
        env=bench.command_environment | {"PATH": f"{folder}:/usr/bin:/bin"} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_more_is_sent_and_looked_at(bench):
    id = bench.accepted(bench.sign("financbase"))
    bench.ended("financbase", id)

    ran = 0
    for line in commands(block_with("landfall events list")):
        if not line.startswith(NOT_HERE):
            result = run(bench, line, id)
            assert result.returncode == 0, f"{line}: {result.stderr}"
            ran += 1

    assert ran >= 4


@pytest.mark.parametrize("id, state, attempts", [("d1", "succeeded", 3), ("d2", "succeeded", 2), ("d3", "failed", 1)])
def test_something_is_broken_and_heals(bench, id, state, attempts):
    lines = [line for line in commands(block_with("drill.fail")) if id in line]
    send, show = lines

    sent = run(bench, send)
    assert sent.returncode == 0, sent.stderr

    # A process that dies is taken for one only when its lease has lapsed.
    bench.ended("drill", id, state, attempt=attempts, seconds=180)
    shown = run(bench, show)
    assert shown.returncode == 0 and state in shown.stdout


def arguments(program):
    """What the documentation says to a program, command by command."""
    pages = ["README.md", *(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))]
    lines = [line for page in pages for block in blocks(page) for line in commands(block)]
    parts = [part.strip().removesuffix("&") for line in lines for part in re.split(r"&&|\|", line)]
    return [shlex.split(part)[1:] for part in parts if part.startswith(program + " ")]


def options(words):
    return [word.split("=")[0] for word in words if word.startswith("--")]


def help_of(*command):
    program = shutil.which(command[0])
    assert program, command[0]
    return subprocess.run([program, *command[1:], "--help"], capture_output=True, text=True, check=True).stdout


def test_what_is_said_to_sam_has_these_options():
    asked = arguments("sam")
    assert asked
    for words in asked:
        names = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
        text = help_of("sam", *names)
        assert not [option for option in options(words) if option not in text], words


def test_what_is_said_to_cargo_lambda_has_these_options():
    asked = [words for words in arguments("cargo") if words[0] == "lambda"]
    assert asked
    for words in asked:
        text = help_of("cargo", "lambda", words[1])
        assert not [option for option in options(words) if option not in text], words


def test_what_is_said_to_the_aws_command_line_is_an_operation_with_these_parameters():
    everywhere = {"--query", "--output", "--region", "--profile"}
    asked = arguments("aws")
    assert asked
    for service, operation, *words in asked:
        if (service, operation) in OF_THE_COMMAND_LINE:
            continue
        if operation == "wait":
            waiters = get_session().get_waiter_model(service).waiter_names
            assert words[0] in [xform_name(name, "-") for name in waiters], words
            continue
        model = get_session().get_service_model(service)
        name = "".join(part.title() for part in operation.split("-"))
        members = model.operation_model(name).input_shape.members
        known = {"--" + re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower() for member in members}
        known |= {
            "--no-" + re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower()
            for member, shape in members.items()
            if shape.type_name == "boolean"
        }
        # As the command line calls what would read like one of its own options.
        known |= {"--notification-endpoint"} if "--endpoint" in known else set()
        assert set(options(words)) <= known | everywhere, operation


def test_every_file_that_is_named_is_there():
    for words in [*arguments("cargo"), *arguments("sam")]:
        for word in words:
            if word.startswith("infra/"):
                assert (ROOT / word).is_file(), word
