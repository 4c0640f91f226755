"""Does to a stack on AWS, in one go, what Landfall's tests could only do to a stand-in, and prints what came of it.

    smoke.py LANDFALL --stack NAME --yes [--source NAME]

LANDFALL is the path of the command line. The stack must not be a live one: deliveries are sent, events and letters are made,
and requests are throttled. It costs some cents. Credentials are found as the AWS CLI finds them.

Each line says what was done, what AWS documents or Landfall expects, and what was seen. `as expected` and `otherwise` are
judged; `not here` means that the service doesn't know the call, as a stand-in's may not; `look` is for a person to judge.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

AS_EXPECTED, OTHERWISE, NOT_HERE, LOOK = "as expected", "otherwise", "not here", "look"
HEADINGS = ["what", "expected", "seen", ""]
# What services answer to a call that they don't know.
UNKNOWN_CALLS = {"InvalidAction", "UnknownOperationException", "NotImplemented", "UnsupportedOperation", "404"}
AT_ONCE = 50


class Seen(Exception):
    """Ends a step with what was seen."""

    def __init__(self, verdict, seen):
        super().__init__(seen)
        self.verdict, self.seen = verdict, seen


class Smoke:
    def __init__(self, landfall, stack, source, patience, burst):
        self.program, self.stack, self.patience, self.burst = landfall, stack, patience, burst
        described = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        if self.outputs["Environment"] == "live":
            sys.exit(
                f"{stack} is a live stack: providers' events are in it. Deploy one of the environment test for this."
            )
        there = [each["source"] for each in self.landfall("sources") if each["secret"] == "there"]
        if not (source or there):
            sys.exit(f"No source of {stack} has a secret: `landfall --stack {stack} secrets set SOURCE`")
        self.source = source or there[0]
        self.delivered = None

    def client(self, service):
        return boto3.client(service)

    def landfall(self, *arguments):
        """What the command line prints as JSON."""
        command = [self.program, "--stack", self.stack, *arguments, "--json"]
        result = subprocess.run(command, capture_output=True, text=True)
        try:
            return json.loads(result.stdout)
        except json.JSONDecodeError:
            raise Seen(OTHERWISE, f"landfall {arguments[0]}: {result.stderr.strip()[:200]}") from None

    def signed(self, *options, body=None):
        """A signed request: its URL, headers and body."""
        with tempfile.NamedTemporaryFile() as file:
            if body is not None:
                file.write(body)
                file.flush()
                options += ("--body-file", file.name)
            request = self.landfall("send", "--source", self.source, "--print", *options)
        return request["url"], dict(request["headers"]), base64.b64decode(request["body_base64"])

    def posts(self, url, headers, body, query=""):
        """Sends it byte for byte, which http.client would not do with every URL. Returns status and body."""
        to = urlsplit(url)
        port = to.port or (443 if to.scheme == "https" else 80)
        with contextlib.closing(socket.create_connection((to.hostname, port), timeout=60)) as plain:
            connection = plain
            if to.scheme == "https":
                connection = ssl.create_default_context().wrap_socket(plain, server_hostname=to.hostname)
            said = {"Host": to.netloc, "Content-Length": len(body), "Connection": "close"} | headers
            head = [f"POST {to.path}{query} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
            # Whoever refuses a large body may close before all of it is sent.
            with contextlib.suppress(ConnectionError):
                connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, answer.read()

    def until(self, look):
        """What this returns once it is true, or None where patience ends first."""
        deadline = time.monotonic() + self.patience
        while True:
            if seen := look():
                return seen
            if time.monotonic() > deadline:
                return None
            time.sleep(1)

    # ---- Deliveries ----

    def delivery(self):
        began = time.monotonic()
        status, body = self.posts(*self.signed())
        first = (time.monotonic() - began) * 1000
        self.delivered = json.loads(body).get("event_id") if status == 200 else None
        return judged(status == 200, f"{status}, the first in {first:.0f} ms")

    def pace(self):
        times = []
        for _ in range(10):
            request = self.signed()
            began = time.monotonic()
            self.posts(*request)
            times.append((time.monotonic() - began) * 1000)
        return LOOK, f"half of ten within {statistics.median(times):.0f} ms, all within {max(times):.0f} ms"

    def worked_on(self):
        def state():
            event = self.landfall("events", "show", self.source, self.delivered)
            return event.get("state") if event.get("state") in ("succeeded", "failed") else None

        found = self.until(state) if self.delivered else None
        return judged(found, str(found))

    def forged(self):
        status, _ = self.posts(*self.signed("--forge"))
        return judged(status == 400, str(status))

    def query(self):
        status, _ = self.posts(*self.signed(), query='?a=<b>&c="d"&e=%zz&f=|')
        return judged(status == 200, str(status))

    def not_utf8(self):
        body = b'{"id": "smoke-' + os.urandom(8).hex().encode() + b'", "type": "smoke", "name": "\xff\xfe"}'
        status, _ = self.posts(*self.signed(body=body))
        changed = ": its bytes were changed on the way" if status == 400 else ""
        return judged(status == 200, f"{status}{changed}")

    def to_bucket(self):
        id = f"smoke-{os.urandom(8).hex()}"
        body = json.dumps({"id": id, "type": "smoke", "pad": os.urandom(200_000).hex()}).encode()
        status, _ = self.posts(*self.signed(body=body))
        return judged(status == 200, str(status))

    def too_large(self):
        status, _ = self.posts(*self.signed(body=b'{"pad": "' + b"x" * (4 << 20) + b'"}'))
        return judged(status == 413, str(status))

    def throttled(self):
        url, _, _ = self.signed()
        nobody = url.rsplit("/", 1)[0] + "/no-such-source"
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda _: self.posts(nobody, {}, b"")[0], range(self.burst)))
        counted = ", ".join(f"{status}: {answers.count(status)}" for status in sorted(set(answers)))
        return LOOK, counted

    # ---- Lambda and SQS ----

    def unanswerable(self):
        """An answer could not leave it in the queue."""
        name, batch = self.outputs["ConsumerFunctionName"], {"Records": [{"body": "{}"}]}
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(batch))
        return judged("FunctionError" in answer, answer.get("FunctionError", "answered"))

    def malformed(self):
        mark = f"smoke-{os.urandom(8).hex()} is no ticket"
        self.client("sqs").send_message(QueueUrl=self.outputs["QueueUrl"], MessageBody=mark)
        found = self.until(lambda: self.letter(mark))
        return judged(found, "a letter, taken away" if found else "no letter")

    def letter(self, text):
        """Takes this letter away, once it is there; others are seen again at once."""
        sqs, url = self.client("sqs"), self.outputs["DlqUrl"]
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5).get(
            "Messages", []
        ):
            if message["Body"] == text:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return True
        return False

    def waiting(self, queue):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)["Attributes"]
        return sum(int(told[name]) for name in names)

    def moved(self, **to):
        """What a move task of the dead-letter queue comes to, with one letter of ours in it."""
        if self.waiting("DlqUrl"):
            raise Seen(LOOK, "not done: there are letters, which would go back too")
        sqs, mark = self.client("sqs"), f"smoke-{os.urandom(8).hex()}"
        sqs.send_message(QueueUrl=self.outputs["DlqUrl"], MessageBody=mark)
        try:
            sqs.start_message_move_task(SourceArn=self.outputs["DlqArn"], **to)

            def ended():
                (task,) = sqs.list_message_move_tasks(SourceArn=self.outputs["DlqArn"], MaxResults=1)["Results"]
                return task if task["Status"] not in ("RUNNING", "CANCELLING") else None

            task = self.until(ended) or {"Status": "RUNNING"}
            return task["Status"], task.get("FailureReason", "")
        finally:
            # It is no ticket, and so comes back as a letter where it was moved.
            self.until(lambda: self.letter(mark))

    def redriven_to_source(self):
        status, reason = self.moved()
        return judged(status == "FAILED", f"{status} {reason}".strip())

    def redriven_to_destination(self):
        status, reason = self.moved(DestinationArn=self.outputs["QueueArn"])
        return judged(status == "COMPLETED", f"{status} {reason}".strip())

    def version(self):
        found = self.client("lambda").get_alias(FunctionName=self.outputs["IngestFunctionName"], Name="live")
        return judged(found["FunctionVersion"] != "$LATEST", f"version {found['FunctionVersion']}")

    def room(self):
        limit = self.client("lambda").get_account_settings()["AccountLimit"]
        return LOOK, f"{limit['ConcurrentExecutions']}, of which {limit['UnreservedConcurrentExecutions']} are free"

    def front_door(self):
        host = urlsplit(self.outputs["ApiUrl"]).hostname
        kinds = {"execute-api": "an HTTP API", "lambda-url": "a function URL"}
        return LOOK, next((kind for part, kind in kinds.items() if part in host), "a domain")

    # ---- What is kept ----

    def expiry(self):
        dynamodb, table = self.client("dynamodb"), self.outputs["TableName"]
        status = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
        # An item that has expired already. A later run says how long it stayed.
        key, now = {"pk": {"S": "#smoke"}, "sk": {"S": "expiry"}}, int(time.time())
        before = dynamodb.get_item(TableName=table, Key=key).get("Item")
        if before:
            age = (now - int(before["expires_at"]["N"])) / 3600
            seen = f"the item of an earlier run is still there, {age:.1f} hours after it expired"
        else:
            dynamodb.put_item(TableName=table, Item=key | {"expires_at": {"N": str(now - 60)}})
            seen = "an item that has expired was written; run this again tomorrow"
        return (LOOK if status == "ENABLED" else OTHERWISE), f"{status}; {seen}"

    def backups(self):
        told = self.client("dynamodb").describe_continuous_backups(TableName=self.outputs["TableName"])
        status = told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        return judged(status == "ENABLED", status)

    def encryption(self):
        names = {"QueueUrl": self.outputs["QueueUrl"], "AttributeNames": ["SqsManagedSseEnabled"]}
        queue = self.client("sqs").get_queue_attributes(**names).get("Attributes", {}).get("SqsManagedSseEnabled")
        rules = self.client("s3").get_bucket_encryption(Bucket=self.outputs["BucketName"])
        (rule,) = rules["ServerSideEncryptionConfiguration"]["Rules"]
        bucket = rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
        return judged(queue == "true" and bucket, f"queue: {queue}; bucket: {bucket}")

    # ---- What is seen ----

    def logged(self):
        group, pattern = f"/aws/lambda/{self.stack}/ingest", f'"{self.delivered}"'
        logs = self.client("logs")
        found = self.until(lambda: logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"])
        return judged(found, "there" if found else "no line")

    def cold_starts(self):
        logs, found = self.client("logs"), {}
        for function in ("ingest", "consumer", "sweeper"):
            pattern = {"filterPattern": '{ $.type = "platform.report" }', "startTime": int(time.time() - 1800) * 1000}
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{self.stack}/{function}", **pattern)["events"]
            reports = [json.loads(event["message"])["record"]["metrics"] for event in events]
            inits = [report["initDurationMs"] for report in reports if "initDurationMs" in report]
            if reports:
                memory = max(report["maxMemoryUsedMB"] for report in reports)
                found[function] = f"{function}: {len(inits)} of at most {max(inits, default=0):.0f} ms, {memory} MB"
        return LOOK, "; ".join(found.values()) or "no reports: SystemLogLevel=INFO has Lambda write them"

    def counted(self):
        query = {
            "Namespace": "Landfall",
            "MetricName": "deliveries.accepted",
            "Dimensions": [{"Name": "stack", "Value": self.stack}],
            "Period": 60,
            "Statistics": ["Sum"],
        }

        def sums():
            now = time.time()
            found = self.client("cloudwatch").get_metric_statistics(**query, StartTime=now - 1800, EndTime=now + 60)
            return sum(point["Sum"] for point in found["Datapoints"])

        found = self.until(sums)
        return judged(found, f"{found or 0:.0f}")

    def alarmed(self):
        pages = self.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{self.stack}-")
        states = [alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]]
        return LOOK, ", ".join(f"{state}: {states.count(state)}" for state in sorted(set(states)))

    def own_events(self):
        found = [each["source"] for each in self.landfall("sources") if each["source"] == "landfall"]
        return LOOK, "routes take them" if found else "no route takes any"


def judged(is_expected, seen):
    return (AS_EXPECTED if is_expected else OTHERWISE), seen


STEPS = [
    ("a signed delivery, the first in a while", "200", Smoke.delivery),
    ("ten more, one after the other", "soon", Smoke.pace),
    ("its work", "succeeded or failed", Smoke.worked_on),
    ("a forged delivery", "400", Smoke.forged),
    ("raw characters in the query", "200", Smoke.query),
    ("a body that says it is JSON and is no UTF-8", "200", Smoke.not_utf8),
    ("a body for the bucket", "200", Smoke.to_bucket),
    ("a body of more than 4 MiB", "413", Smoke.too_large),
    ("a batch that no answer can leave in the queue", "the invocation fails", Smoke.unanswerable),
    ("a message that is no ticket", "a letter", Smoke.malformed),
    ("redrive of a letter of ours, to its source", "FAILED", Smoke.redriven_to_source),
    ("the same, to a custom destination", "COMPLETED", Smoke.redriven_to_destination),
    ("the version that gets deliveries", "a version", Smoke.version),
    ("what stands before ingest", "as FrontDoor says", Smoke.front_door),
    ("the account's concurrency", "1,000, or 10 in a new account", Smoke.room),
    ("expiry of the ledger", "ENABLED, gone within days", Smoke.expiry),
    ("point-in-time recovery", "ENABLED", Smoke.backups),
    ("encryption of queue and bucket", "on", Smoke.encryption),
    ("the delivery's line in the log", "there", Smoke.logged),
    ("cold starts and memory, in Lambda's reports", "under a second", Smoke.cold_starts),
    ("deliveries counted out of the log", "some", Smoke.counted),
    ("alarms", "OK, or INSUFFICIENT_DATA at first", Smoke.alarmed),
    ("what Landfall tells of itself", "as routed", Smoke.own_events),
    ("many requests at once, to no source", "404, and 429 above ThrottleBurst", Smoke.throttled),
]


def taken(step, smoke):
    """What a step has seen, whatever became of it."""
    try:
        return step(smoke)
    except Seen as seen:
        return seen.verdict, seen.seen
    except ClientError as error:
        code = error.response["Error"]["Code"]
        is_unknown = code in UNKNOWN_CALLS or any(word in code.lower() for word in ("unknown", "unsupported"))
        return (NOT_HERE if is_unknown else OTHERWISE), f"{code}: {error.response['Error']['Message'][:120]}"
    except (BotoCoreError, OSError, http.client.HTTPException, KeyError, ValueError) as error:
        return OTHERWISE, f"{type(error).__name__}: {str(error)[:120]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landfall")
    parser.add_argument("--stack", help="the stack, by its name")
    parser.add_argument("--source", help="whose samples are sent [default: the first that has a secret]")
    parser.add_argument("--patience", type=int, default=180, help="seconds to wait for anything [default: 180]")
    parser.add_argument("--burst", type=int, default=300, help="requests to be throttled [default: 300]")
    parser.add_argument("--yes", action="store_true", help="this stack is there to be tried")
    arguments = parser.parse_args()
    if not arguments.stack:
        sys.exit("Which stack? Say it by its name: make live-smoke LIVE_STACK=landfall-test YES=yes")
    if not arguments.yes:
        sys.exit(f"This sends deliveries to {arguments.stack}, and makes events and letters there. If it may: YES=yes")
    smoke = Smoke(arguments.landfall, arguments.stack, arguments.source, arguments.patience, arguments.burst)
    rows = []
    for what, expected, step in STEPS:
        print(f"{what} ...", file=sys.stderr, flush=True)
        verdict, seen = taken(step, smoke)
        rows.append([what, expected, seen.replace("\n", " "), verdict])
    widths = [max(len(row[column]) for row in [HEADINGS, *rows]) for column in range(3)]
    print(f"region {boto3.Session().region_name}, {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC\n")
    for row in [HEADINGS, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0])).rstrip())
    sys.exit(1 if any(row[3] == OTHERWISE for row in rows) else 0)


if __name__ == "__main__":
    main()
