"""The console in a headless Chromium, against the deployed stack: the main path of every page, and axe on each."""

import contextlib
import http.client
import json
import subprocess
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browser import chromium
from harness import PATIENCE_SECONDS, ROOT
from signing import new_id

# A number that a browser's own would round.
EXACT = "12345678901234567890.10"


class Console:
    """`landfall console`, as it runs."""

    def __init__(self, bench, *arguments):
        self.process = subprocess.Popen(
            [bench.command_folder / "landfall", "console", "--json", "--utc", *arguments],
            cwd=ROOT,
            env=bench.command_environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.host = urlsplit(self.url).netloc

    def at(self, path, **query):
        return f"http://{self.host}{path}" + (f"?{urlencode(query)}" if query else "")

    def request(self, method, path, headers, body=None):
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()

    def stop(self):
        self.process.terminate()
        self.process.wait()


@pytest.fixture(scope="module")
def console(session_bench):
    console = Console(session_bench, "--stack", session_bench.name)
    yield console
    console.stop()


@pytest.fixture(scope="module")
def browser(console):
    with chromium() as browser:
        browser.open(console.url)
        browser.shows("The last hour")
        yield browser


@pytest.fixture(scope="module")
def failed(session_bench):
    """An event that was given up, with an exact number in its payload."""
    id = new_id()
    body = f'{{"id":"{id}","type":"drill.refuse","amount":{EXACT},"text":"<script>alert(1)</script>"}}'
    session_bench.landfall("send", "--source", "drill", "--body-file", "-", input=body)
    session_bench.ended("drill", id, "failed")
    return id


def usable(browser):
    assert browser.unusable() == [], browser.url


def lands_on(browser, path):
    assert urlsplit(browser.url).path == path


# ---- Who may ----


def test_only_the_browser_with_the_urls_token_is_answered_and_only_at_this_machines_name(console):
    host = {"Host": console.host}
    status, headers, _ = console.request("GET", urlsplit(console.url).path + "?" + urlsplit(console.url).query, host)
    cookie = headers["Set-Cookie"].split(";")[0]
    assert status == 200 and "HttpOnly" in headers["Set-Cookie"] and "SameSite=Strict" in headers["Set-Cookie"]

    status, headers, _ = console.request("GET", "/providers", host | {"Cookie": cookie})
    assert status == 200
    assert headers["Cache-Control"] == "no-store" and "default-src 'none'" in headers["Content-Security-Policy"]
    for changed in [
        {"Cookie": ""},
        {"Cookie": cookie + "0"},
        {"Host": "evil.example"},
        {"Host": f"evil.{console.host}"},
    ]:
        status, _, page = console.request("GET", "/providers", host | {"Cookie": cookie} | changed)
        assert status == 403 and "financbase" not in page, changed


def test_nothing_is_done_for_another_page(console, browser):
    browser.open(console.at("/send"))
    token = browser.run("return document.querySelector('input[name=token]').value")
    entry = urlsplit(console.url)
    _, headers, _ = console.request("GET", f"/?{entry.query}", {"Host": console.host})
    own = {
        "Host": console.host,
        "Origin": f"http://{console.host}",
        "Cookie": headers["Set-Cookie"].split(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"token": token, "source": "drill", "how": "forge"})

    assert console.request("POST", "/send", own, form)[0] == 200
    for changed in [{"Origin": "http://evil.example"}, {"Origin": "null"}]:
        assert console.request("POST", "/send", own | changed, form)[0] == 403
    assert console.request("POST", "/send", own, form.replace(token, "0" * 64))[0] == 403


# ---- The pages ----


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_overview_shows_how_the_stack_is(bench, console, browser, failed, scheme):
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": media})
    browser.open(console.at("/"))

    text = browser.text()
    assert bench.name in text and "Letters in the dead-letter queue" in text
    assert "Oldest ticket" in text and "an estimate" in text and "of the last hour" in text
    assert len(browser.find("svg[role=img]")) == 4
    usable(browser)

    browser.follow("a[href='/events?state=failed']")
    browser.shows(failed)
    assert "landfall --stack=" in browser.text(".command") and "--state=failed" in browser.text(".command")


def test_events_are_found_by_a_filter_that_stands_in_the_url(console, browser, failed):
    browser.open(console.at("/events"))
    browser.fill("#ask-source", "drill")
    browser.fill("#ask-id", failed)
    browser.choose("#ask-state", "failed")
    browser.follow(text="Show")

    browser.shows("These are all.")
    assert parse_qs(urlsplit(browser.url).query) == {"source": ["drill"], "id": [failed], "state": ["failed"]}
    assert "the drill asked for a permanent failure" in browser.text()
    usable(browser)

    browser.fill("#ask-since", "yesterday")
    browser.follow(text="Show")
    browser.shows("write how long ago", ".banner.bad")


def test_events_come_by_themselves_until_that_is_paused(bench, console, browser):
    browser.open(console.at("/events", source="financbase", since="10m"))
    id = new_id()
    bench.landfall("send", "--source", "financbase", "--id", id)
    browser.shows(id)

    browser.click("[data-pause]")
    assert browser.run("return document.querySelector('[data-pause]').getAttribute('aria-pressed')") == "true"
    browser.shows("paused", "[data-updated]")


def test_an_event_tells_its_whole_story_and_its_payload_can_be_hidden(console, browser, failed):
    browser.open(console.at("/event", source="drill", id=failed))

    text = browser.text()
    assert EXACT in text and "<script>alert(1)</script>" in text
    assert "drills" in text and "the drill asked for a permanent failure" in text
    assert "drill.refuse" in text and "Attempts" in text
    usable(browser)
    raw = browser.run("return fetch(document.querySelector('a[download]').href).then((answer) => answer.text())")
    assert raw.startswith(f'{{"id":"{failed}"') and EXACT in raw

    browser.follow(text="Hide payloads")
    browser.shows("Payloads are hidden")
    lands_on(browser, "/event")
    assert EXACT not in browser.text()
    browser.follow(text="Show payloads")
    browser.shows(EXACT)

    browser.open(console.at("/event", source="drill", id=new_id()))
    browser.shows("has no event", ".banner")


def test_refused_deliveries_are_shown_by_reason(bench, console, browser):
    bench.landfall("send", "--source", "self", "--forge")
    bench.line("ingest", reason="forged", source="self")

    browser.open(console.at("/refused", source="self", since="10m"))
    browser.shows("forged", "table")
    usable(browser)
    browser.follow("main tbody a")
    browser.shows("self")


def test_a_destination_is_paused_and_resumed_after_a_page_that_asks(console, browser):
    browser.open(console.at("/routes"))
    browser.shows("drills")
    usable(browser)

    for deed, standing in [("Pause", "paused"), ("Resume", "closed")]:
        browser.follow(text=f"{deed} neighbours")
        browser.shows("events have failed or wait")
        usable(browser)
        browser.follow("button.danger")
        browser.shows(f"neighbours is {standing}")
        browser.follow(text="Back")
        browser.shows("Which events go where")


def test_a_letter_is_redriven_or_discarded_once_it_is_said_how_many(bench, console, browser, failed):
    def asked(deed):
        browser.open(console.at("/dlq", source="drill", event=failed))
        browser.shows(failed)
        usable(browser)
        browser.follow(text=deed)
        browser.shows("1 letter would")
        usable(browser)

    asked("Redrive these 1")
    browser.follow("button.danger")
    browser.shows("1 letter redriven.")
    bench.ended("drill", failed, "failed", attempt=2)

    asked("Discard these 1")
    # Somebody else was quicker.
    bench.landfall("dlq", "discard", "drill", failed, "--yes")
    browser.follow("button.danger")
    browser.shows("when you were asked there were 1")
    browser.open(console.at("/dlq/discard", source="drill", event=failed))
    browser.shows("somebody else may have")


def test_what_a_filter_matches_is_run_again_after_it_was_shown_how_much_that_is(bench, console, browser):
    id, done = new_id(), new_id()
    for each, type in [(id, "drill.refuse"), (done, "drill.ok")]:
        bench.landfall("send", "--source", "drill", "--body-file", "-", input=f'{{"id":"x-{each}","type":"{type}"}}')
    bench.ended("drill", f"x-{id}", "failed")
    bench.ended("drill", f"x-{done}")

    browser.open(console.at("/replay"))
    usable(browser)
    browser.fill("#ask-source", "drill")
    browser.fill("#ask-id", "x-")
    browser.fill("#ask-since", "10m")
    browser.follow(text="See what that would be")
    browser.shows("1 event would be run again")
    assert "it succeeded" in browser.text()
    usable(browser)
    browser.follow("button.danger")
    browser.shows("1 event is asked for")
    lands_on(browser, "/replay/run")
    usable(browser)
    bench.ended("drill", f"x-{id}", "failed", attempt=2)

    # One that another console began, or this one before it was stopped.
    browser.open(console.at("/replay/run", run="0", source="drill", id="x-", since="10m", cursor="MTgwMA"))
    browser.follow(text="Take it up again")
    lands_on(browser, "/replay")


def test_every_provider_is_shown_with_how_it_is_set_up(console, browser):
    browser.open(console.at("/providers"))
    usable(browser)
    browser.follow("a[href='/providers?name=stripe']")
    browser.shows("[sources.stripe]")
    assert "secrets set stripe" in browser.text()
    usable(browser)


def test_a_form_sends_a_signed_test_event_and_a_spoilt_one_is_refused(bench, console, browser):
    id = new_id()
    browser.open(console.at("/send"))
    usable(browser)
    browser.choose("#ask-source", "drill")
    browser.fill("#ask-payload", json.dumps({"id": id, "type": "drill.ok"}))
    browser.follow("form[action='/send'] button")
    browser.shows("accepted")
    bench.ended("drill", id)

    browser.choose("#ask-how", "forge")
    browser.follow("form[action='/send'] button")
    # The status: the form itself has the word for what becomes of it.
    browser.shows("400", "tbody td")


def test_an_edited_configuration_is_tried_on_the_events_that_came_in(console, browser, failed):
    browser.open(console.at("/trial"))
    usable(browser)
    added = '\\n[routes.tried]\\nfrom = ["drill"]\\ntypes = ["drill.refuse"]\\nto = "handler:drill"\\n'
    browser.run(f"document.querySelector('textarea').value += '{added}'")
    browser.fill("#ask-since", "1h")
    browser.fill("#ask-source", "drill")
    browser.follow(text="Try it")
    browser.shows("tried")
    usable(browser)

    browser.run("document.querySelector('textarea').value = '[routes.x]'")
    browser.follow(text="Try it")
    browser.shows("the configuration is at fault", ".banner.bad")


def test_what_must_hold_is_checked(console, browser):
    browser.open(console.at("/checks"))
    browser.shows("good")
    usable(browser)


# ---- Bad luck ----


def test_a_page_that_is_left_open_says_that_its_console_is_gone_and_how_to_come_back(bench, browser):
    first = Console(bench, "--stack", bench.name)
    try:
        browser.open(first.url)
        browser.shows("The last hour")
        browser.open(first.at("/events", source="drill", since="10m"))
        browser.shows("as of", "[data-updated]")
    finally:
        first.stop()
    browser.shows("the console doesn't answer", "[data-updated]")

    second = Console(bench, "--stack", bench.name, "--port", first.host.rpartition(":")[2])
    try:
        browser.shows("open the URL that `landfall console` printed", "[data-updated]")
    finally:
        second.stop()


def test_a_stack_that_is_not_there_is_said_in_the_command_lines_words_on_every_page(bench):
    console = Console(bench, "--stack", "no-such-stack")
    try:
        _, headers, _ = console.request("GET", f"/?{urlsplit(console.url).query}", {"Host": console.host})
        own = {"Host": console.host, "Cookie": headers["Set-Cookie"].split(";")[0]}
        for path in ["/", "/events", "/event?source=drill&id=1", "/routes", "/dlq", "/replay?state=failed", "/checks"]:
            _, _, page = console.request("GET", path, own)
            assert "there is no stack `no-such-stack`" in page, path
    finally:
        console.stop()
