"""The metrics of every service of a running `make up`, as Prometheus would read them."""

from __future__ import annotations

import signal
import urllib.request
from collections.abc import Iterator, Mapping

from deploy.local.supervisor import STOP_ORDER


def endpoints(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Service and address of its metrics; the gateway's are on its HTTP port."""
    for service in STOP_ORDER:
        port = told["HTTP_PORT"] if service == "gateway" else told.get(f"{service.upper()}_METRICS_PORT")
        if port:
            yield service, f"http://127.0.0.1:{port}/metrics"


def show(told: Mapping[str, str]) -> None:
    """Prints them, each line led by its service; comments left out."""
    # Into `head` or `less` that has seen enough: ends without a word.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for service, url in endpoints(told):
        with urllib.request.urlopen(url, timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if not line.startswith("#"):
                    print(f"{service} {line}")
