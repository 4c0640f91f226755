"""A ledger of its own with as many events as are asked for, and what a command reads of it: every call to DynamoDB goes
through a proxy that counts."""

import base64
import http.client
import http.server
import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import boto3
from engines import REGION, Template
from harness import CONFIGURATION, ROOT, free_port, serving

BEGAN = 1_790_000_000_000
EXPIRES = 4_000_000_000
# Two items for an event, and twenty-five for a call.
AT_ONCE = 12


@dataclass(frozen=True)
class Reads:
    """What a command read: each call with how many items that is, and how much it was answered in all."""

    events: int
    calls: tuple
    answered: int

    def count(self, operation):
        return sum(items for name, items in self.calls if name == operation)


class Counting(http.server.BaseHTTPRequestHandler):
    """Passes a call on to the server's `upstream`, and keeps how many items it read."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        upstream = http.client.HTTPConnection(self.server.upstream)
        upstream.request("POST", self.path, body, dict(self.headers))
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        operation = self.headers["x-amz-target"].partition(".")[2]
        self.server.seen.append((operation, items_read(operation, json.loads(body), json.loads(content)), len(content)))
        self.send_response(answer.status)
        for name in ("content-type", "x-amz-crc32", "x-amzn-requestid"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def items_read(operation, asked, answered):
    """How many items a call reads, whether it answers with them or not."""
    if operation == "Query":
        return answered["ScannedCount"]
    if operation == "BatchGetItem":
        return sum(len(table["Keys"]) for table in asked["RequestItems"].values())
    return 1


class Ledger:
    """A table as the template has it, at this endpoint."""

    def __init__(self, endpoint, folder, landfall=ROOT / ".tools/bin/landfall"):
        self.endpoint, self.landfall, self.note = urlsplit(endpoint), landfall, folder / "listing.json"
        self.table = f"listing-{os.urandom(6).hex()}"
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.client = boto3.client("dynamodb", endpoint_url=endpoint, region_name=REGION, **keys)
        self.connection = http.client.HTTPConnection(self.endpoint.netloc)

    @contextmanager
    def made(self):
        said = Template().properties("LedgerTable")
        asked = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        self.client.create_table(TableName=self.table, **{name: said[name] for name in asked})
        try:
            yield self
        finally:
            self.client.delete_table(TableName=self.table)

    def add(self, first, count, failed=None):
        """Writes events of these numbers, as they stand once they have succeeded, or failed for this reason."""
        for begin in range(first, first + count, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, first + count))
            items = [item for number in numbers for item in items_of(number, failed)]
            self.write([{"PutRequest": {"Item": item}} for item in items])

    def write(self, requests):
        """The call as it is: boto3 would take longer for it than the table does."""
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "DynamoDB_20120810.BatchWriteItem",
            "authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/dynamodb/aws4_request, "
            "SignedHeaders=host, Signature=none",
        }
        self.connection.request("POST", "/", json.dumps({"RequestItems": {self.table: requests}}), headers)
        answer = self.connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status == 200 and not told.get("UnprocessedItems"), told

    def listed(self, *arguments):
        """What `landfall events list` reads with these arguments."""
        with serving(free_port(), Counting) as proxy:
            proxy.upstream = self.endpoint.netloc
            self.note.write_text(json.dumps(self.noted(proxy.server_address[1])))
            listed = subprocess.run(
                [self.landfall, "events", "list", "--json", *arguments],
                cwd=ROOT,
                env={
                    "PATH": os.environ["PATH"],
                    "LANDFALL_NOTE": str(self.note),
                    "LANDFALL_CONFIG": str(CONFIGURATION),
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            assert listed.returncode == 0, listed.stderr
            seen = list(proxy.seen)
        calls = tuple((operation, items) for operation, items, _ in seen)
        events = json.loads(listed.stdout)["events"]
        return Reads(len(events), calls, sum(answered for *_, answered in seen))

    def noted(self, port):
        outputs = {
            "Environment": "test",
            "TableName": self.table,
            "IndexName": "by_time",
            "TroubleIndexName": "by_trouble",
            "Shards": "1",
        }
        return {
            "stack": "listing",
            "endpoint": f"http://127.0.0.1:{port}",
            "region": REGION,
            "access_key_id": "test",
            "secret_access_key": "test",
            "outputs": outputs,
        }


def items_of(number, reason):
    """Both items of an event, as the adapter writes them. Numbers are as long as each other: so are items."""
    at, pk = BEGAN + number, f"financbase#evt_{number:09}"
    body = json.dumps({"id": f"evt_{number:09}", "type": "invoice.paid", "lines": [{"amount": 4200}] * 6})
    front = json.dumps({"headers": {"content-type": "application/json"}, "label": "2026-11", "signed": "itb"})
    plain = (front + body).encode()
    data = bytes([0]) + plain
    event = {
        "pk": {"S": pk},
        "sk": {"S": "event"},
        "shard": {"S": "0"},
        "at": {"N": str(at)},
        "type": {"S": "invoice.paid"},
        "by": {"B": base64.b64encode(number.to_bytes(8, "big")).decode()},
        "sha": {"B": base64.b64encode(number.to_bytes(32, "big")).decode()},
        "expires_at": {"N": str(EXPIRES)},
        "data": {"B": base64.b64encode(data).decode()},
    }
    state = "failed" if reason else "succeeded"
    leg = {"state": {"S": state}, "tries": {"N": "8"}, "until": {"N": str(at)}, "since": {"N": str(at)}}
    if reason:
        leg |= {"error": {"S": "it answered 503"}, "reason": {"S": reason}}
    work = {
        "pk": {"S": pk},
        "sk": {"S": "work"},
        "life": {"N": str(at)},
        "state": {"S": state},
        "attempt": {"N": "8"},
        "until": {"N": str(at)},
        "token": {"N": str(number)},
        "expires_at": {"N": str(EXPIRES)},
        "legs": {"M": {"invoices": {"M": leg}}},
    }
    if reason:
        work |= {"trouble": {"S": "failed#0"}, "reasons": {"SS": [reason]}}
    return event, work
