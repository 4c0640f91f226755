"""Services that events are sent to over HTTP: one that works, and one that is dead, slow or lying when the plan says so.

They run on a loop of their own, so that the proxy's load is none of theirs.
"""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass

from faults import parse_headers
from loop import InThread

# Where landfall.toml sends to, by the service's name.
PORTS = {"steady": 4592, "flaky": 4593}
# Longer than a consumer lives here.
SLOW_SECONDS = 15


@dataclass(frozen=True)
class Receipt:
    """An event that has come to a service, and whether the service said so."""

    service: str
    key: str  # of the ledger
    route: str
    name: str  # its webhook-id
    body: bytes
    at: float
    told: bool


class Services(InThread):
    def __init__(self, seed):
        super().__init__()
        self.receipts = []
        self.turned_away = 0  # connections that a dead service has closed
        self.errors = []  # of the services themselves
        self.manner = dict.fromkeys(PORTS, "works")
        self._draw = random.Random(f"{seed} services")
        self._connections = set()

    def start(self):
        super().start()
        if self.errors:
            raise OSError(self.errors[0])

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        servers = []
        try:
            for name, port in PORTS.items():
                serving = asyncio.start_server(self._connection(name), "127.0.0.1", port, backlog=500)
                servers.append(self._loop.run_until_complete(serving))
        except OSError as error:
            self.errors.append(f"port {port} can't be had: {error}")
            self._ready.set()
            return
        self._ready.set()
        self._loop.run_forever()
        for server in servers:
            server.close()

    def _connection(self, service):
        async def connected(reader, writer):
            # The loop itself keeps no task alive.
            self._connections.add(asyncio.current_task())
            try:
                while await self._answer(service, reader, writer):
                    pass
            except (ConnectionError, asyncio.IncompleteReadError):
                pass  # whoever sends was killed, or waits no longer
            except Exception as error:  # a fault of the service's own must not look like one of Landfall's
                self.errors.append(f"{service}: {type(error).__name__}: {error}")
            except asyncio.CancelledError:  # the end of the run
                pass
            finally:
                self._connections.discard(asyncio.current_task())
                with contextlib.suppress(RuntimeError):
                    writer.close()

        return connected

    async def _answer(self, service, reader, writer):
        """Takes one event. Returns whether the connection may be used again."""
        head = await reader.readuntil(b"\r\n\r\n")
        manner = self.manner[service]
        if manner == "dead":
            self.turned_away += 1
            return False
        headers = parse_headers(head)
        body = await reader.readexactly(int(headers["content-length"]))
        lie = self._draw.choice(["says 500", "says nothing", "says nonsense"]) if manner == "lies" else None
        told = manner == "works"
        key = f"{headers['landfall-source']}#{headers['landfall-event-id']}"
        name, route = headers["webhook-id"], headers["landfall-route"]
        self.receipts.append(Receipt(service, key, route, name, body, time.time(), told))
        if manner == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if manner == "slow" or lie == "says nothing":
            return False
        answers = {None: "204 Taken", "says 500": "500 Sorry"}
        answer = f"HTTP/1.1 {answers[lie]}\r\ncontent-length: 0\r\n\r\n" if lie in answers else "hello?\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        return lie is None
