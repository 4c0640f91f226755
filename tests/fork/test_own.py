"""With every example replaced by a project's own sources and handlers, all compiles without a warning, is
formatted, and the tests that could see the difference pass."""

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


def test_the_projects_own_code_is_as_ours_is_to_be(project):
    project("cargo", "fmt", "--all", "--check")
    project("cargo", "clippy", "--offline", "-p", "consumer", "--all-targets", "--", "-D", "warnings")


def test_the_configuration_is_sound(project):
    assert SOURCES in project("cargo", "run", "--offline", "--quiet", "--bin", "landfall-check", "--", SOURCES)


def test_the_consumers_tests_and_the_handlers_own_pass(project):
    assert "handlers::shop::tests::an_invoice_is_kept ... ok" in project("cargo", "test", "--offline", "-p", "consumer")


def test_the_command_lines_tests_pass_with_those_of_the_documentation(project):
    project("cargo", "test", "--offline", "-p", "landfall", "--bin", "landfall", "--test", "check")


def test_the_tests_of_the_template_and_the_pages_pass(project):
    project(sys.executable, "-m", "pytest", "-q", "tests/stack/test_template.py", "tests/stack/test_docs.py")
