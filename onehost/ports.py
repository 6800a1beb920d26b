"""Who holds a TCP port of this machine, read from /proc."""

import contextlib
import errno
import os
import socket

from onehost.processes import PROC, all_pids, command_line

LISTENING = "0A"  # the kernel's code for a socket that listens


def is_free(host: str, port: int) -> bool:
    """True when the port can be listened on; other refusals (a port below 1024, say) are raised."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def holder(port: int) -> str:
    """The process that listens on the port, as words for a message."""
    inodes = listening_inodes(port)
    for pid in sorted(all_pids()):
        if inodes & socket_inodes(pid):
            return f"process {pid} ({command_line(pid)})"
    return "a process of another user, which you may not see"


def listening_inodes(port: int) -> set[str]:
    """The inodes of the sockets listening on a port."""
    inodes = set()
    for table in (PROC / "net" / "tcp", PROC / "net" / "tcp6"):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


def socket_inodes(pid: int) -> set[str]:
    """The inodes of a process's open sockets, none where they may not be read."""
    inodes = set()
    with contextlib.suppress(OSError):
        for entry in os.listdir(PROC / str(pid) / "fd"):
            with contextlib.suppress(OSError):  # closed since it was listed
                link = os.readlink(PROC / str(pid) / "fd" / entry)
                inodes.add(link.removeprefix("socket:[").removesuffix("]"))
    return inodes
