"""Plays one dialogue from beginning to end and tells what was wanted and did not come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from mesh.inprocess import Registry
from mesh.settings import ConfigurationError

from services.orchestrator.rehearse.checks import Seen, check, codes_made
from services.orchestrator.rehearse.events import Events
from services.orchestrator.rehearse.guest import Guest
from services.orchestrator.rehearse.house import House, house
from services.orchestrator.rehearse.lines import directory
from services.orchestrator.rehearse.records import Recorded, Records
from services.orchestrator.rehearse.script import Dialogue, Turn
from services.orchestrator.rehearse.stores import Databases
from services.orchestrator.rehearse.wording_facts import says

# Turns without words of the guest are checked for the number of replies only when it is named.
_WORDLESS = ("reaction", "event", "revoke")


@dataclass(slots=True, kw_only=True)
class Played:
    """A dialogue that was played: what was said, and every problem with the turn it was seen in."""

    dialogue: Dialogue
    transcript: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.problems


async def rehearse(dialogue: Dialogue, databases: Databases, nlp: Registry, *, hotel_file: str = "") -> Played:
    """Plays a dialogue in a house of its own. Raises ConfigurationError when the hotel cannot be built."""
    played = Played(dialogue=dialogue)
    begun = time.perf_counter()
    async with (
        _as_problems(played),
        databases.empty() as postgres_url,
        house(
            start=dialogue.clock,
            postgres_url=postgres_url,
            redis_url=databases.redis_url,
            nlp=nlp,
            meta=dialogue.meta,
            hotel_file=hotel_file,
            flags=dialogue.flags,
            troubled=dialogue.troubled,
            channels=dialogue.channels,
        ) as hotel,
    ):
        await _Player(hotel, played).play()
    played.seconds = time.perf_counter() - begun
    return played


@asynccontextmanager
async def _as_problems(played: Played) -> AsyncIterator[None]:
    """A dialogue that breaks fails, and the others go on; a hotel that cannot be built is the file's fault."""
    try:
        yield
    except (ConfigurationError, asyncio.CancelledError):
        raise
    except Exception as error:
        played.problems.append(f"cannot be played on: {type(error).__name__}: {error}")


class _Player:
    """One dialogue under way."""

    def __init__(self, hotel: House, played: Played) -> None:
        self._house = hotel
        self._played = played
        self._dialogue = played.dialogue
        self._events = Events(hotel, played.dialogue.id)
        self._records = Records(hotel)
        self._guests: dict[tuple[str, str], Guest] = {}
        self._written: list[str] = []
        self._codes: list[str] = []
        self._said: list[str] = []

    async def play(self) -> None:
        for service, state in self._dialogue.faults.items():
            self._house.fault(service, state)
        for number, turn in enumerate(self._dialogue.turns, start=1):
            problems = await self._turn(turn)
            self._played.problems += [f"turn {number}: {problem}" for problem in problems]
        self._played.problems += [
            f"{name} must never happen" for name in self._dialogue.never_pms if name in self._written
        ]
        said = "\n".join(self._said)
        self._played.problems += [f"says {fact!r}" for fact in self._dialogue.never_says if says(said, fact)]

    async def _turn(self, turn: Turn) -> list[str]:
        match turn.kind:
            case "event":
                guest = await self._guest_of_event(turn)
                for event in turn.content:
                    self._tell(f"event: {_brief(event)}")
                    await self._events.play(event, guest)
                await self._house.settle()
                seen = (await self._seen([guest]))[guest]
                return _checked(turn, seen)
            case "concurrent":
                return await self._at_once(turn)
            case "burst":
                guest, parts = await self._guest(turn), turn.parts
            case _:
                guest, parts = await self._guest(turn), (turn,)
        for part in parts:
            self._tell(f"guest: {_shown(part)}")
        await guest.send(parts, times=turn.times)
        await self._house.settle()
        return _checked(turn, (await self._seen([guest]))[guest])

    async def _at_once(self, turn: Turn) -> list[str]:
        """Several guests write at the same moment."""
        guests = [await self._guest(part) for part in turn.parts]
        for guest, part in zip(guests, turn.parts, strict=True):
            self._tell(f"guest {guest.address}: {_shown(part)}")
        await asyncio.gather(
            *(guest.send([part], times=part.times) for guest, part in zip(guests, turn.parts, strict=True))
        )
        await self._house.settle()
        by_guest = await self._seen(guests)
        problems = []
        for guest, part in zip(guests, turn.parts, strict=True):
            problems += [f"{guest.address}: {problem}" for problem in _checked(part, by_guest[guest])]
        together = Seen()
        for seen in by_guest.values():
            together.replies += seen.replies
            together.outcomes += seen.outcomes
        return problems + (check(together, {"replies": len(together.replies), **turn.want}) if turn.want else [])

    async def _seen(self, guests: list[Guest]) -> dict[Guest, Seen]:
        """What each guest got, and what the hotel did about it."""
        news = await self._records.news()
        self._written += [item.operation for one in news for item in one.outcome.pms_operations if item.succeeded]
        self._codes += codes_made([one.outcome for one in news])
        found: dict[Guest, Seen] = {}
        for guest in dict.fromkeys(guests):
            mine = [one for one in news if one.address == guest.address]
            seen = Seen(outcomes=[one.outcome for one in mine], codes=list(self._codes))
            seen.send_after = next((one.send_after for one in reversed(mine) if one.send_after), None)
            await self._replies(guest, mine, seen)
            for reply in seen.replies:
                self._tell(f"hotel: {reply}")
            self._said += seen.replies
            found[guest] = seen
        return found

    @staticmethod
    async def _replies(guest: Guest, mine: list[Recorded], seen: Seen) -> None:
        for message in await guest.received():
            # A template has no words of its own here: they are those it was made from.
            seen.replies.append(message.words or "\n".join(text for one in mine for text in one.texts))
            seen.choices = list(message.choices)

    async def _guest_of_event(self, turn: Turn) -> Guest:
        scheduled = next((str(event["for"]) for event in turn.content if "scheduled" in event), None)
        if not scheduled or turn.sender:
            return await self._guest(turn)
        identity = await self._events.booker(scheduled)
        known = next((guest for guest in self._guests.values() if guest.address == identity.address), None)
        channel = directory.channel_of_identity(identity)
        return known or await self._guest(replace(turn, sender=identity.address, channel=channel))

    async def _guest(self, turn: Turn) -> Guest:
        channel = directory.channel_of(turn.channel or self._dialogue.channel)
        address = turn.sender or self._dialogue.sender
        key = (channel, address.removeprefix("+"))  # a number is one telephone in both ways to write it
        if key not in self._guests:
            guest = Guest(self._house, channel=channel, address=address, key=self._dialogue.id)
            await guest.open()
            self._guests[key] = guest
        return self._guests[key]

    def _tell(self, line: str) -> None:
        self._played.transcript.append(line)


def _checked(turn: Turn, seen: Seen) -> list[str]:
    if turn.want is None:
        return []
    want: Mapping[str, Any] = turn.want
    if turn.kind in _WORDLESS and "replies" not in want:
        want = {**want, "replies": len(seen.replies)}
    return check(seen, want)


def _shown(turn: Turn) -> str:
    return str(turn.content) if turn.kind == "g" else f"[{turn.kind}] {turn.content or ''}".rstrip()


def _brief(event: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in event.items())
