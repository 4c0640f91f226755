"""`landfall reconcile`: beside a stub of GitHub's API, written from its documentation: lists of deliveries, newest first, whose
next page stands in the header `link`, and redeliveries, which are answered 202 and keep their event's GUID.
https://docs.github.com/en/rest/repos/webhooks"""

import http.server
import json
import uuid
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

from harness import free_port, serving, wait_for

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
