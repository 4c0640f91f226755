"""Each kind of destination: an event sent by its adapter, with the rights of the consumer's deployed role and no others; and
on a second engine."""

import io
import json
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError
from engines import ACCOUNT, REGION, environment, moto
from harness import wait_for
from sending import BODY, send, there

ARN = "arn:aws:{service}:us-east-1:000000000000:{resource}"
BUCKET = "landfall-orders"

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
        "hops": 1,
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
        "landfall-hops": "1",
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


# What a second engine says of them; its Lambda would want Docker. PutEvents itself succeeds where there is no bus.
GONE = {
    "sqs": "SendMessage answered 400 AWS.SimpleQueueService.NonExistentQueue",
    "fifo": "SendMessage answered 400 AWS.SimpleQueueService.NonExistentQueue",
    "sns": "Publish answered 404 NotFound",
    "event_bridge": "the bus isn't there",
    "lambda": "Invoke answered 404 ResourceNotFoundException",
    "step_functions": "StartExecution answered 400 StateMachineDoesNotExist",
    "kinesis": "PutRecord answered 400 ResourceNotFoundException",
    "firehose": "PutRecord answered 400 ResourceNotFoundException",
    "s3": "PutObject answered 404 NoSuchBucket",
}


def test_moto_takes_what_ministack_takes_and_what_is_not_there_is_refused_for_good(tmp_path):
    with moto(tmp_path / "moto.log") as endpoint:
        rights = environment(endpoint)

        def sent(kind):
            line = setting(kind).replace("000000000000", ACCOUNT)
            return send(rights, line, key="cus_1", secret="none")[0]

        for kind, error in GONE.items():
            assert sent(kind) == {"outcome": "permanent", "error": error}
        make_targets(endpoint)
        for kind in GONE.keys() - {"lambda"}:
            assert sent(kind) == {"outcome": "taken"}, kind


def make_targets(endpoint):
    def client(service):
        return boto3.client(
            service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )

    role = ROLE.replace("000000000000", ACCOUNT)
    client("sqs").create_queue(QueueName="orders")
    client("sqs").create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})
    client("sns").create_topic(Name="orders")
    client("events").create_event_bus(Name="orders")
    client("iam").create_role(RoleName="orders", AssumeRolePolicyDocument="{}")
    client("stepfunctions").create_state_machine(name="orders", definition=MACHINE, roleArn=role)
    client("kinesis").create_stream(StreamName="orders", ShardCount=1)
    client("s3").create_bucket(Bucket=BUCKET)
    client("firehose").create_delivery_stream(
        DeliveryStreamName="orders",
        ExtendedS3DestinationConfiguration={"RoleARN": role, "BucketARN": f"arn:aws:s3:::{BUCKET}"},
    )
