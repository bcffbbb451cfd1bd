"""A guest's end of a conversation: what they did, what they are offered, and what has to be said again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotel.common.v1 import channel_pb2

from services.orchestrator.rehearse.house import House
from services.orchestrator.rehearse.lines import directory
from services.orchestrator.rehearse.lines.line import Got, Sent
from services.orchestrator.rehearse.script import Turn


class Guest:
    """One person on one channel."""

    def __init__(self, house: House, *, channel: str, address: str, key: str) -> None:
        self.sent: list[str] = []
        self.texts: list[str] = []
        self.offered: list[tuple[str, str]] = []
        self._house = house
        self._key = key
        self._named = address.removeprefix("+")
        self._line = directory.line(house, channel=directory.channel_of(channel), address=address)
        self._last: Sequence[Sent] = ()
        self._waiting: list[Sequence[Sent]] = []

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return self._line.identity

    @property
    def address(self) -> str:
        """By which the hotel knows them."""
        address: str = self.identity.address
        return address

    async def open(self) -> None:
        """What comes before the first message."""
        await self._line.open()

    async def send(self, turns: Sequence[Turn], *, times: int) -> None:
        """These messages at once, the whole delivered `times` times."""
        self._last = [self._message(turn) for turn in turns]
        for _ in range(times):
            await self.redeliver()

    async def redeliver(self) -> None:
        """What was sent last reaches the hotel once more."""
        if self._last and not await self._delivered(self._last):
            self._waiting.append(self._last)

    async def deliver_what_waits(self) -> None:
        """What the hotel could not take reaches it again, as providers repeat it for days."""
        waiting, self._waiting = self._waiting, []
        self._waiting = [messages for messages in waiting if not await self._delivered(messages)]

    async def received(self) -> list[Got]:
        """Messages that came since the last look."""
        found = await self._line.received()
        for message in found:
            self.offered += message.choices
        return found

    async def _delivered(self, messages: Sequence[Sent]) -> bool:
        return self._house.gateway_reachable and await self._line.deliver(messages)

    def _message(self, turn: Turn) -> Sent:
        message_id = f"wamid.{self._key}.{self._named}.{len(self.sent) + 1}"
        self.sent.append(message_id)
        self.texts.append(str(turn.content) if turn.kind in ("g", "voice") else "")
        content, options = self._resolved(turn)
        return Sent(
            message_id=message_id, kind=turn.kind, content=content, options=options, time=self._house.clock.now()
        )

    def _resolved(self, turn: Turn) -> tuple[Any, Mapping[str, Any]]:
        """Content and options with targets as message ids; a choice that is on offer may be named by its title."""
        match turn.kind:
            case "button":
                title = str(turn.content).casefold()
                known = next((key for key, words in reversed(self.offered) if words.casefold() == title), None)
                return known or turn.content, {"title": str(turn.content), **turn.options}
            case "reaction":
                target = turn.options.get("of")
                return turn.content, {"of": self._target(target) if target else f"wamid.{self._key}.hotel"}
            case "edit":
                return {"of": self._target(turn.content["of"]), "text": turn.content["text"]}, turn.options
            case "revoke":
                return self._target(turn.content), turn.options
            case _:
                return turn.content, turn.options

    def _target(self, named: Any) -> str:
        """A message of the guest: by its number from 1, by its words, `last`, or by its id."""
        earlier = self.sent[:-1]
        if isinstance(named, int) and 1 <= named <= len(earlier):
            return earlier[named - 1]
        if named in ("last", "previous", True) and earlier:
            return earlier[-1]
        return next((key for key, words in zip(earlier, self.texts, strict=False) if words == named), str(named))
