"""What the e-mail channel needs: a mailbox to read and write, and a memory of how far it was read."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.gateway.domain.outbox import SendOutcome


class MailAway(Exception):
    """The provider is away, slow, or (`refused`) does not let us in: nothing was read."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class MarkLost(Exception):
    """The mailbox no longer knows what came after the mark: what is recent has to be read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as the mailbox has it. `mail_id` and `thread_id` are the mailbox's own."""

    mail_id: str
    raw: bytes = field(repr=False)
    thread_id: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Mails in the order they came, and the mark once they are stored; empty while there is more before it."""

    mails: tuple[Mail, ...]
    mark: str


class Mailbox(Protocol):
    """One address at a mail provider. Every method but `send` raises MailAway."""

    @property
    def address(self) -> str:
        """Ours, in lower case."""

    async def latest(self) -> str:
        """The mark of this moment: what comes later is after it."""

    def after(self, mark: str) -> AsyncGenerator[Batch, None]:
        """What came after the mark. Raises MarkLost."""

    def recent(self) -> AsyncGenerator[Batch, None]:
        """What came in the last days, for when the mark is lost."""

    def is_behind(self, mark: str, told: str) -> bool:
        """Whether a mark that was told of is later than ours."""

    async def send(self, raw: bytes, *, thread_id: str) -> SendOutcome:
        """Hands one mail over. Never raises."""

    async def find_sent(self, message_id: str) -> str:
        """The mailbox's id of a mail of ours that has this Message-ID; empty when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The right to read a mailbox, from a mark on. A write with a fence that is no longer the newest is refused."""

    address: str
    mark: str
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The mail that an answer answers."""

    message_id: str
    references: tuple[str, ...] = ()
    subject: str = ""
    thread_id: str = ""


class Marks(Protocol):
    """How far each mailbox was read, by one replica at a time. Every method raises Down when the store is away."""

    async def tell(self, address: str, mark: str) -> None:
        """Somebody said that there is news up to `mark`; kept until it was read."""

    async def claim(self, address: str, *, now: datetime, lease: timedelta) -> Reading | None:
        """The right to read, or None while another replica has it."""

    async def move(self, reading: Reading, mark: str, *, now: datetime, lease: timedelta) -> None:
        """Everything up to `mark` is stored. Raises Conflict(LOCK_LOST)."""

    async def release(self, reading: Reading) -> str:
        """Gives the right back; returns the newest mark that was told of meanwhile."""

    async def claim_watch(self, address: str, *, now: datetime, again: datetime) -> bool:
        """True once over all replicas when the watch is to be renewed; it is due again at `again`."""

    async def watched(self, address: str, *, until: datetime) -> None:
        """The watch was renewed and is due again at `until`."""


class Threads(Protocol):
    """What answers need to know of the mails they answer."""

    async def add(self, key: str, *, mailbox: str, guest: str, thread: Thread, now: datetime) -> None:
        """Keeps one; known keys are left alone."""

    async def find(self, *, mailbox: str, guest: str, key: str) -> Thread | None:
        """The mail with this key; without one the guest's newest to this mailbox."""
