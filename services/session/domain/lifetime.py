"""How long a conversation lives: a day of silence ends it; the guest and the history stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.session.domain.turn import Author

DEFAULT_SILENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """The expiry rule. `silence` is a setting of the hotel."""

    silence: timedelta = DEFAULT_SILENCE

    def ends_after(self, now: datetime) -> datetime:
        """When a conversation ends in which somebody spoke at `now`."""
        return now + self.silence


def breaks_silence(author: Author) -> bool:
    """Guest and staff keep a conversation alive; reminders that nobody answers and notes do not."""
    return author in (Author.GUEST, Author.STAFF)
