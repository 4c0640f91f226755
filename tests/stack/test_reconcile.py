"""`landfall reconcile`: beside stubs of what providers have, written from their documentation.

GitHub's API: lists of deliveries, newest first, whose next page stands in the header `link`, and redeliveries, which are answered
202 and keep their event's GUID. https://docs.github.com/en/rest/repos/webhooks

Stripe's API: an endpoint with its types, and lists of events, newest first, whose next page begins behind an id; and its command
line, which has an event sent again. https://docs.stripe.com/api/events/list, https://docs.stripe.com/cli/events/resend"""

import http.server
import json
import sys
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

from harness import free_port, serving, wait_for
from signing import new_id

PATH = "/repos/octocat/hello-world/hooks/7/deliveries"
TOKEN = "ghp_hush"


class GitHub(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        if not self.knows(url.path == PATH):
            return
        query = parse_qs(url.query)
        start, count = int(query.get("cursor", ["0"])[0]), min(int(query["per_page"][0]), self.server.page)
        page = self.server.deliveries[start : start + count]
        link = f'<{self.server.url}{PATH}?per_page={count}&cursor={start + count}>; rel="next"'
        self.answer(200, page, link if start + count < len(self.server.deliveries) else None)

    def do_POST(self):
        number = self.path.removeprefix(PATH + "/").removesuffix("/attempts")
        known = {str(delivery["id"]): delivery for delivery in self.server.deliveries}
        if self.knows(number in known):
            self.server.seen.append(known[number]["guid"])
            self.server.redeliver(known[number]["guid"])
            self.answer(202, {})

    def knows(self, there):
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401, {"message": "Bad credentials"})
        elif not there:
            self.answer(404, {"message": "Not Found"})
        else:
            return True
        return False

    def answer(self, status, body, link=None):
        headers = {"Link": link} if link else {}
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(text))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def delivery(number, guid, status):
    return {
        "id": number,
        "guid": guid,
        "delivered_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "redelivery": False,
        "duration": 0.27,
        "status": "OK" if status == 200 else "failed to connect",
        "status_code": status,
        "event": "issues",
        "action": "opened",
        "installation_id": None,
        "repository_id": 456,
        "throttled_at": None,
    }


def test_what_github_could_not_deliver_and_the_ledger_does_not_have_is_sent_again(bench, monkeypatch, tmp_path):
    there, lost, tried_twice, elsewhere = (str(uuid.uuid4()) for _ in range(4))
    bench.accepted(bench.sign("github", id=there))
    port = free_port()
    with serving(port, GitHub) as server:
        server.url, server.page = f"http://127.0.0.1:{port}", 2
        server.redeliver = lambda guid: bench.accepted(bench.sign("github", id=guid))
        server.deliveries = [
            delivery(16, tried_twice, 502),
            delivery(15, elsewhere, 200),
            # It answered too late, and has it all the same.
            delivery(14, there, 504),
            delivery(13, lost, 502),
            delivery(12, tried_twice, 502),
        ]

        def reconcile(*options, check=True):
            asked = ["--source", "github", "--repo", "octocat/hello-world", "--hook", "7", "--api-url", server.url]
            return bench.landfall("reconcile", "github", *asked, "--rate", "100", *options, check=check)

        tokenless = reconcile(check=False)
        assert (tokenless.returncode, "--token-file" in tokenless.stderr) == (2, True)
        monkeypatch.setenv("GITHUB_TOKEN", "ghp_another")
        refused = reconcile("--yes", check=False)
        assert refused.returncode == 1 and "doesn't take this token" in refused.stderr
        file = tmp_path / "token"
        file.write_text(TOKEN + "\n")

        asked = reconcile("--token-file", file, check=False)
        assert asked.returncode == 2 and "send 2 of them again to `github`: give --yes" in asked.stderr
        assert "GitHub sent 4 events" in asked.stdout and "1 more are delivered" in asked.stderr
        assert server.seen == [] and "hush" not in asked.stdout + asked.stderr

        told = json.loads(reconcile("--token-file", file, "--yes", "--json").stdout)
        assert (told["sent"], told["there"], told["failed"], told["delivered_and_missing"]) == (4, 1, 2, 1)
        assert sorted(server.seen) == sorted(told["asked_for"]) == sorted([lost, tried_twice])

        def arrived():
            again = json.loads(reconcile("--token-file", file, "--yes", "--json").stdout)
            return again["failed"] == 0 and again

        assert wait_for(arrived, "both to be in the index")["there"] == 3
        more = json.loads(reconcile("--token-file", file, "--yes", "--json", "--also-delivered").stdout)
        assert more["asked_for"] == [elsewhere]


ENDPOINT = "we_1Mr5jULkdIwHu7ix1ibLTM0x"
KEY = "rk_test_hush"
# Tells the stub what it was asked for, as Stripe's would tell Stripe.
PROGRAM = """#!{python}
import json, os, sys, urllib.request
asked = json.dumps({{"arguments": sys.argv[1:], "key": os.environ["STRIPE_API_KEY"]}}).encode()
urllib.request.urlopen(urllib.request.Request("{url}/resend", asked, method="POST")).read()
"""


class Stripe(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: value for name, [value] in parse_qs(url.query).items()}
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.answer(401, {"error": {"type": "invalid_request_error"}})
        elif url.path == f"/v1/webhook_endpoints/{ENDPOINT}":
            types = ["invoice.paid", "charge.failed"]
            self.answer(200, {"id": ENDPOINT, "object": "webhook_endpoint", "enabled_events": types, "livemode": False})
        elif url.path == "/v1/events" and query["delivery_success"] == "false":
            events = [event for event in self.server.events if event["created"] >= int(query["created[gte]"])]
            ids = [event["id"] for event in events]
            start = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
            page = events[start : start + 2]
            self.answer(200, {"object": "list", "data": page, "has_more": start + 2 < len(events)})
        else:
            self.answer(404, {"error": {"type": "invalid_request_error"}})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(asked)
        self.server.deliver(asked["arguments"][2])
        self.answer(200, {})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def test_what_stripe_could_not_deliver_and_the_ledger_does_not_have_is_sent_again_by_its_own_command(
    bench, monkeypatch, tmp_path
):
    there, lost, unwanted, old = (f"evt_{new_id()}".replace("-", "") for _ in range(4))
    bench.accepted(bench.sign("stripe", id=there))
    port, now = free_port(), int(time.time())
    with serving(port, Stripe) as server:
        url = f"http://127.0.0.1:{port}"
        server.deliver = lambda id: bench.accepted(bench.sign("stripe", id=id))
        server.events = [
            {"id": id, "object": "event", "type": type, "created": created}
            for id, type, created in [
                (unwanted, "customer.created", now - 1),
                (there, "invoice.paid", now - 2),
                (lost, "charge.failed", now - 3),
                (old, "charge.failed", now - 30 * 86_400),
            ]
        ]
        monkeypatch.setenv("STRIPE_API_KEY", KEY)

        def reconcile(*options, check=True):
            asked = ["--source", "stripe", "--endpoint", ENDPOINT, "--api-url", url, "--rate", "100"]
            return bench.landfall("reconcile", "stripe", *asked, *options, check=check)

        asked = reconcile(check=False)
        assert asked.returncode == 2 and "send 1 of them again to `stripe`: give --yes" in asked.stderr
        assert "Stripe has not delivered to every endpoint 2 events" in asked.stdout and lost in asked.stdout
        monkeypatch.setenv("PATH", str(tmp_path))
        without = reconcile("--yes", check=False)
        assert without.returncode == 1 and "no program `stripe`" in without.stderr and server.seen == []

        program = tmp_path / "stripe"
        program.write_text(PROGRAM.format(python=sys.executable, url=url))
        program.chmod(0o755)
        told = json.loads(reconcile("--yes", "--json").stdout)
        assert (told["sent"], told["there"], told["failed"], told["asked_for"]) == (2, 1, 1, [lost])
        arguments = ["events", "resend", lost, "--confirm", f"--webhook-endpoint={ENDPOINT}"]
        assert server.seen == [{"arguments": arguments, "key": KEY}]

        def arrived():
            return json.loads(reconcile("--yes", "--json").stdout)["there"] == 2

        wait_for(arrived, "it to be in the index")
        assert bench.event("stripe", lost)["event_id"] == lost
        monkeypatch.setenv("STRIPE_API_KEY", "rk_test_another")
        refused = reconcile("--yes", check=False)
        assert refused.returncode == 1 and "doesn't take this key" in refused.stderr
        assert "hush" not in asked.stdout + asked.stderr + without.stderr + refused.stderr
