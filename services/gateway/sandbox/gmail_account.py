"""A Gmail mailbox in memory, with Gmail's own habits: a history that grows, is paged, and is forgotten."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """One mail. `history_id` is the record by which it was added."""

    mail_id: str
    thread_id: str
    history_id: int
    labels: tuple[str, ...]
    raw: bytes = field(repr=False)


class HistoryForgotten(Exception):
    """The start is older than what the history keeps."""


class GmailAccount:
    """Mails of one address. History ids begin with the time, so that a restarted sandbox never goes back."""

    def __init__(self, *, page: int = 100) -> None:
        self._page = page
        self._mails: list[StoredMail] = []
        self.history_id = int(time.time())
        self._kept_from = self.history_id

    def add(self, raw: bytes, *, labels: tuple[str, ...] = ("INBOX", "UNREAD"), thread_id: str = "") -> StoredMail:
        """A mail arrives or is sent."""
        self.history_id += 3
        mail_id = secrets.token_hex(8)
        mail = StoredMail(
            mail_id=mail_id, thread_id=thread_id or mail_id, history_id=self.history_id, labels=labels, raw=raw
        )
        self._mails.append(mail)
        return mail

    def forget_history(self) -> None:
        """Starts before this moment are answered with 404 from now on."""
        self._kept_from = self.history_id + 1
        self.history_id += 1

    def delete(self, mail_id: str) -> None:
        """The mail is gone; its history stays."""
        self._mails = [mail if mail.mail_id != mail_id else _emptied(mail) for mail in self._mails]

    def get(self, mail_id: str) -> StoredMail | None:
        return next((mail for mail in self._mails if mail.mail_id == mail_id and mail.raw), None)

    def after(self, start: int, place: int) -> tuple[list[StoredMail], int | None]:
        """A page of what was added to the inbox after `start`, and the next place. Raises HistoryForgotten."""
        if start < self._kept_from:
            raise HistoryForgotten
        return self._paged([mail for mail in self._mails if mail.history_id > start and "INBOX" in mail.labels], place)

    def newest(self, place: int, *, label: str = "INBOX") -> tuple[list[StoredMail], int | None]:
        """A page of a label's mails, newest first, and the next place."""
        return self._paged([mail for mail in reversed(self._mails) if label in mail.labels and mail.raw], place)

    def _paged(self, mails: list[StoredMail], place: int) -> tuple[list[StoredMail], int | None]:
        end = place + self._page
        return mails[place:end], end if end < len(mails) else None


def _emptied(mail: StoredMail) -> StoredMail:
    return StoredMail(
        mail_id=mail.mail_id, thread_id=mail.thread_id, history_id=mail.history_id, labels=mail.labels, raw=b""
    )
