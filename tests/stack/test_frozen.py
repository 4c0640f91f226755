"""What Lambda does to a process between two batches: it is frozen when it has answered and asks for more, and goes on with the
next batch, hours later. Here the tests are Lambda: they run the packaged consumer, and stop and continue it by signals."""

import contextlib
import http.server
import json
import queue
import signal
import subprocess
import threading
import time

import pytest
from bench import batch
from harness import PATIENCE_SECONDS, ROOT, serving

PACKAGE = ROOT / ".aws-sam" / "test" / "Consumer"
# From this long before its deadline on, a handler is cut off; with less than five seconds none is started.
CUT_OFF_SECONDS, TO_START_SECONDS = 3, 5


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """Lambda's runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.put(time.monotonic())
        given = self.server.given.get()
        if given is None:
            self.close_connection = True
            return
        event, seconds = given
        body = json.dumps(event).encode()
        self.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": "request",
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:consumer",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        answer = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put(json.loads(answer))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Process:
    """A consumer's process and its Lambda."""

    def __init__(self, server, process):
        self.server, self.process = server, process
        self.said = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line)

    def asks(self):
        """Waits until it asks for something to do, when Lambda freezes it."""
        self.server.asked.get(timeout=PATIENCE_SECONDS)

    def gets(self, *tickets, seconds=PATIENCE_SECONDS):
        """Gives it a batch, and returns the messages that it wants to see again."""
        self.server.given.put((batch(*tickets), seconds))
        return self.server.answers.get(timeout=PATIENCE_SECONDS)["batchItemFailures"]

    def ended(self):
        """Waits until it has ended, and returns all it said."""
        assert self.process.wait(PATIENCE_SECONDS) == 1
        self.reader.join()
        return "".join(self.said)

    def is_stopped(self, stopped):
        self.process.send_signal(signal.SIGSTOP if stopped else signal.SIGCONT)


@contextlib.contextmanager
def started(bench):
    name = bench.outputs["ConsumerFunctionName"]
    found = bench.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    with serving(0, RuntimeApi) as server:
        server.asked, server.given, server.answers = queue.Queue(), queue.Queue(), queue.Queue()
        environment = bench.environment | {
            **found,
            "LAMBDA_TASK_ROOT": str(PACKAGE),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}",
            "AWS_LAMBDA_FUNCTION_NAME": "consumer",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_ENDPOINT_URL": bench.note["endpoint"],
        }
        program = [PACKAGE / "bootstrap"]
        with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as child:
            try:
                yield Process(server, child)
            finally:
                child.kill()
                server.given.put(None)


def ticket_of(bench, **options):
    id = bench.accepted(bench.sign("drill", **options))
    return id, bench.ticket("drill", id)


def test_a_process_that_left_nothing_is_frozen_and_goes_on_with_the_next_batch(bench):
    with bench.paused(), started(bench) as process:
        first, second = ticket_of(bench), ticket_of(bench)
        process.asks()
        assert process.gets(first[1]) == []
        process.asks()
        process.is_stopped(True)
        process.server.given.put((batch(second[1]), PATIENCE_SECONDS))
        assert process.server.answers.empty()
        process.is_stopped(False)
        assert process.server.answers.get(timeout=PATIENCE_SECONDS)["batchItemFailures"] == []
        process.asks()
        for id, _ in (first, second):
            assert bench.work("drill", id)["state"] == "succeeded" and bench.runs(id) == 1


@pytest.mark.parametrize("kind", ["drill.leave", "drill.block"])
def test_a_process_in_which_a_handler_left_something_ends_when_it_has_answered(bench, kind):
    """Nothing of it goes on beside a stranger's event."""
    with bench.paused(), started(bench) as process:
        id, ticket = ticket_of(bench, type=kind, ms=1_000 * PATIENCE_SECONDS)
        process.asks()
        # Long enough to be started on a slow machine, and as short as can be for one who blocks.
        assert process.gets(ticket, seconds=2 * TO_START_SECONDS) == []
        said = process.ended()
        # It would ask here if it lived, and be frozen.
        assert process.server.asked.empty()
    assert "a handler has left a thread or a task behind" in said and id in said
    assert "the drill goes on" not in said
    work = bench.work("drill", id)
    assert work["state"] == ("succeeded" if kind == "drill.leave" else "waiting"), work
