"""What the tests of ingest, consumer and sweeper do with the stack, beyond what the harness offers."""

import base64
import contextlib
import http.client
import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from urllib.parse import urlsplit

from harness import PATIENCE_SECONDS, Stack, in_words, plain, wait_for
from signing import new_id, signed

# The one body of every refusal.
REFUSED = b'{"error":"refused"}'

# More than a function has processes here.
NUDGES = 8

# The sources of landfall.toml whose names don't say who sends to them.
TEST_SOURCES = {
    "test-bank": "drill",
    "test-bare": "financbase",
    "test-bundle": "drill",
    "test-dead": "drill",
    "test-missed": "drill",
    "test-quarantined": "drill",
    "test-routed": "drill",
    "test-sent": "drill",
    "test-told": "drill",
    "test-fenced": "financbase",
    "test-here": "financbase",
    "test-added": "financbase",
    "test-leaked": "financbase",
    "test-retired": "financbase",
    "test-rotated": "financbase",
    "test-turned": "financbase",
    "test-github": "github",
    "test-slack": "slack",
    "test-asks": "asks",
    "test-round": "frontitude",
    "test-stripe": "stripe",
}

# Those that the tests give a secret, or none.
WITHOUT_SECRET = {"test-asana", "test-bare", "test-notion"}


class Bench(Stack):
    # ---- Sending ----

    @cached_property
    def keys(self):
        """What each source's provider signs with. The sources that are tried without a secret lose theirs."""
        made = self.secrets()
        kept = {source: entries for source, entries in made.items() if source not in WITHOUT_SECRET}
        if kept != made:
            self.put_secrets(kept)
            self.forget_kept()
        shared = {}
        for source, entries in kept.items():
            shared[source] = next(entry["value"] for entry in entries if "use" not in entry)
        private = {file.stem: file.read_text() for file in (self.folder / "keys").glob("*.pem")}
        return shared | private

    def forget_kept(self):
        """Forgets what this machine keeps of the stack's secrets, which would be put back otherwise."""
        (self.folder / "secrets.json").unlink(missing_ok=True)

    def sign(self, source, secret=None, **options):
        provider = TEST_SOURCES.get(source, source)
        return signed(source, secret or self.keys[source], provider=provider, **options)

    def post(self, delivery, method="POST", **headers):
        """Delivers. Headers that are None are left out."""
        delivery = delivery.with_headers(**headers)
        return self.request(method, f"/webhooks/{delivery.source}", delivery.body, delivery.headers)

    def accepted(self, delivery, **headers):
        """Delivers an event that is new, and returns the id under which the ledger has it."""
        answer = self.post(delivery, **headers)
        assert (answer.status, answer.json.get("outcome")) == (200, "accepted"), answer
        if delivery.event_id is not None:
            assert answer.json["event_id"] == delivery.event_id
        return answer.json["event_id"]

    def hostile(self, head, body=b""):
        """Sends these bytes as a request's head, with PATH for the path of the API. Returns the status, or None where
        the connection was closed without one."""
        head = head.replace(b"PATH", self.url.path.encode()).replace(b"\n", b"\r\n")
        with socket.create_connection((self.url.hostname, self.url.port), timeout=PATIENCE_SECONDS) as connection:
            # Whoever refuses a head may close before all of it is sent.
            with contextlib.suppress(ConnectionError):
                connection.sendall(head + b"\r\n\r\n" + body)
            answer = http.client.HTTPResponse(connection)
            try:
                answer.begin()
            except (http.client.BadStatusLine, ConnectionError):
                return None
            return answer.status

    # ---- Rights ----

    def credentials_of_role(self, function):
        name = self.outputs[f"{function}FunctionName"]
        role = self.client("lambda").get_function_configuration(FunctionName=name)["Role"]
        return self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]

    # ---- The ledger ----

    def ended(self, source, id, state="succeeded", attempt=1, seconds=PATIENCE_SECONDS):
        """The work of an event, once it has ended so, at this attempt or a later one."""

        def look():
            work = self.work(source, id)
            return work if work and work["state"] == state and work["attempt"] >= attempt else None

        return wait_for(look, f"{source} event {id} to be {state} at attempt {attempt}", seconds)

    def body_of(self, event):
        """An event's body, as ledger or bucket keep it."""
        if "object" in event:
            found = self.client("s3").get_object(Bucket=self.outputs["BucketName"], Key=event["object"])
            return found["Body"].read()
        return event["body"]

    def unreadable(self):
        """An event of the drill that is given up, since its body can't be read; and what mends that."""
        body = json.dumps({"id": new_id(), "type": "drill.ok", "pad": os.urandom(300_000).hex()}).encode()
        bodies, bucket = self.client("s3"), self.outputs["BucketName"]
        with self.paused():
            id = self.accepted(self.sign("drill", body=body))
            place = self.event("drill", id)["object"]
            bodies.delete_object(Bucket=bucket, Key=place)
        self.ended("drill", id, "failed")
        return id, lambda: bodies.put_object(Bucket=bucket, Key=place, Body=body)

    def delete_event(self, source, id):
        key = {"pk": {"S": f"{source}#{id}"}, "sk": {"S": "event"}}
        self.client("dynamodb").delete_item(TableName=self.outputs["TableName"], Key=key)

    def items(self, table="TableName"):
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.outputs[table])
        return [in_words(plain(item)) for page in pages for item in page["Items"]]

    # ---- Queue and dead-letter queue ----

    def ticket(self, source, id, why="new", sent_at=None, **more):
        received_at = int(self.event(source, id)["received_at"])
        ticket = {"v": 2, "source": source, "id": id, "received_at": received_at, "why": why}
        return json.dumps(ticket | {"sent_at": sent_at or now_ms()} | more)

    def send(self, body, **attributes):
        self.client("sqs").send_message(
            QueueUrl=self.outputs["QueueUrl"], MessageBody=body, MessageAttributes=attributes
        )

    def take(self, queue):
        """Takes every message out of a queue that can be seen there now."""
        sqs, url, taken = self.client("sqs"), self.outputs[queue], []
        while received := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        ).get("Messages"):
            for message in received:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += received
        return taken

    @cached_property
    def letters(self):
        """Dead letters that have been taken and not yet asked for."""
        return []

    def letter(self, text, seconds=PATIENCE_SECONDS):
        """Takes the message whose body holds this text out of the dead-letter queue, once it is there."""

        def look():
            self.letters += self.take("DlqUrl")
            return next((letter for letter in self.letters if text in letter["Body"]), None)

        letter = wait_for(look, f"a dead letter with {text}", seconds)
        self.letters.remove(letter)
        return letter

    def redriven(self, letter):
        """Puts a dead letter back into the queue as it is, which is what SQS's redrive to a queue does."""
        self.send(letter["Body"], **letter.get("MessageAttributes", {}))

    def swept(self, source, id):
        """Runs the sweeper until an event has been taken up again, and returns its work."""

        def look():
            self.invoke("Sweeper", {})
            return self.work(source, id)

        return wait_for(look, f"{source} event {id} to be swept")

    @contextlib.contextmanager
    def shards(self, most):
        """As if ingest had once been started with so many shards. This stack has one."""
        key = {"pk": "#shards", "sk": "shards"}
        self.put_item(key | {"most": most})
        try:
            yield
        finally:
            self.client("dynamodb").delete_item(
                TableName=self.outputs["TableName"], Key={name: {"S": text} for name, text in key.items()}
            )

    def drained(self, seconds=3 * PATIENCE_SECONDS):
        """Waits until every ticket has been dealt with."""
        wait_for(lambda: self.depth() == 0, "the queue to be empty", seconds)

    @contextlib.contextmanager
    def paused(self):
        """No ticket is worked on meanwhile."""
        self.pause_consumer()
        try:
            yield
        finally:
            self.resume_consumer()

    # ---- Permissions ----

    def without(self, function, action):
        """A function's role is denied this action meanwhile."""
        return self.stating(function, "Deny", action, "*")

    @contextlib.contextmanager
    def stating(self, function, effect, action, resource):
        """A function's role has this statement meanwhile."""
        name = self.outputs[f"{function}FunctionName"]
        iam = self.client("iam")
        role = self.client("lambda").get_function_configuration(FunctionName=name)["Role"].rsplit("/", 1)[1]
        policy = {"RoleName": role, "PolicyName": f"{effect}-{action.replace(':', '-').rstrip('*')}"}
        statement = {"Effect": effect, "Action": action, "Resource": resource}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_role_policy(**policy, PolicyDocument=json.dumps(document))
        try:
            yield
        finally:
            iam.delete_role_policy(**policy)

    @contextlib.contextmanager
    def told_otherwise(self, function, **variables):
        """A function starts with these environment variables meanwhile."""
        client, name = self.client("lambda"), {"FunctionName": self.outputs[f"{function}FunctionName"]}
        before = client.get_function_configuration(**name)["Environment"]["Variables"]
        client.update_function_configuration(**name, Environment={"Variables": before | variables})
        try:
            yield
        finally:
            client.update_function_configuration(**name, Environment={"Variables": before})

    # ---- Calls ----

    @contextlib.contextmanager
    def calls(self):
        """A list that is filled, at the end, with the AWS calls that ingest has made meanwhile; reads of secrets, which
        don't depend on a delivery, are left out. Nothing may be worked on meanwhile."""
        names = []
        self.record(True)
        # The trail's times are whole milliseconds.
        began = now_ms()
        try:
            yield names
        finally:
            self.record(False)
        by_key = {}
        for page in self.client("cloudtrail").get_paginator("lookup_events").paginate():
            for event in page["Events"]:
                is_ours = json.loads(event["CloudTrailEvent"])["userAgent"].startswith("landfall/")
                if is_ours and event["EventTime"].timestamp() * 1_000 >= began:
                    by_key.setdefault(event["AccessKeyId"], []).insert(0, event["EventName"])
        for made in by_key.values():
            # The sweeper has a key of its own, and queries the index.
            if "Query" not in made:
                names += [name for name in made if name != "GetSecretValue"]

    def record(self, enabled):
        """Whether MiniStack keeps a trail of calls."""
        url, body = urlsplit(self.note["endpoint"]), json.dumps({"cloudtrail._recording_enabled": enabled})
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request("POST", "/_ministack/config", body)
            assert connection.getresponse().status == 200

    # ---- The log ----

    # Set to its beginning by each test.
    since = 0

    def log(self, function):
        """Every text that a function has logged during this test."""
        group = f"/aws/lambda/{self.name}/{function}"
        paginator = self.client("logs").get_paginator("filter_log_events")
        pages = paginator.paginate(logGroupName=group, startTime=self.since)
        return [event["message"] for page in pages for event in page["events"]]

    def lines(self, function, **fields):
        """The lines that a function has logged during this test, of those fields."""
        lines = [json.loads(text) for text in self.log(function) if text.startswith("{")]
        return [line for line in lines if all(line.get(name) == value for name, value in fields.items())]

    def logged(self, function, count=1, seconds=PATIENCE_SECONDS, **fields):
        """These lines, once there are so many of them: a function's log appears after its answer."""

        def look():
            found = self.lines(function, **fields)
            if len(found) < count:
                self.nudge(function)
            return len(found) >= count and found

        return wait_for(look, f"{count} lines of {function} with {fields}", seconds)

    def line(self, function, **fields):
        """The first such line, once it is there."""
        return self.logged(function, **fields)[0]

    def nudge(self, function):
        """Makes the processes of a function answer. Of what a process writes, MiniStack takes what is there a few
        milliseconds after the answer; what comes later appears with the next answer of that process. As many calls at
        a time reach those too that nothing else would call again."""
        name = self.function(function.title())
        # Nothing to do for the consumer, a sweep for the sweeper, and no request at all for ingest.
        payload = json.dumps({"Records": []} if function == "consumer" else {})
        with ThreadPoolExecutor(NUDGES) as pool:
            list(pool.map(lambda _: self.client("lambda").invoke(FunctionName=name, Payload=payload), range(NUDGES)))


def now_ms():
    return int(time.time() * 1000)


def leg(work):
    """The only leg of an event."""
    [leg] = work["legs"].values()
    return leg


def attributes(letter):
    """What a dead letter says of itself."""
    return {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}


def batch(*bodies):
    """A batch as the event source hands it to the consumer. The receipts are nobody's."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def http_request(delivery, **changes):
    """A delivery as the HTTP API hands it to ingest, with these fields changed."""
    path = f"/webhooks/{delivery.source}"
    request = {
        "version": "2.0",
        "routeKey": "ANY /webhooks/{source}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "hooks.example.com"} | {name.lower(): text for name, text in delivery.headers.items()},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "hooks.example.com",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
            "requestId": "request",
            "routeKey": "ANY /webhooks/{source}",
            "stage": "$default",
            "time": "20/Nov/2026:00:00:00 +0000",
            "timeEpoch": 0,
        },
        "body": base64.b64encode(delivery.body).decode(),
        "isBase64Encoded": True,
    }
    return request | changes
