"""Whether a TCP port of this machine is free, and who holds it."""

import errno
import socket

import psutil

from onehost.processes import CANNOT_BE_READ, command_line


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
    """The process that listens on the port, as words for a message; of several, the lowest pid.

    Not `psutil.net_connections()`, which names one of those that share a socket: a worker of the web,
    which its master would start again.
    """
    for pid in sorted(psutil.pids()):
        if port in listened_on(pid):
            return f"process {pid} ({command_line(pid)})"
    return "a process of another user, which you may not see"


def listened_on(pid: int) -> set[int]:
    """The TCP ports a process listens on, none where they may not be read."""
    try:
        found = psutil.Process(pid).net_connections("tcp")
    except CANNOT_BE_READ:
        return set()
    return {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
