"""What the end-to-end tests share: the deployed stack, and ways to send to it, look into it and wait for it."""

import contextlib
import http.client
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import zstandard
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".landfall" / "test"
NOTE = FOLDER / "local.json"
CONFIGURATION = ROOT / "tests" / "stack" / "landfall.toml"
IMPATIENT = Config(retries={"total_max_attempts": 1})
# Longer than anything takes on a busy machine; a test waits only as long as it must.
PATIENCE_SECONDS = 60


def free_port():
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # by lower-case name
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def wait_for(look, what="the expected state", seconds=PATIENCE_SECONDS):
    """Calls `look` until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


class Stack:
    def __init__(self, note):
        self.folder = note.parent
        self.note = json.loads(note.read_text())
        self.name = self.note["stack"]
        self.outputs = self.note["outputs"]
        self.url = urlsplit(self.outputs["ApiUrl"])

    # ---- AWS ----

    @cache
    def client(self, service, config=None):
        """A client of an AWS service, with all rights."""
        return boto3.client(
            service,
            config=config,
            endpoint_url=self.note["endpoint"],
            region_name=self.note["region"],
            aws_access_key_id=self.note["access_key_id"],
            aws_secret_access_key=self.note["secret_access_key"],
        )

    def impatient(self, service):
        """The same, and it tries nothing twice."""
        return self.client(service, IMPATIENT)

    @property
    def environment(self):
        """Environment variables with which a program talks to this stack's AWS, and to no other."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "AWS_ENDPOINT_URL": self.note["endpoint"],
            "AWS_REGION": self.note["region"],
            "AWS_ACCESS_KEY_ID": self.note["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.note["secret_access_key"],
        }

    # ---- Sending ----

    def request(self, method, path, body=b"", headers=None):
        """Sends a request by http.client, which adds Host and Content-Length and refuses what is malformed."""
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, self.url.path + path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    # ---- Secrets ----

    def secrets(self):
        value = self.client("secretsmanager").get_secret_value(SecretId=self.outputs["SecretArn"])
        return json.loads(value["SecretString"])

    def put_secrets(self, secrets):
        self.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["SecretArn"], SecretString=json.dumps(secrets)
        )

    # ---- Ledger ----

    def item(self, pk, sk=None, table="TableName"):
        """An item of the ledger, or with table="ProjectionTableName" of the handlers' table; None if there is none."""
        key = {"pk": {"S": pk}} | ({"sk": {"S": sk}} if sk else {})
        found = self.client("dynamodb").get_item(TableName=self.outputs[table], Key=key, ConsistentRead=True)
        return plain(found["Item"]) if "Item" in found else None

    def event(self, source, id_):
        """An event in words, body and headers unpacked; None if there is none."""
        found = self.stored(source, id_)
        return found and in_words(found)

    def stored(self, source, id_):
        """An event's item as it is."""
        return self.item(f"{source}#{id_}", "event")

    def work(self, source, id_):
        return self.item(f"{source}#{id_}", "work")

    def projection(self, pk):
        return self.item(pk, table="ProjectionTableName")

    def runs(self, drill_id):
        """How often the fire drill's handler ran for an event."""
        return int((self.projection(f"drill#{drill_id}") or {}).get("runs", 0))

    def put_item(self, item):
        """Writes a ledger item as it is: for tests that need a past which can't be waited for."""
        serialize = TypeSerializer().serialize
        self.client("dynamodb").put_item(
            TableName=self.outputs["TableName"], Item={name: serialize(value) for name, value in item.items()}
        )

    # ---- Queues ----

    def depth(self, queue="QueueUrl"):
        """Messages in a queue, those in flight included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)

    def waiting(self, queue="QueueUrl"):
        """Messages in a queue that are to be received now."""
        names = ["ApproximateNumberOfMessages"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)
        return int(found["Attributes"][names[0]])

    # ---- Functions ----

    def function(self, function):
        """What runs as "Ingest", "Consumer" or "Sweeper", as Lambda calls it."""
        name = self.outputs[f"{function}FunctionName"]
        # Deliveries come to the version that the alias names, which is another process than the function's own.
        return f"{name}:live" if function == "Ingest" else name

    def invoke(self, function, payload):
        """Invokes a function ("Ingest", "Consumer" or "Sweeper") and returns what it answers."""
        found = self.client("lambda").invoke(FunctionName=self.function(function), Payload=json.dumps(payload))
        answer = json.loads(found["Payload"].read() or b"null")
        assert "FunctionError" not in found, answer
        return answer

    def pause_consumer(self):
        self._enable_consumer(False)

    def resume_consumer(self):
        self._enable_consumer(True)

    def _enable_consumer(self, enabled):
        mapping = self.outputs["ConsumerEventSourceId"]
        self.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=enabled)
        wanted = "Enabled" if enabled else "Disabled"
        wait_for(
            lambda: self.client("lambda").get_event_source_mapping(UUID=mapping)["State"] == wanted,
            f"the consumer's event source to be {wanted}",
        )

    # ---- Command line ----

    @property
    def command_folder(self):
        """Where the command line is."""
        return ROOT / ".tools/bin"

    @property
    def command_environment(self):
        """In which the command line talks to this stack."""
        return self.environment | {"LANDFALL_NOTE": str(NOTE), "LANDFALL_CONFIG": str(CONFIGURATION)}

    def landfall(self, *arguments, check=True, input=None):
        """Runs the command line against this stack, with this text as its standard input."""
        result = subprocess.run(
            [self.command_folder / "landfall", *arguments, "--stack", self.name],
            cwd=ROOT,
            env=self.command_environment,
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            text=True,
        )
        assert not check or result.returncode == 0, result.stderr
        return result


# What an event's short names stand for.
WORDS = {
    "at": "received_at",
    "id": "event_id",
    "type": "event_type",
    "by": "delivery_id",
    "sha": "body_digest",
    "label": "secret_label",
}
CODEC = ROOT / "shared" / "aws" / "src" / "codec"


def in_words(item):
    """An `event` item under the names that its record has; any other item as it is."""
    if item.get("sk") != "event":
        return item
    told = {"id": item["pk"].partition("#")[2]} | item
    for name in ("by", "sha"):
        told[name] = told[name].hex() if isinstance(told[name], bytes) else told[name]
    front, body = unpacked(told.pop("data"))
    told |= front | ({} if "object" in told else {"body": body})
    return {WORDS.get(name, name): value for name, value in told.items()}


def unpacked(data):
    """An event's front and body: behind an encoding's number, plain or a frame of Zstandard after the dictionary."""
    encoding, text = data[0], data[1:]
    if encoding == 1:
        dictionary = b"".join((CODEC / f"dictionary-1.{part}").read_bytes() for part in ("head", "txt"))
        text = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary)).decompress(text)
    assert encoding in (0, 1), data[:1]
    # Latin-1 has a letter for each byte, so that places are the same in the text and in its bytes.
    _, end = json.JSONDecoder().raw_decode(text.decode("latin-1"))
    return json.loads(text[:end]), text[end:]


@contextlib.contextmanager
def serving(port, handler):
    """A server of this class on 127.0.0.1, with a list `seen` for what it is sent."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plain(item):
    """A DynamoDB item as Python values, binary ones as bytes."""
    deserialize = TypeDeserializer().deserialize
    values = {name: deserialize(value) for name, value in item.items()}
    return {name: bytes(value) if isinstance(value, Binary) else value for name, value in values.items()}
