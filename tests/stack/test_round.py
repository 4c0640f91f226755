"""A loop: what a route sends comes back as a new event. It ends by itself."""

import http.server
import json

from bench import attributes
from harness import CONFIGURATION, serving

# Where landfall.toml sends the events of `test-round`.
PORT = 4582
MOST = 8


class Relay(http.server.BaseHTTPRequestHandler):
    """Posts back what it gets, as somebody might who passes webhooks on: body, signature and what counts the rounds."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        kept = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature", "landfall-hops")
        headers = {name: self.headers[name] for name in kept}
        answer = self.server.bench.request("POST", "/webhooks/test-round", body, headers)
        self.server.seen.append((headers, answer))
        self.send_response(answer.status)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_loop_ends_by_itself_with_a_letter_that_says_so(bench):
    # With one secret at both ends, what goes out is authentic when it comes back.
    kept = bench.client("secretsmanager").get_secret_value(SecretId=bench.outputs["DestinationSecretArn"])
    secret = json.loads(kept["SecretString"])["round"][0]["value"]
    bench.put_secrets(bench.secrets() | {"test-round": [{"value": secret, "label": "round"}]})

    with serving(PORT, Relay) as relay:
        relay.bench = bench
        bench.accepted(bench.sign("test-round", secret=secret))
        letter = bench.letter('"source":"test-round"')

    assert [headers["landfall-hops"] for headers, _ in relay.seen] == [str(hops) for hops in range(1, MOST + 1)]
    assert {answer.json["outcome"] for _, answer in relay.seen} == {"accepted"}
    told = attributes(letter)
    assert (told["reason"], told["route"]) == ("permanent", "round")
    assert told["error"].startswith("it has gone out of Landfall 8 times by now")
    # The event that didn't go out is the last one that came in.
    assert json.loads(letter["Body"])["id"] == relay.seen[-1][1].json["event_id"]


def test_a_destination_that_is_the_api_itself_is_a_fault_of_the_file_for_its_stack(bench, tmp_path):
    direct = f'\n[destinations.direct]\nhttp = "{bench.outputs["ApiUrl"]}/webhooks/drill"\n'
    file = tmp_path / "landfall.toml"
    file.write_text(CONFIGURATION.read_text() + direct)

    refused = bench.landfall("check", str(file), check=False)

    line = file.read_text().splitlines().index(direct.splitlines()[2]) + 1
    assert refused.returncode == 1 and f":{line}: the destination is the stack's own API" in refused.stderr, refused
