"""Each kind of destination: an event sent by its adapter, with the rights of the consumer's deployed role and no others."""

import base64
import hashlib
import hmac
import http.server
import json
import subprocess
import threading
import time
import uuid
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError
from harness import ROOT, wait_for
from test_roles import client_with_role_of, credentials_of_role

ARN = "arn:aws:{service}:us-east-1:000000000000:{resource}"
BUCKET = "landfall-orders"
BODY = json.dumps({"id": "in_1", "amount": 12})

# What samconfig.toml lists for the consumer of this stack, and for each a neighbour that it doesn't list.
TARGETS = {
    "sqs": ("sqs", "orders", "neighbours"),
    "fifo": ("sqs", "orders.fifo", "neighbours.fifo"),
    "sns": ("sns", "orders", "neighbours"),
    "event_bridge": ("events", "event-bus/orders", "event-bus/neighbours"),
    "lambda": ("lambda", "function:orders", "function:neighbours"),
    "step_functions": ("states", "stateMachine:orders", "stateMachine:neighbours"),
    "kinesis": ("kinesis", "stream/orders", "stream/neighbours"),
    "firehose": ("firehose", "deliverystream/orders", "deliverystream/neighbours"),
}
ROLE = "arn:aws:iam::000000000000:role/orders"
MACHINE = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})


def arn(kind, neighbour=False):
    service, resource, other = TARGETS[kind]
    return ARN.format(service=service, resource=other if neighbour else resource)


def setting(kind, neighbour=False):
    """The line of a destination of this kind."""
    if kind == "s3":
        return f's3 = "{BUCKET}"\nkey = "{{event_id}}"'
    if kind == "fifo":
        return f'sqs = "{arn(kind, neighbour)}"\ngroup = "{{event_id}}"'
    return f'{kind} = "{arn(kind, neighbour)}"'


@pytest.fixture(scope="module")
def sender(session_bench):
    services = [f"{name}.amazonaws.com" for name in ("lambda", "states", "firehose")]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    there(
        session_bench.client("iam").create_role,
        RoleName="orders",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    return Sender(session_bench)


class Sender:
    def __init__(self, bench):
        self.bench = bench
        self.rights = credentials_of_role(bench, "Consumer")

    def client(self, service):
        return self.bench.client(service)

    def send(self, destination, **event):
        """Sends an event as the consumer would, and returns what came of it and the event's idempotency key."""
        key = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
        asked = {
            "configuration": f"[destinations.billing]\n{destination}\n",
            "destination": "billing",
            "secret": self.bench.outputs["DestinationSecretArn"],
            "source": "stripe",
            "event_id": f"evt_{key[:8]}",
            "event_type": "invoice.paid",
            "received_at": 1_800_000_000_123,
            "route": "paid-invoices",
            "idempotency_key": key,
            "body": BODY,
            "content_type": "application/json",
        }
        environment = {
            "AWS_ENDPOINT_URL": self.bench.note["endpoint"],
            "AWS_REGION": self.bench.note["region"],
            "AWS_ACCESS_KEY_ID": self.rights["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.rights["SecretAccessKey"],
            "AWS_SESSION_TOKEN": self.rights["SessionToken"],
        }
        ran = subprocess.run(
            [ROOT / ".tools/bin/deliver_event"],
            input=json.dumps(asked | event),
            env=environment,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout), (asked | event)["idempotency_key"]

    def taken(self, destination, **event):
        told, key = self.send(destination, **event)
        assert told == {"outcome": "taken"}
        return key


def there(make, **arguments):
    """Makes something unless it is there."""
    try:
        return make(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        assert "Exist" in code or "InUse" in code or "Conflict" in code or "Owned" in code, code
        return None


def cloud_event(text, key):
    """The event as those get it that have no place beside the body."""
    event = json.loads(text)
    assert event.pop("id").startswith("evt_")
    assert event == {
        "specversion": "1.0",
        "source": "stripe",
        "type": "invoice.paid",
        "time": "2027-01-15T08:00:00.123Z",
        "datacontenttype": "application/json",
        "route": "paid-invoices",
        "idempotencykey": key,
        "data": json.loads(BODY),
    }


# ---- Queues, topics, buses ----


def messages(sender, url, count=1):
    sqs, found = sender.client("sqs"), []

    def look():
        got = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        for message in got.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message)
        return len(found) >= count

    wait_for(look, f"{count} messages in {url}")
    return found


def test_a_queue_gets_the_body_with_attributes(sender):
    url = sender.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    key = sender.taken(setting("sqs"))
    (message,) = messages(sender, url)
    assert message["Body"] == BODY
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes == {
        "content-type": "application/json",
        "landfall-event-id": f"evt_{key[:8]}",
        "landfall-event-type": "invoice.paid",
        "landfall-idempotency-key": key,
        "landfall-route": "paid-invoices",
        "landfall-source": "stripe",
    }


def test_a_fifo_queue_takes_an_event_once_and_a_replay_again(sender):
    attributes = {"FifoQueue": "true"}
    url = sender.client("sqs").create_queue(QueueName="orders.fifo", Attributes=attributes)["QueueUrl"]
    key = sender.taken(setting("fifo"), key="cus_1")
    sender.taken(setting("fifo"), key="cus_1", idempotency_key=key, attempt=2)
    sender.taken(setting("fifo"), key="cus_1", idempotency_key=key, attempt=3, epoch=1)
    found = messages(sender, url, 2)
    ids = [message["Attributes"]["MessageDeduplicationId"] for message in found]
    assert ids == [key, f"{key}-1"]
    assert {message["Attributes"]["MessageGroupId"] for message in found} == {"cus_1"}


def test_a_topic_publishes_the_body_with_attributes_to_filter_by(sender):
    sns, sqs = sender.client("sns"), sender.client("sqs")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    assert topic == arn("sns")
    queue = ARN.format(service="sqs", resource="subscriber")
    may = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    url = sqs.create_queue(QueueName="subscriber", Attributes={"Policy": policy})["QueueUrl"]
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    for name, value in {
        "RawMessageDelivery": "true",
        "FilterPolicy": json.dumps({"landfall-event-type": ["invoice.paid"]}),
    }.items():
        sns.set_subscription_attributes(
            SubscriptionArn=subscription["SubscriptionArn"], AttributeName=name, AttributeValue=value
        )
    sender.taken(setting("sns"), event_type="charge.failed")
    key = sender.taken(setting("sns"))
    (message,) = messages(sender, url)
    assert message["Body"] == BODY
    assert message["MessageAttributes"]["landfall-idempotency-key"]["StringValue"] == key


def test_a_bus_gets_the_body_as_the_detail(sender):
    events, sqs = sender.client("events"), sender.client("sqs")
    there(events.create_event_bus, Name="orders")
    url = sqs.create_queue(QueueName="rule")["QueueUrl"]
    pattern = {
        "source": ["stripe"],
        "detail-type": [{"prefix": "invoice."}],
        "detail": {"amount": [{"numeric": [">", 10]}]},
    }
    events.put_rule(Name="paid", EventBusName="orders", EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": ARN.format(service="sqs", resource="rule")}
    events.put_targets(Rule="paid", EventBusName="orders", Targets=[target])
    key = sender.taken(setting("event_bridge"))
    (message,) = messages(sender, url)
    event = json.loads(message["Body"])
    assert (event["source"], event["detail-type"], event["detail"]) == ("stripe", "invoice.paid", json.loads(BODY))
    assert f"landfall-idempotency-key:{key}" in event["resources"]


# ---- Functions, state machines, streams, buckets ----


def function_code(text):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", text)
    return packed.getvalue()


def make_function(sender, name):
    """A function that keeps what it gets as an object, and fails where it is told to."""
    sender.client("s3").create_bucket(Bucket=f"{name}-kept")
    text = f"""
import boto3, json, os
def handler(event, context):
    if event["data"].get("fail"):
        raise ValueError("hush")
    s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1",
        aws_access_key_id="test", aws_secret_access_key="test")
    s3.put_object(Bucket="{name}-kept", Key=event["idempotencykey"], Body=json.dumps(event))
    return "hush"
"""
    there(
        sender.client("lambda").create_function,
        FunctionName=name,
        Runtime="python3.12",
        Role=ROLE,
        Handler="index.handler",
        Code={"ZipFile": function_code(text)},
        Timeout=20,
    )


def kept(sender, bucket, key):
    s3 = sender.client("s3")

    def look():
        try:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError:
            return None

    return wait_for(look, f"{key} in {bucket}")


@pytest.mark.parametrize("invocation", ["asynchronous", "synchronous"])
def test_a_function_gets_a_cloud_event(sender, invocation):
    make_function(sender, "orders")
    key = sender.taken(f'{setting("lambda")}\ninvocation = "{invocation}"')
    cloud_event(kept(sender, "orders-kept", key), key)


def test_a_function_that_fails_is_tried_again(sender):
    make_function(sender, "orders")
    told, _ = sender.send(setting("lambda"), body=json.dumps({"fail": True}))
    assert told == {"outcome": "transient", "error": "the function failed", "retry_after": None}


def test_an_event_starts_one_execution_and_a_replay_another(sender):
    states = sender.client("stepfunctions")
    there(states.create_state_machine, name="orders", definition=MACHINE, roleArn=ROLE)
    key = sender.taken(setting("step_functions"))
    sender.taken(setting("step_functions"), idempotency_key=key, attempt=2, event_id=f"evt_{key[:8]}")
    sender.taken(setting("step_functions"), idempotency_key=key, attempt=3, epoch=1)
    listed = states.list_executions(stateMachineArn=arn("step_functions"))["executions"]
    names = [execution["name"] for execution in listed]
    assert sorted(name for name in names if name.startswith(key)) == [key, f"{key}-1"]
    (first,) = [execution for execution in listed if execution["name"] == key]
    described = states.describe_execution(executionArn=first["executionArn"])
    cloud_event(described["input"], key)


def test_a_stream_gets_a_cloud_event_under_its_key(sender):
    kinesis = sender.client("kinesis")
    there(kinesis.create_stream, StreamName="orders", ShardCount=1)
    wait_for(
        lambda: kinesis.describe_stream(StreamName="orders")["StreamDescription"]["StreamStatus"] == "ACTIVE",
        "the stream",
    )
    key = sender.taken(setting("kinesis"), key="cus_1")
    shard = kinesis.describe_stream(StreamName="orders")["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="orders", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    (record,) = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert record["PartitionKey"] == "cus_1"
    cloud_event(record["Data"], key)


def test_firehose_gets_lines(sender):
    sender.client("s3").create_bucket(Bucket="landfall-lines")
    there(
        sender.client("firehose").create_delivery_stream,
        DeliveryStreamName="orders",
        ExtendedS3DestinationConfiguration={
            "RoleARN": ROLE,
            "BucketARN": "arn:aws:s3:::landfall-lines",
            "BufferingHints": {"IntervalInSeconds": 0, "SizeInMBs": 1},
        },
    )
    key = sender.taken(setting("firehose"), body=json.dumps(json.loads(BODY), indent=2))
    s3 = sender.client("s3")

    def look():
        for found in s3.list_objects_v2(Bucket="landfall-lines").get("Contents", []):
            text = s3.get_object(Bucket="landfall-lines", Key=found["Key"])["Body"].read().decode()
            lines = [line for line in text.split("\n") if key in line]
            if lines:
                return lines
        return None

    (line,) = wait_for(look, "the record in the bucket")
    cloud_event(line, key)


def test_a_bucket_gets_an_object_for_each_event_and_no_second_one_for_a_retry(sender):
    s3 = sender.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for attempt in (1, 2):
        key = sender.taken(setting("s3"), key="stripe/evt_1.json", attempt=attempt, event_id="evt_1")
    listed = [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert listed == ["stripe/evt_1.json"]
    found = s3.get_object(Bucket=BUCKET, Key="stripe/evt_1.json")
    assert (found["Body"].read().decode(), found["ContentType"]) == (BODY, "application/json")
    assert found["Metadata"]["landfall-event-id"] == "evt_1"
    assert found["Metadata"]["landfall-idempotency-key"] == key


# ---- What isn't listed, and what isn't there ----


def make_neighbours(sender):
    sqs = sender.client("sqs")
    sqs.create_queue(QueueName="neighbours")
    sqs.create_queue(QueueName="neighbours.fifo", Attributes={"FifoQueue": "true"})
    sender.client("sns").create_topic(Name="neighbours")
    there(sender.client("events").create_event_bus, Name="neighbours")
    make_function(sender, "neighbours")
    there(sender.client("stepfunctions").create_state_machine, name="neighbours", definition=MACHINE, roleArn=ROLE)
    there(sender.client("kinesis").create_stream, StreamName="neighbours", ShardCount=1)
    sender.client("s3").create_bucket(Bucket=BUCKET)


@pytest.mark.parametrize("kind", TARGETS)
def test_what_the_parameters_do_not_list_is_denied_for_good(sender, kind):
    make_neighbours(sender)
    told, _ = sender.send(setting(kind, neighbour=True), key="cus_1")
    # SNS has another code for it than all others.
    code = "AuthorizationError" if kind == "sns" else "AccessDenied"
    assert told["outcome"] == "permanent" and code in told["error"], told


def test_an_object_elsewhere_in_the_bucket_is_denied_for_good(sender):
    make_neighbours(sender)
    told, _ = sender.send(setting("s3"), key="orum/evt_1.json")
    assert told["outcome"] == "permanent" and "AccessDenied" in told["error"], told


# ---- Services that are posted to ----

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@contextmanager
def listener(*answers):
    """A service on this machine that answers so, and keeps what it was sent."""
    script, asked = list(answers), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, wait = script.pop(0)
            time.sleep(wait)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def secret(sender):
    def put(entry):
        sender.client("secretsmanager").put_secret_value(
            SecretId=sender.bench.outputs["DestinationSecretArn"], SecretString=json.dumps(entry)
        )

    put({"billing": [{"value": SECRET, "label": "new"}, {"value": "Bearer t", "use": "token"}]})
    yield put
    put({})


def test_a_service_gets_a_webhook_that_its_secret_explains(sender, secret):
    with listener((204, {}, 0)) as (url, asked):
        key = sender.taken(
            f'http = "{url}/hooks?a=1"\nheaders = {{ X-Team = "billing", Authorization = {{ secret = "token" }} }}'
        )
    ((path, headers, body),) = asked
    assert (path, body.decode()) == ("/hooks?a=1", BODY)
    assert (headers["x-team"], headers["authorization"]) == ("billing", "Bearer t")
    assert headers["webhook-id"] == key
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    signed = f"{key}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (503, {"retry-after": "7"}, {"outcome": "transient", "error": "the address answered 503", "retry_after": 7000}),
        (401, {}, {"outcome": "permanent", "error": "the address answered 401"}),
        (410, {}, {"outcome": "permanent", "error": "the address answered 410: it is gone for good"}),
        (
            308,
            {"location": "/elsewhere"},
            {"outcome": "permanent", "error": "the address answered 308, and no redirect is followed"},
        ),
    ],
)
def test_a_service_that_refuses_is_asked_once(sender, secret, status, headers, told):
    with listener((status, headers, 0)) as (url, asked):
        assert sender.send(f'http = "{url}/hooks"')[0] == told
    assert len(asked) == 1


def test_a_service_that_is_slow_or_away_may_take_it_later(sender, secret):
    with listener((200, {}, 3)) as (url, _):
        told, _ = sender.send(f'http = "{url}/hooks"', limit_ms=1000)
    assert told == {"outcome": "transient", "error": "there was no answer in time", "retry_after": None}
    told, _ = sender.send(f'http = "{url}/hooks"')
    assert told["outcome"] == "transient" and told["error"].startswith("no answer from the address"), told


def test_a_service_without_a_secret_gets_nothing(sender, secret):
    secret({})
    with listener((200, {}, 0)) as (url, asked):
        told, _ = sender.send(f'http = "{url}/hooks"')
    assert told["outcome"] == "transient" and "holds nothing for this destination" in told["error"], told
    assert not asked


def test_the_consumer_reads_no_secret_of_a_source_and_ingest_none_of_a_destination(sender):
    for function, secret in (("Consumer", "SecretArn"), ("Ingest", "DestinationSecretArn")):
        client = client_with_role_of(sender.bench, function, "secretsmanager")
        with pytest.raises(ClientError) as refused:
            client.get_secret_value(SecretId=sender.bench.outputs[secret])
        assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
