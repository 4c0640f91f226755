"""Where events go by the routes of landfall.toml, through the deployed consumer: to a queue, and to a service that is dead at
first."""

import base64
import hmac
import http.server
import json
from contextlib import contextmanager

import pytest
from bench import leg
from harness import serving, wait_for
from signing import new_id

# Where landfall.toml sends the events of `test-dead`.
PORT = 4581
QUEUE = "orders"

# What is held looks again after the next trial, within as long as the destination has been open.
COMES_BACK_SECONDS = 240


def paid(bench, source, amount):
    """Sends an event and returns its id."""
    id = new_id()
    body = json.dumps({"id": id, "type": "invoice.paid", "data": {"amount": amount}}).encode()
    bench.accepted(bench.sign(source, body=body))
    return id


def work(bench, source, id):
    return next((item for item in bench.items() if (item["pk"], item["sk"]) == (f"{source}#{id}", "work")), None)


def taken(bench, url, id):
    """The message about this event."""
    sqs, found = bench.client("sqs"), []

    def look():
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        for message in got.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            if attributes["landfall-event-id"] == id:
                found.append((message["Body"], attributes))
        return found

    wait_for(look, f"a message about {id}")
    return found[0]


@pytest.fixture
def queue(bench):
    return bench.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]


def test_an_event_that_a_route_takes_is_sent_as_the_route_says(bench, queue):
    id = paid(bench, "test-routed", 7)

    body, attributes = taken(bench, queue, id)

    assert body == json.dumps({"amount": 7, "id": id}, separators=(",", ":"))
    assert (attributes["landfall-route"], attributes["landfall-event-type"]) == ("large", "invoice.paid")
    done = bench.ended("test-routed", id)
    assert list(done["legs"]) == ["large"]


def test_an_event_that_does_not_meet_a_routes_condition_goes_nowhere(bench):
    id = paid(bench, "test-routed", 5)

    bench.ended("test-routed", id)

    assert bench.line("consumer", event_id=id)["outcome"] == "unrouted"


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def service():
    """A service at the destination's address."""
    with serving(PORT, Service) as server:
        yield server.seen


def standing(bench):
    told = json.loads(bench.landfall("destinations", "list", "--json").stdout)
    return {destination["destination"]: destination for destination in told}["dead"]


def signed_with(secret, headers, body):
    """Whether one of the signatures is Standard Webhooks' own:
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_a_dead_destination_opens_holds_without_using_tries_and_gets_everything_when_it_is_back(bench, alarms):
    ids = [paid(bench, "test-dead", number) for number in range(6)]
    wait_for(lambda: standing(bench)["standing"] == "open", "the destination to open")
    assert standing(bench)["last_error"]
    held = paid(bench, "test-dead", 6)
    wait_for(lambda: state(bench, held) == "waiting", "the event to be held")
    assert leg(work(bench, "test-dead", held))["tries"] == 0
    bench.line("consumer", event_id=held, outcome="held")
    bench.line("consumer", destination="dead", outcome="opened")
    points = alarms.logged("consumer")
    alarms.fires("DestinationOpenAlarm", points)
    # As it goes on for an hour.
    alarms.fires("LegsHeldAlarm", [point.later(-900 * number) for number in range(4) for point in points])

    with service() as seen:
        bench.landfall("destinations", "resume", "dead")
        for id in [*ids, held]:
            bench.ended("test-dead", id, seconds=COMES_BACK_SECONDS)

    seen = [({name.lower(): value for name, value in headers.items()}, body) for headers, body in seen]
    keys = {headers["webhook-id"] for headers, _ in seen}
    assert len(keys) == len(seen) == 7, "each of them once, under a key of its own"
    sent = {json.loads(body)["id"] for _, body in seen}
    assert sent == {*ids, held}
    assert standing(bench)["standing"] == "closed"
    kept = bench.client("secretsmanager").get_secret_value(SecretId=bench.outputs["DestinationSecretArn"])
    secrets = [secret["value"] for secret in json.loads(kept["SecretString"])["dead"]]
    for headers, body in seen:
        assert any(signed_with(secret, headers, body) for secret in secrets)
        assert headers["landfall-route"] == "to-dead"


def test_a_paused_destination_is_left_alone_until_it_is_resumed(bench):
    bench.landfall("destinations", "pause", "dead")
    sent = []

    def is_held():
        sent.append(paid(bench, "test-dead", len(sent)))
        wait_for(lambda: state(bench, sent[-1]) in ("waiting", "succeeded"), "the event to be looked at")
        return state(bench, sent[-1]) == "waiting" and leg(work(bench, "test-dead", sent[-1])).get("error") == "paused"

    with service() as seen:
        wait_for(is_held, "an event to be held: a process believes for some seconds what it has read")
        held = sent[-1]
        assert standing(bench)["standing"] == "paused" and held not in ids_of(seen)

        bench.landfall("destinations", "resume", "dead")
        for id in sent:
            bench.ended("test-dead", id, seconds=COMES_BACK_SECONDS)

    assert sorted(ids_of(seen)) == sorted(sent)


def ids_of(seen):
    return [json.loads(body)["id"] for _, body in seen]


def state(bench, id):
    return (work(bench, "test-dead", id) or {}).get("state")


# ---- A destination is tried out ----


def tried(bench, destination):
    """What the command says of it, and its exit status."""
    ran = bench.landfall("destinations", "test", destination, "--json", check=False)
    return json.loads(ran.stdout), ran.returncode


def test_a_service_that_is_up_takes_a_test_event_that_says_what_it_is(bench):
    with service() as seen:
        told, status = tried(bench, "dead")

    assert (told["outcome"], told["kind"], status) == ("taken", "http", 0), told
    [(headers, body)] = seen
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["landfall-event-type"] == json.loads(body)["type"] == "landfall.destination.test"
    assert (headers["landfall-source"], headers["landfall-event-id"]) == ("landfall", told["event_id"])
    kept = bench.client("secretsmanager").get_secret_value(SecretId=bench.outputs["DestinationSecretArn"])
    secrets = [secret["value"] for secret in json.loads(kept["SecretString"])["dead"]]
    assert any(signed_with(secret, headers, body) for secret in secrets)


def test_a_service_that_is_down_may_take_it_later_and_its_health_is_left_alone(bench):
    before = standing(bench)

    told, status = tried(bench, "dead")

    assert (told["outcome"], status) == ("transient", 1), told
    assert standing(bench) == before


def test_a_queue_gets_the_test_event(bench, queue):
    told, status = tried(bench, "queue")

    assert (told["outcome"], status) == ("taken", 0), told
    body, attributes = taken(bench, queue, told["event_id"])
    assert json.loads(body)["destination"] == "queue"
    assert attributes["landfall-route"] == "landfall.test"


def test_what_the_consumers_role_may_not_do_is_refused_and_the_parameter_named(bench):
    """With the operator's own rights the queue would have taken it."""
    bench.client("sqs").create_queue(QueueName="neighbours")

    told, status = tried(bench, "neighbours")

    assert (told["outcome"], status) == ("permanent", 1), told
    assert told["needs"] == {"DestinationQueueArns": "arn:aws:sqs:us-east-1:000000000000:neighbours"}


def test_a_destination_that_isnt_there_is_named_with_those_that_are(bench):
    refused = bench.landfall("destinations", "pause", "read", check=False)

    assert refused.returncode == 2 and "did you mean `dead`?" in refused.stderr
