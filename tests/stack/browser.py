"""A headless Chromium, driven by its chromedriver over the WebDriver protocol (https://www.w3.org/TR/webdriver2/), which is
HTTP and JSON; and axe, which judges whether everybody can use a page."""

import base64
import contextlib
import http.client
import json
import os
import shutil
import subprocess

from harness import PATIENCE_SECONDS, ROOT, free_port, wait_for

AXE = ROOT / ".tools" / "browser" / "axe_playwright_python" / "axe.min.js"
MISSING = (
    "these tests click through the console in Chromium, and {} is missing: `local/tools.sh browser` installs it where it "
    "may (Debian, as root); elsewhere install Debian's packages chromium and chromium-driver, or your system's"
)
# By which WebDriver calls an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

OPTIONS = [
    "--headless=new",
    "--window-size=1280,900",
    "--force-color-profile=srgb",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]


def program(*names):
    """The first of these programs that there is."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, MISSING.format(names[0])
    return found


@contextlib.contextmanager
def chromium(*options):
    """A browser of its own, closed afterwards."""
    driver, binary = program("chromedriver"), program("chromium", "chromium-browser", "google-chrome")
    port = free_port()
    process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        browser = Browser(port)
        wait_for(browser.is_ready, "chromedriver to be ready")
        # Root's processes can't be put into Chromium's sandbox.
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser.start(binary, [*OPTIONS, *unboxed, *options])
        try:
            yield browser
        finally:
            browser.call("DELETE", "")
    finally:
        process.terminate()
        process.wait()


class Browser:
    def __init__(self, port):
        self.port = port
        self.session = ""

    def is_ready(self):
        with contextlib.suppress(OSError):
            return self.ask("GET", "/status")["ready"]
        return False

    def start(self, binary, options):
        wanted = {"goog:chromeOptions": {"binary": binary, "args": options}}
        started = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{started['sessionId']}"

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2 * PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body))
            value = json.loads(connection.getresponse().read())["value"]
        assert not (isinstance(value, dict) and "error" in value), value
        return value

    def call(self, method, path, body=None):
        return self.ask(method, self.session + path, body)

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    @property
    def url(self):
        return self.call("GET", "/url")

    def run(self, script, *arguments):
        """What a script on the page returns."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css):
        """The elements of a CSS selector."""
        found = self.call("POST", "/elements", {"using": "css selector", "value": css})
        return [each[ELEMENT] for each in found]

    def text(self, css="main"):
        """What can be read in an element."""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def click(self, css=None, text=None):
        """Clicks an element by its selector, or a link or button by its text."""
        if text is not None:
            path = f"//*[self::a or self::button][contains(normalize-space(.), {json.dumps(text)})]"
            [found, *_] = self.call("POST", "/elements", {"using": "xpath", "value": path})
            element = found[ELEMENT]
        else:
            [element, *_] = self.find(css)
        self.call("POST", f"/element/{element}/click", {})

    def follow(self, css=None, text=None):
        """Clicks what leads to a page, and waits until that is there: the one before it may have the same words."""
        self.run("window.isLeft = true")
        self.click(css, text)
        arrived = "return !window.isLeft && document.readyState === 'complete'"
        wait_for(lambda: self.run(arrived), f"a page behind {css or text}")

    def fill(self, css, text):
        [element] = self.find(css)
        self.call("POST", f"/element/{element}/clear", {})
        self.call("POST", f"/element/{element}/value", {"text": text})

    def choose(self, css, value):
        """Chooses an option of a select by its value."""
        self.click(f"{css} option[value='{value}']")

    def shows(self, text, css="main"):
        """Waits until an element has a text."""
        return wait_for(lambda: text in self.text(css), f"`{text}` to be shown at {self.url}")

    def unusable(self):
        """What axe finds on the page that keeps somebody from using it."""
        self.run(AXE.read_text())
        script = """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.map(
                ({id, help, nodes}) => ({id, help, where: nodes.map((node) => node.html)}))));
        """
        return self.call("POST", "/execute/async", {"script": script, "args": []})

    def picture(self):
        """The page as far as the window shows it, as PNG."""
        return base64.b64decode(self.call("GET", "/screenshot"))
