"""The AWS that the functions of the chaos run see: MiniStack, behind a proxy that makes its calls fail.

Every byte of a call is passed on as it was signed. What happens to a call is drawn from the seed and from which call of
its kind it is. The proxy also keeps what the functions did, so that the end of the run can be explained.
"""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import processes
from loop import InThread
from plan import BANK

# What may happen to an operation, with its share of them. "Once" meets the first attempt only, so that the SDK's own
# retry heals it; the others meet every attempt of the operation, and the function has to live with it.
FAULTS = {
    "slow": 0.04,
    "refused once": 0.02,
    "refused": 0.02,
    "answer lost once": 0.02,
    "answer lost": 0.02,
    "killed before": 0.001,
    "killed after": 0.003,
}
# Seconds; the second is longer than an attempt of ingest's clients may take.
SLOW = (0.05, 1.4)
# Connections to MiniStack at once: more would wait in its backlog, which a busy machine overflows.
UPSTREAM = 24
# How often it is asked for one before the run is given up.
CONNECTS = 5
# How late the proxy may be, in seconds, before an attempt of ingest's clients is over through no fault that was drawn.
LATE = 0.7
ERRORS = {
    "dynamodb": [
        (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
        (400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
        (400, "com.amazon.coral.service#AccessDeniedException"),
    ],
    "sqs": [(500, "com.amazonaws.sqs#InternalError"), (400, "com.amazonaws.sqs#RequestThrottled")],
    "secretsmanager": [(500, "InternalServiceError"), (400, "ThrottlingException")],
    "s3": [(503, "SlowDown"), (500, "InternalError")],
}


class Unreachable(Exception):
    """MiniStack didn't answer: a fault of the run, and none that was drawn."""


@dataclass(frozen=True)
class Write:
    """What a process tried to write about an event: a step of its work, a run of its handler, or its dead letter."""

    at: float
    pid: int
    operation: str  # the SDK's id of it, the same in all its attempts
    state: str  # of the work, or "run" or "letter"
    attempt: int  # which claim; 0 for a run or a letter
    applied: bool
    clean: bool  # whether the process was told the truth, in time


class Proxy(InThread):
    def __init__(self, seed, upstream_port):
        super().__init__()
        self.seed = seed
        self.upstream_port = upstream_port
        self.ministack = None  # its process id, once it runs
        self.owners = None
        self.callers = frozenset()  # process ids that have made calls
        self.functions = {}  # function name -> "Ingest", ...
        self.tables = {}  # table name -> "ledger" or "projection"
        self.dlq_url = None
        self.storm = False
        self.down = set()  # services that refuse everything
        self.calls = Counter()  # by function and operation
        self.faults = Counter()  # by kind
        self.killed = Counter()  # by function
        self.writes = defaultdict(list)  # ledger key -> [Write]
        self.counted_again = Counter()  # ledger key -> additions to its counter that an SDK made twice
        self.errors = []  # of the proxy itself
        self.looks = self.late = 0  # how often the proxy looked at the clock, and how often it was late
        self.nobodys = 0  # calls of processes that were dead before it was known whose they were
        self.waited = 0  # calls that had to wait for a connection to MiniStack
        self._fates = {}
        self._turns = Counter()
        self._connections = set()
        self._upstream = []  # connections that are idle
        self._room = None
        # Whose connections they are takes files to be read: all that wait are looked up at once, beside this loop.
        self._asking = ThreadPoolExecutor(1)
        self._asked = {}  # port -> who is to hear of it
        self.port = None

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        self._room = asyncio.Semaphore(UPSTREAM)
        self._connections.add(self._loop.create_task(self._watch()))
        serving = asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 20, backlog=500)
        server = self._loop.run_until_complete(serving)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _watch(self):
        """Whether the machine leaves the proxy time to do its work."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.2)
            if self.storm:
                self.looks += 1
                self.late += time.monotonic() - began - 0.2 > LATE

    # ---- One connection of a function ----

    async def _client(self, reader, writer):
        process = call_of = None
        # Asked for at once: one that is killed can't be found any more.
        owner = self._owner(writer) if self.owners else None
        # The loop itself keeps no task alive.
        self._connections.add(asyncio.current_task())
        try:
            while call := await Call.read(reader):
                if owner and process is None:
                    process = await owner
                    if process is None:
                        # Its call is lost with it, since nobody could say later on whose it was.
                        self.nobodys += 1
                        break
                    call_of = self.functions.get(process.function)
                    self.callers = self.callers | {process.pid}
                if not await self._pass(call, process, call_of, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the function was killed, or waits no longer
        except Exception as error:  # a fault of the proxy's own must not look like one of Landfall's
            self.errors.append(f"{type(error).__name__}: {error}")
        except asyncio.CancelledError:  # the end of the run
            pass
        finally:
            self._connections.discard(asyncio.current_task())
            writer.close()

    def _owner(self, writer):
        """The process at the other end of a connection, or None if it is dead."""
        heard = self._loop.create_future()
        is_first = not self._asked
        self._asked[writer.get_extra_info("peername")[1]] = heard
        if is_first:
            looking = self._loop.create_task(self._look_up())
            self._connections.add(looking)
            looking.add_done_callback(self._connections.discard)
        return heard

    async def _look_up(self):
        while self._asked:
            # Whoever asks meanwhile is looked up next.
            asked = dict(self._asked)
            try:
                found = await self._loop.run_in_executor(self._asking, self.owners.of, asked.keys(), self.port)
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                found = {}
            for port, heard in asked.items():
                if self._asked.get(port) is heard:
                    del self._asked[port]
                if not heard.done():
                    heard.set_result(found.get(port))

    async def _pass(self, call, process, function, writer):
        """Deals with one call. Returns whether the connection may be used again."""
        self.calls[f"{function} {call.name}"] += 1
        fate, draw = self._fate(call, function, process)
        if fate:
            self.faults[fate] += 1
        if fate == "slow":
            await asyncio.sleep(draw.uniform(*SLOW))
        if fate in ("refused", "refused once", "out of order"):
            self._note(call, process, applied=False, clean=False)
            return await self._error(call, draw, writer)
        if fate == "killed before":
            self._kill(process, function)
            return False

        began = time.monotonic()
        status, answer = await self._forward(call)
        late = time.monotonic() - began > 0.9
        # Of a condition that was false the process learns what it has to know.
        left_out = call.name == "dynamodb PutItem" and b"ConditionalCheckFailed" in answer and self._is_run(call)
        applied = status == 200 or left_out
        self._note(call, process, applied, clean=fate is None and not late)
        if fate == "killed after":
            self._kill(process, function)
            return False
        if fate in ("answer lost", "answer lost once"):
            return await self._error(call, draw, writer)
        writer.write(answer)
        await writer.drain()
        return True

    def _fate(self, call, function, process):
        """What is to happen to a call, and the chance with which it does."""
        if call.service in self.down:
            return "out of order", random.Random(f"{self.seed} {call.operation}")
        if not self.storm or not function:
            return None, None
        if call.operation in self._fates:
            fate, draw = self._fates[call.operation]
            return (None if fate in ("slow", "refused once", "answer lost once") else fate), draw
        kind = f"{function} {call.name}"
        self._turns[kind] += 1
        draw = random.Random(f"{self.seed} {kind} {self._turns[kind]}")
        chance, fate = draw.random(), None
        for name, share in FAULTS.items():
            chance -= share
            if chance < 0:
                fate = name
                break
        self._fates[call.operation] = fate, draw
        return fate, draw

    def _kill(self, process, function):
        if process and processes.kill(process.pid, self.ministack):
            self.killed[function] += 1

    async def _error(self, call, draw, writer):
        """Answers with an error of the service, or with none at all."""
        if draw.random() < 0.3:
            return False
        status, code = draw.choice(ERRORS[call.service])
        if call.service == "s3":
            kind, body = "application/xml", f"<Error><Code>{code}</Code><Message>chaos</Message></Error>".encode()
        else:
            kind, body = "application/x-amz-json-1.0", json.dumps({"__type": code, "message": "chaos"}).encode()
        head = f"HTTP/1.1 {status} Chaos\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        return True

    async def _forward(self, call):
        self.waited += self._room.locked()
        async with self._room:
            try:
                return await self._ask(call)
            except (OSError, asyncio.IncompleteReadError) as error:
                # MiniStack lives as long as the run. Whoever called is not to be told of it as of a fault that was drawn.
                raise Unreachable(f"{call.name}: {type(error).__name__}: {error}") from error

    async def _connect(self):
        for again in range(CONNECTS):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.upstream_port, limit=1 << 20)
            await asyncio.sleep(0.1 * 2**again)
        return await asyncio.open_connection("127.0.0.1", self.upstream_port, limit=1 << 20)

    async def _ask(self, call):
        while True:
            kept = bool(self._upstream)
            if kept:
                reader, writer = self._upstream.pop()
            else:
                reader, writer = await self._connect()
            if reader.at_eof():
                writer.close()
                continue
            try:
                writer.write(call.raw)
                await writer.drain()
                head = await reader.readuntil(b"\r\n\r\n")
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                writer.close()
                # A connection that was idle may have been closed as the call was written, which then was not read.
                if kept and not getattr(error, "partial", b""):
                    continue
                raise
            except BaseException:
                writer.close()
                raise
            status = int(head.split(b" ", 2)[1])
            headers = parse_headers(head)
            body = b"" if status in (204, 304) else await read_body(reader, headers)
            self._upstream.append((reader, writer))
            return status, head + body

    # ---- What the functions did ----

    def _is_run(self, call):
        """Whether a handler makes this call: a state that is older than what stands there is left out, on purpose."""
        return self.tables.get(json.loads(call.body)["TableName"]) == "projection"

    def _note(self, call, process, applied, clean):
        """Keeps what a call said of an event: the ledger's work items, the runs of handlers, and dead letters."""
        if call.name not in ("dynamodb PutItem", "dynamodb UpdateItem", "sqs SendMessage"):
            return
        content = json.loads(call.body)
        pid = process.pid if process else 0
        if call.service == "sqs":
            if content["QueueUrl"] == self.dlq_url:
                ticket = json.loads(content["MessageBody"])
                write = Write(time.time(), pid, call.operation, "letter", 0, applied, clean)
                self.writes[f"{ticket['source']}#{ticket['id']}"].append(write)
            return
        table = self.tables.get(content["TableName"])
        item = content.get("Item", {})
        if table == "ledger" and item.get("sk") == {"S": "work"}:
            state, attempt = item["state"]["S"], int(item["attempt"]["N"])
            write = Write(time.time(), pid, call.operation, state, attempt, applied, clean)
            self.writes[item["pk"]["S"]].append(write)
        if table == "projection":
            event = event_of_projection(content)
            if applied and any(w.operation == call.operation and w.applied for w in self.writes[event]):
                self.counted_again[event] += 1
            self.writes[event].append(Write(time.time(), pid, call.operation, "run", 0, applied, clean))


def event_of_projection(content):
    """The ledger key of the event whose handler writes this: a count of runs has it as its own, and what is kept of an
    invoice is named after its event, since in this run each event is about a thing of its own."""
    if "Key" in content:
        key = content["Key"]["pk"]["S"]
        return key.replace("credit#", f"{BANK}#", 1) if key.startswith("credit#") else key
    source, _, id = content["Item"]["pk"]["S"].split("#", 2)
    return f"{source}#{id}"


@dataclass(frozen=True)
class Call:
    raw: bytes
    body: bytes
    service: str
    name: str
    operation: str

    @classmethod
    async def read(cls, reader):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        headers = parse_headers(head)
        body = await read_body(reader, headers)
        service, _, action = headers.get("x-amz-target", "").partition(".")
        if service:
            service = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs"}.get(service, service)
        else:
            service, action = "s3", head.split(b" ", 1)[0].decode().capitalize() + "Object"
        return cls(head + body, body, service, f"{service} {action}", headers.get("amz-sdk-invocation-id", ""))


def parse_headers(head):
    lines = head.decode("latin-1").split("\r\n")[1:-2]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def read_body(reader, headers):
    if "chunked" not in headers.get("transfer-encoding", ""):
        return await reader.readexactly(int(headers.get("content-length", 0)))
    raw = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        raw += line + await reader.readexactly(size + 2)
        if size == 0:
            return raw
