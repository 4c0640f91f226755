"""`landfall listen`: the events of the stack at a service on this machine."""

import contextlib
import http.server
import json
import subprocess

from harness import NOTE, ROOT, free_port, serving, wait_for


class Service(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers as the server's `status` says."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(getattr(self.server, "status", 204))
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def service():
    port = free_port()
    with serving(port, Service) as server:
        server.url = f"http://127.0.0.1:{port}/hooks?from=landfall"
        yield server


@contextlib.contextmanager
def listening(bench, server, *arguments):
    """A listener that looks already; its lines are read from what is yielded."""
    command = [bench.command_folder / "landfall", "--json", "--stack", bench.name, "listen", "--to", server.url]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=bench.command_environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "Ctrl-C stops" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def sent(bench, source):
    [answer] = json.loads(bench.landfall("send", "--source", source, "--json").stdout)
    assert answer["outcome"] == "accepted"
    return answer["event_id"]


def seen(server, id):
    return [request for request in server.seen if request[1]["landfall-event-id"] == id]


def lag(bench, source):
    return json.loads(bench.landfall("listen", "--source", source, "--lag", "--json", check=False).stdout)


def test_events_are_brought_as_they_came_and_those_first_that_came_while_nobody_listened(bench):
    source = "test-here"
    with service() as server:
        with listening(bench, server, "--source", source, "--since", "now") as listener:
            id = sent(bench, source)
            told = json.loads(listener.stdout.readline())
            again = bench.landfall("listen", "--source", source, "--to", server.url, check=False)
        assert (told["event_id"], told["status"], told["taken"], told["waiting"]) == (id, 204, True, 0)
        assert (again.returncode, "listens to these sources" in again.stderr) == (1, True)
        [(path, headers, body)] = server.seen
        event = bench.event(source, id)
        assert (path, body) == ("/hooks?from=landfall", bench.body_of(event))
        assert headers["content-type"] == event["headers"]["content-type"]
        assert (headers["landfall-source"], headers["landfall-event-type"]) == (source, event["event_type"])
        assert len(headers["webhook-id"]) == 64 and "landfall-replay" not in headers

        missed = [sent(bench, source), sent(bench, source)]
        assert wait_for(lambda: lag(bench, source)["waiting"] == 2, "both to be in the index")
        with listening(bench, server, "--source", source) as listener:
            later = sent(bench, source)
            lines = [json.loads(listener.stdout.readline()) for _ in range(3)]
        assert [line["event_id"] for line in lines] == [*missed, later]
        assert lag(bench, source)["waiting"] == 0


def test_a_service_that_fails_gets_the_event_again_until_it_takes_it_or_it_is_passed(bench):
    source = "test-listened"
    with service() as server:
        server.status = 503
        with listening(bench, server, "--source", source, "--since", "now") as listener:
            id = sent(bench, source)
            assert "answered 503" in listener.stderr.readline()
            server.status = 204
            told = json.loads(listener.stdout.readline())
        assert (told["event_id"], told["taken"]) == (id, True)
        attempts = [headers["landfall-attempt"] for _, headers, _ in seen(server, id)]
        assert attempts == [str(number) for number in range(1, len(attempts) + 1)] and len(attempts) >= 2
        assert len({headers["webhook-id"] for _, headers, _ in seen(server, id)}) == 1

        server.status = 410
        with listening(bench, server, "--source", source, "--skip-failed") as listener:
            id = sent(bench, source)
            told = json.loads(listener.stdout.readline())
        assert (told["event_id"], told["status"], told["taken"]) == (id, 410, False)


def test_an_event_that_is_replayed_comes_again(bench):
    with service() as server, listening(bench, server, "--source", "drill", "--since", "now"):
        id = sent(bench, "drill")
        bench.ended("drill", id)
        wait_for(lambda: seen(server, id), "the event")
        bench.landfall("events", "replay", "drill", id, "--again", "--yes")

        def came_twice():
            # A line of the consumer's may wait for its next answer.
            if len(seen(server, id)) < 2:
                bench.nudge("consumer")
            return len(seen(server, id)) == 2 and seen(server, id)

        first, second = wait_for(came_twice, "the replay")
    assert "landfall-replay" not in first[1] and second[1]["landfall-replay"] == "1"
    assert (first[1]["webhook-id"], first[2]) == (second[1]["webhook-id"], second[2])


def test_each_replay_comes_once_however_close_they_are(bench):
    id = sent(bench, "drill")
    bench.ended("drill", id)
    with service() as server:
        with listening(bench, server, "--source", "drill", "--since", "now"):
            pass
        for attempt in (2, 3):
            bench.landfall("events", "replay", "drill", id, "--again", "--yes")
            bench.ended("drill", id, attempt=attempt)
        # The listener finds both in one look.
        bench.logged("consumer", 2, event_id=id, why="replay", outcome="succeeded")
        with listening(bench, server, "--source", "drill"):
            wait_for(lambda: len(seen(server, id)) == 2, "both replays")
            # What comes behind them has been looked for after them.
            later = sent(bench, "drill")
            wait_for(lambda: seen(server, later), "a later event")
    assert [headers["landfall-replay"] for _, headers, _ in seen(server, id)] == ["1", "2"]


def test_nothing_is_brought_elsewhere_nor_from_a_live_stack(bench, tmp_path, monkeypatch):
    def listen(to):
        return bench.landfall("listen", "--source", "drill", "--to", to, check=False)

    for to in ["http://192.0.2.1:3000/", "http://0.0.0.0:3000/", "https://127.0.0.1/", "http://"]:
        result = listen(to)
        assert (result.returncode, "--to" in result.stderr) == (2, True), to

    live = tmp_path / "local.json"
    note = json.loads(NOTE.read_text())
    note["outputs"]["Environment"] = "live"
    live.write_text(json.dumps(note))
    monkeypatch.setattr("harness.NOTE", live)
    result = listen("http://127.0.0.1:3000/")
    assert (result.returncode, "--live" in result.stderr) == (2, True)
