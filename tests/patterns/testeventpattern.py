"""Asks EventBridge's TestEventPattern, over one connection."""

import http.client
import json

HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSEvents.TestEventPattern",
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/events/aws4_request,"
    " SignedHeaders=host, Signature=none",
}

# What AWS wants of an event, beside its detail.
ENVELOPE = (
    '{"id":"1","account":"123456789012","source":"landfall","time":"2026-01-01T00:00:00Z","region":"us-east-1",'
    '"resources":[],"detail-type":"payload","detail":'
)


class Asker:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def matches(self, pattern, event):
        """Whether the pattern matches the event, a text of JSON. A pattern that is refused is an error."""
        body = json.dumps({"EventPattern": json.dumps({"detail": pattern}), "Event": ENVELOPE + event + "}"})
        self.connection.request("POST", "/", body.encode(), HEADERS)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status} {text!r} for {pattern}")
        return json.loads(text)["Result"]


def drawn_event(line):
    """The event of a drawn pair, as it was drawn: a number that is read and written again may be another text."""
    before, after = ',"event":', ',"matches":'
    return line[line.index(before) + len(before) : line.rindex(after)]
