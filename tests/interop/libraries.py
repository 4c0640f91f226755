"""The libraries of libraries.toml: had from their registry, and asked by a process of their own."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit

HERE = Path(__file__).parent
# A registry that doesn't answer must not end the run.
INSTALL_SECONDS = 600


class Unavailable(Exception):
    """A library can't be installed or loaded."""


@dataclass(frozen=True)
class Library:
    """A row of libraries.toml, which says what the fields are."""

    language: str
    package: str
    provider: str
    secret: str
    extras: list = field(default_factory=list)
    settings: dict = field(default_factory=dict)
    signs: bool = False
    bodies: str = "text"
    fields: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    empty: bool = True
    query: bool = True
    forged: list = field(default_factory=lambda: ["body", "secret"])

    @property
    def name(self):
        return f"{self.package} ({'Python' if self.language == 'python' else 'Node'})"

    @property
    def is_form(self):
        return self.bodies in ("form", "form-ascii", "braintree")


def libraries(only=()):
    """All of the table, or those of these providers."""
    table = tomlkit.parse((HERE / "libraries.toml").read_text()).unwrap()
    found = [Library(language, **row) for language in ("python", "node") for row in table[language]]
    return [library for library in found if not only or library.provider in only]


# ---- Where they are ----


def run(command, **more):
    result = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, **more)
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        errors = [line for line in lines if "error" in line.lower()]
        raise Unavailable((errors or lines or ["it failed without a word"])[0])


def interpreter(folder):
    """A Python with nothing in it but what is installed there."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        run([os.environ.get("PYTHON", "python3"), "-m", "venv", folder / "venv"])
    return python


class Pinned:
    """All libraries at the versions of the lock files."""

    def __init__(self, folder):
        self.folder = folder
        self.python = interpreter(folder)
        run([self.python, "-m", "pip", "install", "--disable-pip-version-check", "-r", HERE / "requirements.txt"])
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        run(["npm", "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"])

    def have(self, libraries):
        """Nothing is to be done: all are here."""
        return {}

    def place(self, library):
        return self.folder


class Newest:
    """Each library at its newest release, with what that asks for, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.python = interpreter(folder)

    def have(self, libraries):
        """Installs them, and returns why which of them can't be."""

        def install(library):
            try:
                self.install(library)
            except (Unavailable, subprocess.TimeoutExpired) as error:
                return str(error)

        with ThreadPoolExecutor(4) as pool:
            faults = zip(libraries, pool.map(install, libraries))
            return {library.name: fault for library, fault in faults if fault}

    def install(self, library):
        place = self.place(library)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        if library.language == "python":
            extras = f"[{','.join(library.extras)}]" if library.extras else ""
            pip = [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--target", place]
            return run([*pip, library.package + extras])
        (place / "package.json").write_text('{"private": true}\n')
        npm = ["npm", "install", "--prefix", place, "--ignore-scripts", "--no-audit", "--no-fund"]
        return run([*npm, f"{library.package}@latest"])

    def place(self, library):
        return self.folder / library.language / library.package.replace("/", "+")


# ---- Asking one ----


class Asked:
    """The process of one library."""

    def __init__(self, library, source):
        place = source.place(library)
        environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        if library.language == "python":
            command = [source.python, HERE / "adapters.py", library.package]
            environment["PYTHONPATH"] = str(place)
        else:
            command = ["node", HERE / "adapters.mjs", library.package, place]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        first = self.process.stdout.readline()
        if not first:
            said = self.process.stderr.read().strip().splitlines()
            errors = [line for line in said if "Error" in line]
            raise Unavailable((errors or said or ["it ended without a word"])[-1])
        self.version = json.loads(first)["ok"]

    def ask(self, do, case, headers):
        """What the library answers; an error is what it says of itself."""
        asked = {
            "do": do,
            "secret": case.secret,
            "signing": case.signing,
            "body": base64.b64encode(case.body).decode(),
            "headers": list(headers.items()),
            "url": case.url,
            "now": case.now,
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["ok"]

    def sign(self, case):
        signed = self.ask("sign", case, case.headers)
        body = signed.get("body")
        return dict(signed["headers"]), case.body if body is None else body.encode()

    def accepts(self, case, headers):
        return self.ask("check", case, headers) is True

    def close(self):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.wait(10)
