"""A function's process, started as Lambda starts it, and what the kernel says of it."""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass

from stub import Unsound, cpu

# valgrind makes a function fifty times as slow.
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Usage:
    """What a process has used since it was started."""

    cpu: float  # seconds
    faults: int  # pages that the kernel had to provide without reading

    def __sub__(self, other):
        return Usage(self.cpu - other.cpu, self.faults - other.faults)


class Process:
    """One process of a function, on the processor that the harness itself is on, which waits meanwhile."""

    def __init__(self, stub, function, command, environment, log, tls=False, under=(), **start):
        self.stub, self.function, self.log = stub, function, log
        stub.restart(function, **start)
        self.answered = 0
        self.command, self.under = [*under, *command], under
        aws = addresses(stub, tls)
        told = {name: value.replace("SQS/", f"{aws['sqs']}/") for name, value in environment.items()}
        self.environment = told | lambda_environment(stub, function, aws) | (trust(stub) if tls else {})
        self.process = None

    def start(self):
        """Returns when it was started, in nanoseconds since 1970."""
        with open(self.log, "wb") as log:
            began = time.time_ns()
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)
        return began

    def ready(self):
        return self.seen(0)["ready"]

    def seen(self, count):
        """What was seen of it, once it has answered so many events."""
        return self.wait(lambda: self.stub.seen(self.function, count))

    def idle(self):
        """Waits until it has nothing left to do."""
        self.wait(lambda: self.stub.idle(self.function))

    def wait(self, ask):
        """Asks the stub, which answers when there is something to say. A process that has ended is not waited for."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return ask()
            except TimeoutError:
                if self.process.poll() is None and time.monotonic() < until:
                    continue
                fault = f"the function has ended, or answers nothing for {PATIENCE_SECONDS} s"
                raise Unsound(f"{fault}\n{self.tail()}") from None

    def give(self, lines, rate=None):
        """Gives it events, one a line, and returns their invocations once all are answered."""
        count = lines.count(b"\n") + 1
        self.stub.add(self.function, lines, rate)
        seen = self.seen(self.answered + count)
        invocations = seen["invocations"][self.answered :]
        self.answered += count
        return invocations

    def usage(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/stat") as file:
            # The name, in parentheses, may hold anything.
            fields = file.read().rsplit(")", 1)[1].split()
        return Usage(cpu(pid), int(fields[7]))

    def peak(self):
        """The most memory that it has held, in bytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1]) * 1_024

    def calls(self, lines):
        """The system calls that it makes for these events, by name; None where strace isn't there."""
        if not shutil.which("strace"):
            return None
        counting = subprocess.Popen(
            ["strace", "-f", "-c", "-U", "name,calls", "-p", str(self.process.pid)],
            stderr=subprocess.PIPE,
            text=True,
        )
        heading = counting.stderr.readline()
        if "attached" not in heading:
            counting.kill()
            return None
        self.give(lines)
        counting.send_signal(signal.SIGINT)
        rows = (line.split() for line in counting.communicate()[1].splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit() and row[0] != "total"}

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tail(self):
        with open(self.log, errors="replace") as file:
            return file.read()[-2_000:]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def addresses(stub, tls):
    """Where each service of AWS is. Each has its own, as at AWS: whoever calls three services makes three connections."""
    scheme, host, suffix = ("https", "localhost", "_tls") if tls else ("http", "127.0.0.1", "")
    services = [name.removesuffix("_tls") for name in stub.ports if name.endswith("_tls")]
    return {service: f"{scheme}://{host}:{stub.ports[service + suffix]}" for service in services}


def lambda_environment(stub, function, aws):
    """What Lambda tells every process; and where AWS is said to be: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html."""
    return {f"AWS_ENDPOINT_URL_{service.upper()}": address for service, address in aws.items()} | {
        "PATH": os.environ["PATH"],
        "HOME": "/nowhere",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{stub.ports[function]}",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/30/[$LATEST]0",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "x" * 800,
    }


def trust(stub):
    """How each of the SDKs is told of the stub's root: Rust's, Python's, Node's. Landfall trusts Amazon's roots, which are
    compiled in, until the environment names others: so it is named as many, and one more."""
    return {
        "SSL_CERT_FILE": str(stub.few_roots),
        "AWS_CA_BUNDLE": str(stub.all_roots),
        "NODE_EXTRA_CA_CERTS": str(stub.root),
    }
