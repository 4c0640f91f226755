"""The stub as the harness sees it: started beside what is measured, steered and asked over HTTP."""

import contextlib
import datetime
import http.client
import ipaddress
import json
import os
import subprocess
import time
from pathlib import Path

import deliveries

# The roots that Landfall trusts at AWS.
AMAZON = Path(__file__).resolve().parents[1] / "shared" / "aws" / "src" / "way" / "amazon-roots.pem"

# After which whoever waits looks whether what it waits for is still alive.
PATIENCE_SECONDS = 10


class Unsound(Exception):
    """What was measured was not what was meant."""


def cpu(pid):
    """A process's time on processors, with all its threads, the ended ones included: the clock whose number
    clock_getcpuclockid(3) makes of a process's."""
    return time.clock_gettime(~pid << 3 | 2)


class Stub:
    """Lambda and AWS for the functions that are measured."""

    def __init__(self, program, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.root, certificate, key = certificates(folder)
        self.few_roots, self.all_roots = folder / "few.pem", folder / "all.pem"
        self.few_roots.write_bytes(AMAZON.read_bytes() + self.root.read_bytes())
        self.all_roots.write_bytes(system_roots() + self.root.read_bytes())
        self.process = subprocess.Popen([program, certificate, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ports = json.loads(self.process.stdout.readline())
        # One thread, on the processor that the function doesn't have.
        others = sorted(os.sched_getaffinity(0))[1:]
        if others:
            os.sched_setaffinity(self.process.pid, others[:1])
        self.secrets({deliveries.SOURCE: deliveries.SECRET})

    def cpu(self):
        """What it has taken so far, in seconds of its processor."""
        return cpu(self.process.pid)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["control"], timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise Unsound(f"the stub answers {answer.status} to {path}: {text.decode()}")
            return json.loads(text)

    def clear(self):
        self.ask("POST", "/clear")

    def secrets(self, of_sources):
        """What Secrets Manager has: the stack's secret, and the one that peers read."""
        found = {"stack": json.dumps(of_sources), "webhook": deliveries.SECRET, "destinations": "{}"}
        self.ask("POST", "/settings", json.dumps({"secrets": found}))

    def delay(self, milliseconds):
        self.ask("POST", "/settings", json.dumps({"delay_ms": milliseconds}))

    def put(self, table, items):
        """Puts items into a table, without a function."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["dynamodb"], timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            for item in items:
                call = json.dumps({"TableName": table, "Item": item})
                connection.request("POST", "/", call, {"x-amz-target": "DynamoDB_20120810.PutItem"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise Unsound(f"the stub answers {answer.status} to an item")

    def state(self):
        return self.ask("GET", "/state")

    def messages(self):
        """Takes what was sent to the queue."""
        return self.ask("POST", "/messages")

    def restart(self, function, feeds=False):
        self.ask("POST", f"/functions/{function}/restart?feeds={'true' if feeds else 'false'}")

    def add(self, function, lines, rate=None):
        self.ask("POST", f"/functions/{function}/events" + (f"?rate={rate}" if rate else ""), lines)

    def idle(self, function):
        """Waits until a function has nothing left to do."""
        self.ask("GET", f"/functions/{function}/idle")

    def seen(self, function, count):
        """What was seen of a function, once it has answered so many events."""
        seen = self.ask("GET", f"/functions/{function}/seen?count={count}")
        if seen["fault"]:
            raise Unsound(f"the function did not start: {seen['fault']}")
        return seen


def certificates(folder):
    """The root, a certificate for this machine that it has signed, and the certificate's key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    today = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, key, issuer, issuer_key, is_ca):
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(today - datetime.timedelta(days=1))
        builder = builder.not_valid_after(today + datetime.timedelta(days=30))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        if not is_ca:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def named(text):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate(named("bench root"), root_key, named("bench root"), root_key, True)
    leaf = certificate(named("localhost"), key, named("bench root"), root_key, False)
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "leaf.key").write_bytes(key.private_bytes(pem, *private))
    return folder / "root.pem", folder / "leaf.pem", folder / "leaf.key"


def system_roots():
    for path in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            return file.read()
    return b""
