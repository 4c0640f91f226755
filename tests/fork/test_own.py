"""With every example replaced by a project's own sources and handlers, our tests are as green as before."""

import os
import subprocess
import sys

import pytest
from project import ROOT, SOURCES, copy, make_own, rename

# It stays, so that a second run builds what has changed.
FOLDER = ROOT / "target" / "fork"


@pytest.fixture(scope="module")
def project():
    """A folder in which a command is run, with what it printed."""
    copy(FOLDER)
    rename(FOLDER)
    make_own(FOLDER)

    def run(*command):
        # What isn't of this workspace is built already.
        environment = os.environ | {"CARGO_TARGET_DIR": str(ROOT / "target")}
        ran = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    return run


def test_everything_compiles_without_a_warning(project):
    assert "warning" not in project("cargo", "check", "--offline", "--workspace", "--all-targets")


def test_the_configuration_is_sound(project):
    assert SOURCES in project("cargo", "run", "--offline", "--quiet", "--bin", "landfall-check", "--", SOURCES)


def test_the_consumers_tests_and_the_handlers_own_pass(project):
    assert "handlers::shop::tests::an_invoice_is_kept ... ok" in project("cargo", "test", "--offline", "-p", "consumer")


def test_the_command_lines_tests_pass_with_those_of_the_documentation(project):
    project("cargo", "test", "--offline", "-p", "landfall", "--bin", "landfall", "--test", "check")


def test_the_templates_tests_pass(project):
    project(sys.executable, "-m", "pytest", "-q", "tests/stack/test_template.py")
