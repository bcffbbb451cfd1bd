"""TCP ports of this machine's loopback: a free one, and whether one is taken."""

import secrets
import socket

LOOPBACK = "127.0.0.1"
# Outgoing connections and servers on "any port" get theirs from 32768 (Linux) or 49152 (others) upwards.
_NOT_HANDED_OUT = range(20_000, 32_768)


def free_port() -> int:
    """A port nobody listens on now, one that no system hands out by itself, so that it is still free when it is used.

    Only another caller may take it meanwhile, which is one chance in thousands.
    """
    return next(port for port in iter(lambda: secrets.choice(_NOT_HANDED_OUT), None) if not is_busy(port))


def is_busy(port: int) -> bool:
    """Whether a server could not bind this port. Binding tells more than connecting: a full backlog refuses callers."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
