"""Wakes those who wait for news in this process, so that they need not ask as often."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung after every write; take a `Ring` before looking, wait on it after."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wakes everybody who waits."""
        self._next.set()
        self._next = asyncio.Event()

    def listen(self) -> asyncio.Event:
        """The next ring; what rings between looking and waiting is not missed."""
        return self._next
