import pytest
from alarms import Alarms
from bench import Bench, now_ms
from harness import NOTE
from sending import Sender


@pytest.fixture(scope="session")
def session_bench():
    bench = Bench(note())
    # Gives sources their secrets, before any function has read them.
    assert bench.keys
    return bench


@pytest.fixture
def bench(session_bench):
    """The deployed stack, with all that the tests of the functions need."""
    session_bench.since = now_ms()
    return session_bench


@pytest.fixture(scope="session")
def session_alarms(session_bench):
    return Alarms(session_bench)


@pytest.fixture
def alarms(bench, session_alarms):
    """The deployed stack's alarms."""
    return session_alarms


@pytest.fixture(scope="session")
def sender(session_bench):
    return Sender(session_bench)


def note():
    if not NOTE.exists():
        pytest.exit(f"{NOTE} is missing: these tests want a stack. Run `make e2e`.", returncode=2)
    return NOTE
