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
    """Whose connections are whose. Asked for each connection, so it remembers which processes there are."""

    def __init__(self, ministack):
        self.ministack = ministack
        self.known = []

    def of(self, port, peer_port):
        """The function's process whose end of the connection to `peer_port` is `port`."""
        connections = (PROC / "net" / "tcp").read_text()
        at = connections.find(f"0100007F:{port:04X} 0100007F:{peer_port:04X}")
        if at < 0:
            return None
        inode = connections[at : connections.find(chr(10), at)].split()[8]
        if inode == "0":
            # Nobody's any more: closed at that end, or its process is dead. To look for its holder would take long, and the
            # more calls are late, the more of these there are.
            return None
        inode = f"socket:[{inode}]"
        found = self._holder(inode)
        if found is None:
            self.known = children(self.ministack)
            found = self._holder(inode)
        return found

    def _holder(self, inode):
        # The youngest are the likeliest to connect.
        for process in reversed(self.known):
            try:
                for handle in os.scandir(f"/proc/{process.pid}/fd"):
                    try:
                        if os.readlink(handle.path) == inode:
                            return process
                    except OSError:
                        continue
            except OSError:
                continue
        return None


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
