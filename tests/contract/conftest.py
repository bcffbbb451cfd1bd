"""Options: the contract suite of the pms backends against a real QloApps."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pms backends")
    group.addoption("--backend", choices=["memory", "builtin", "qloapps"], help="run the suite for this backend alone")
    group.addoption("--qloapps-url", default="", help="a real QloApps with its demo hotel, not the stand-in")
    group.addoption("--qloapps-key", default="", help="a web-service key of it that may do everything")
    group.addoption("--qloapps-host", default="", help="the domain that it is configured with, if not the URL's")
    group.addoption("--qloapps-currency", default="USD", help="a currency that it has")
