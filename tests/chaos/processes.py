"""The processes of the functions: the children of this stack's MiniStack, and no others."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    function: str


def children(ministack):
    """The functions' processes that are alive."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            # "pid (name) state parent ..."; the name may hold anything.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == ministack and state != "Z" and (process := look(int(folder.name))):
            found.append(process)
    return sorted(found, key=lambda process: process.pid)


def look(pid):
    try:
        environment = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return None
    name = next((line for line in environment if line.startswith(b"AWS_LAMBDA_FUNCTION_NAME=")), None)
    return Process(pid, name.split(b"=", 1)[1].decode()) if name else None


class Owners:
    """Whose connections are whose. Asked for many connections at once, since each answer takes a look at every handle of every
    process; and it remembers which processes there are."""

    def __init__(self, ministack):
        self.ministack = ministack
        self.known = []

    def of(self, ports, peer_port):
        """The functions' processes whose ends of connections to `peer_port` are these, each by its port."""
        peer, wanted = f"0100007F:{peer_port:04X}", {}
        for line in (PROC / "net" / "tcp").read_text().splitlines():
            fields = line.split()
            if fields[2] == peer and (port := int(fields[1].rpartition(":")[2], 16)) in ports:
                # Of no handle is what was closed at that end, or whose process is dead.
                wanted[f"socket:[{fields[9]}]"] = port
        wanted.pop("socket:[0]", None)
        found = self._holders(wanted)
        if len(found) < len(wanted):
            self.known = children(self.ministack)
            found = self._holders(wanted)
        return found

    def _holders(self, wanted):
        found = {}
        for process in self.known:
            try:
                for handle in os.scandir(f"/proc/{process.pid}/fd"):
                    try:
                        port = wanted.get(os.readlink(handle.path))
                    except OSError:
                        continue
                    if port is not None:
                        found[port] = process
            except OSError:
                continue
        return found


def parent_of(pid):
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def kill(pid, ministack):
    """Kills one of the functions' processes as if its machine were gone. Returns whether it was there."""
    if parent_of(pid) != ministack:
        return False
    os.kill(pid, signal.SIGKILL)
    return True
