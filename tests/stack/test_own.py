"""What Landfall tells of itself, through a route to a queue: that an event has failed, that a destination has opened and
closed."""

import http.server
import json

import pytest
from harness import serving, wait_for
from signing import new_id

SOURCE = "test-told"

# Where landfall.toml sends its orders.
PORT = 4586
QUEUE = "alerts"

# A destination is tried some seconds after it opened, by the next of its legs.
CLOSES_SECONDS = 240


def accepted(bench, type):
    id = new_id()
    body = json.dumps({"id": id, "type": type, "card": "4242424242424242"}).encode()
    bench.accepted(bench.sign(SOURCE, body=body))
    return id


@pytest.fixture
def told(bench):
    """Waits for the first message that is told of so, and returns it with its attributes."""
    sqs = bench.client("sqs")
    url, seen = sqs.create_queue(QueueName=QUEUE)["QueueUrl"], []

    def wait(type, is_meant, seconds=60):
        def look():
            got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
            for message in got.get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
                seen.append((json.loads(message["Body"]), attributes))
            meant = (told for told in seen if told[1]["landfall-event-type"] == type and is_meant(told[0]))
            return next(meant, None)

        return wait_for(look, f"{type} to be told", seconds)

    return wait


def test_an_event_that_failed_is_told_to_whom_a_route_names(bench, told):
    id = accepted(bench, "invoice.paid")
    failed = bench.ended(SOURCE, id, "failed")

    body, attributes = told("landfall.event.failed", lambda body: body["event"]["id"] == id)

    assert body["event"] | {"received_at": ""} == {
        "source": SOURCE,
        "id": id,
        "type": "invoice.paid",
        "received_at": "",
        "unsigned": [],
    }
    assert (body["route"], body["to"], body["reason"]) == ("fails", "queue", "permanent")
    assert body["error"] == "`{json:nothing}` finds nothing"
    assert (body["tries"], body["attempt"]) == (1, failed["attempt"])
    assert "42424242" not in json.dumps(body)
    assert attributes["landfall-source"] == "landfall" and "landfall-unsigned" not in attributes
    letter = bench.letter(id)
    assert letter["MessageAttributes"]["reason"]["StringValue"] == "permanent"

    # It is an event like any.
    own = attributes["landfall-event-id"]
    shown = json.loads(bench.landfall("events", "show", "landfall", own, "--json").stdout)
    assert (shown["event_type"], list(shown["legs"])) == ("landfall.event.failed", ["failures"])
    listed = json.loads(bench.landfall("events", "list", "--source", "landfall", "--json").stdout)
    assert own in {event["event_id"] for event in listed["events"]}
    explained = json.loads(bench.landfall("routes", "explain", "landfall", own, "--json").stdout)
    assert {route["route"] for route in explained["routes"] if route["matches"]} == {"failures"}

    replayed = bench.landfall("events", "replay", "landfall", own, "--again", "--yes", "--json")
    assert json.loads(replayed.stdout)["replayed"] == 1
    again = bench.ended("landfall", own, attempt=2)
    assert again["legs"]["failures"]["epoch"] == 1


def test_nothing_can_be_posted_as_landfall(bench):
    delivery = bench.sign(SOURCE, body=b"{}")

    assert bench.request("POST", "/webhooks/landfall", delivery.body, delivery.headers).status == 404


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_destination_that_opens_and_closes_is_told_of(bench, told):
    ids = [accepted(bench, "order.made") for _ in range(6)]

    def is_faint(body):
        return body["what"]["destination"] == "faint"

    opened, _ = told("landfall.destination.opened", is_faint)
    assert opened["text"] == f"faint is landfall.destination.opened: {opened['what']['error']}"
    assert opened["what"]["kind"] == "http" and opened["what"]["error"]
    with serving(PORT, Service):
        for id in ids:
            bench.ended(SOURCE, id, seconds=CLOSES_SECONDS)
        closed, _ = told("landfall.destination.closed", is_faint)
    assert closed["what"]["opened_at"] == opened["what"]["opened_at"] < closed["what"]["closed_at"]
