"""What went wrong, looked at turn by turn, and tried again or let go."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.clock import Clock
from mesh.errors import Conflict

from services.gateway.ports import Inbox
from services.gateway.staff.adapters.dead_letters import PostgresDeadLetters, no_letter
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.dead_letter import DeadLetter, OpenedLetter
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person
from services.gateway.staff.logbook import Logbook

_AT_ONCE = 100


class Recovery:
    """One for the process. Every method raises NotAllowed without the right, Down when the store is away."""

    def __init__(self, *, letters: PostgresDeadLetters, inbox: Inbox, logbook: Logbook, clock: Clock) -> None:
        self._letters = letters
        self._inbox = inbox
        self._logbook = logbook
        self._clock = clock

    async def listed(self, person: Person, *, after: str = "", size: int = 50) -> tuple[Sequence[DeadLetter], str]:
        """A page without anybody's words, and what the next one begins after; empty at the end."""
        person.must(Right.RECOVERY)
        await self._logbook.saw(person, Action.DEAD_LETTERS_LISTED)
        found = await self._letters.page(after=after, size=size + 1)
        return found[:size], found[size - 1].turn_id if len(found) > size else ""

    async def open(self, person: Person, turn_id: str) -> OpenedLetter:
        """One with its guest and its words. Raises NotFound."""
        person.must(Right.RECOVERY)
        letter = await self._letters.open(turn_id)
        await self._logbook.saw(person, Action.DEAD_LETTER_READ, turn_id)
        return letter

    async def replay(self, person: Person, turn_id: str) -> None:
        """Gives one its tries again, under its own id. Raises NotFound, Conflict while its conversation is busy."""
        person.must(Right.RECOVERY)
        await self._logbook.did(person, Action.DEAD_LETTERS_REPLAYED, turn_id)
        if not await self._inbox.replay_parked(now=self._clock.now(), turn_id=turn_id):
            await self._letters.open(turn_id)
            raise Conflict("VERSION_MISMATCH", "another turn of the conversation is being answered; try again")

    async def replay_all(self, person: Person) -> int:
        """The oldest, one of each conversation, at most a hundred; returns how many."""
        person.must(Right.RECOVERY)
        await self._logbook.did(person, Action.DEAD_LETTERS_REPLAYED, "")
        return await self._inbox.replay_parked(now=self._clock.now(), limit=_AT_ONCE)

    async def discard(self, person: Person, turn_id: str) -> None:
        """Lets one go: it is settled and nobody is answered. Raises NotFound."""
        person.must(Right.RECOVERY)
        await self._logbook.did(person, Action.DEAD_LETTER_DISCARDED, turn_id)
        if not await self._inbox.discard_parked(turn_id, now=self._clock.now()):
            raise no_letter()
