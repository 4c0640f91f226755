"""The harness of chaos is not what fails; and where it is, it says so."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "chaos"), str(ROOT / "tests" / "stack")]

import services as listeners  # noqa: E402
from faults import UPSTREAM, Proxy  # noqa: E402
from processes import Owners, Process  # noqa: E402
from verdict import unsound  # noqa: E402

CALL = b"POST / HTTP/1.1\r\nx-amz-target: DynamoDB_20120810.ListTables\r\ncontent-length: 2\r\n\r\n{}"
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(part):
    part.start()
    try:
        yield part
    finally:
        part.stop()


async def call(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(CALL)
    answer = await reader.read(len(ANSWER))
    writer.close()
    return answer


def test_many_calls_at_once_are_all_answered_and_ministack_has_few_connections():
    open_now, most = 0, 0

    async def upstream(reader, writer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        try:
            while await reader.readuntil(b"{}"):
                await asyncio.sleep(0.01)
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            open_now -= 1
            writer.close()

    async def calls():
        server = await asyncio.start_server(upstream, "127.0.0.1", port)
        answers = await asyncio.gather(*(call(proxy.port) for _ in range(300)))
        server.close()
        return answers

    port = free_port()
    with started(Proxy(1, port)) as proxy:
        answers = asyncio.run(calls())

    assert answers == [ANSWER] * 300
    assert most <= UPSTREAM and proxy.errors == []


def test_what_does_not_reach_ministack_is_an_error_of_the_run():
    with started(Proxy(1, free_port())) as proxy:
        assert asyncio.run(call(proxy.port)) == b""
    [error] = proxy.errors
    assert error.startswith("Unreachable: dynamodb ListTables: ConnectionRefusedError")


def test_whose_connections_they_are_is_found_for_all_at_once():
    connect = (
        "import socket, sys; kept = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(20)]; "
    )
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as other:
        peer = server.getsockname()[1]
        environment = os.environ | {"AWS_LAMBDA_FUNCTION_NAME": "f"}
        command = [sys.executable, "-c", connect + "sys.stdin.read()", str(peer)]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as function:
            taken = [server.accept() for _ in range(20)]
            ports = {port for _, (_, port) in taken}
            # Nobody's, and one that leads elsewhere.
            gone = socket.create_connection(("127.0.0.1", peer))
            gone_port = gone.getsockname()[1]
            gone.close()
            elsewhere = socket.create_connection(other.getsockname())
            asked = ports | {gone_port, elsewhere.getsockname()[1]}
            found = Owners(os.getpid()).of(asked, peer)
            for connection, _ in taken:
                connection.close()
            elsewhere.close()

    assert found == dict.fromkeys(ports, Process(function.pid, "f"))


def parts(**changed):
    fine = {
        "proxy": SimpleNamespace(errors=[], looks=100, late=10, nobodys=2, calls={"a": 98}),
        "director": SimpleNamespace(errors=[]),
        "providers": SimpleNamespace(errors=[], begun=90, plan=SimpleNamespace(arrivals=range(100))),
        "services": SimpleNamespace(errors=[]),
    }
    for name, values in changed.items():
        fine[name] = SimpleNamespace(**(vars(fine[name]) | values))
    return fine


def test_a_run_in_which_nothing_of_its_own_failed_is_sound():
    assert list(unsound(**parts())) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"proxy": {"errors": ["x"]}}, "the proxy: x"),
        ({"director": {"errors": ["x"]}}, "the director: x"),
        ({"providers": {"errors": ["x"]}}, "the sender: x"),
        ({"services": {"errors": ["x"]}}, "a service: x"),
        ({"providers": {"begun": 89}}, "89 of 100 deliveries were begun in time"),
        ({"proxy": {"nobodys": 3}}, "of 3 of 101 calls the proxy did not find out in time whose they were"),
        ({"proxy": {"late": 11}}, "the proxy was late 11 of 100 times"),
    ],
)
def test_a_run_in_which_something_of_its_own_failed_says_so(changed, says):
    [found] = unsound(**parts(**changed))
    assert found.startswith(says)


def test_a_service_keeps_what_it_takes_and_says_so_only_where_it_works(monkeypatch):
    monkeypatch.setattr(listeners, "PORTS", {"steady": free_port(), "flaky": free_port()})
    monkeypatch.setattr(listeners, "SLOW_SECONDS", 0)
    names = {"webhook-id": "w", "landfall-source": "s", "landfall-event-id": "e", "landfall-route": "r"}

    def post(service):
        connection = http.client.HTTPConnection("127.0.0.1", listeners.PORTS[service], timeout=30)
        try:
            connection.request("POST", "/hooks", b"{}", names)
            return connection.getresponse().status
        except (http.client.HTTPException, ConnectionError):
            return None
        finally:
            connection.close()

    with started(listeners.Services(1)) as services:
        assert post("steady") == 204
        for manner in ("dead", "slow", "lies"):
            services.manner["flaky"] = manner
            assert post("flaky") in (None, 500)
            assert post("steady") == 204
        services.manner["flaky"] = "works"
        assert post("flaky") == 204

    assert services.errors == [] and services.turned_away == 1
    told = [(receipt.service, receipt.key, receipt.told) for receipt in services.receipts]
    assert sorted(told) == [("flaky", "s#e", False)] * 2 + [("flaky", "s#e", True)] + [("steady", "s#e", True)] * 4
