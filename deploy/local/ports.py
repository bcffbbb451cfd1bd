"""TCP ports of this machine's loopback: a free one, and whether one is taken."""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on now; somebody may take it before it is used, so its user must be ready to ask again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_busy(port: int) -> bool:
    """Whether a server could not bind this port. Binding tells more than connecting: a full backlog refuses callers."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
