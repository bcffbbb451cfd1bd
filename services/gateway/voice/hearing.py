"""The voice notes of a turn, heard before the orchestrator gets it: bounded in time, never in the way of other guests.

Nothing is written: a turn that is repeated after a crash hears its notes again, and the orchestrator answers a repeated
turn with what it said the first time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from mesh.errors import DomainError
from mesh.telemetry import get_logger

from services.gateway.domain.inbox import Turn
from services.gateway.domain.message import Channel, InboundMessage, Voice
from services.gateway.metrics import VOICE_NOTES
from services.gateway.ports import Outbox
from services.gateway.voice.ports import MediaSource, NotYet, Transcriber, Unheard

_REMEMBERED = 64
_BUSY = timedelta(seconds=5)
log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingPolicy:
    """How much is heard at once, and how long a guest waits before being asked to write instead.

    `places` are the turns that may hear or wait for it: fewer than the dispatcher's workers, so that others go on.
    """

    most_bytes: int = 16 * 1024 * 1024
    at_once: int = 2
    places: int = 8
    seconds: float = 60.0
    tries: int = 4


class Hearing:
    """Fills in the transcripts of a turn."""

    def __init__(
        self,
        *,
        sources: Mapping[Channel, MediaSource],
        transcriber: Transcriber,
        outbox: Outbox,
        policy: HearingPolicy,
    ) -> None:
        """The outbox tells the conversation's language: that of our last message."""
        self._sources = sources
        self._transcriber = transcriber
        self._outbox = outbox
        self._policy = policy
        self._seats = asyncio.Semaphore(policy.at_once)
        self._inside = 0
        # What this replica has heard of late: the orchestrator's being away must not make us hear it again.
        self._heard: OrderedDict[tuple[Channel, str], Voice] = OrderedDict()

    async def hear(self, turn: Turn) -> Turn | timedelta:
        """The turn with its voice notes heard, or how long to wait before trying again. Never raises."""
        if not any(_to_be_heard(message) for message in turn.messages):
            return turn
        last_try = turn.tries >= self._policy.tries
        if self._inside >= self._policy.places:
            return self._given_up(turn) if last_try else _BUSY
        self._inside += 1
        try:
            async with self._seat():
                language = await self._language(turn)
                return replace(turn, messages=tuple([await self._message(turn, m, language) for m in turn.messages]))
        except NotYet as error:
            log.warning("voice_not_heard_yet", turn_id=turn.turn_id, tries=turn.tries, reason=error.reason)
            return self._given_up(turn) if last_try else timedelta(seconds=error.seconds)
        finally:
            self._inside -= 1

    @asynccontextmanager
    async def _seat(self) -> AsyncIterator[None]:
        """One of the few at which notes are heard. Raises NotYet when none is free in time."""
        try:
            async with asyncio.timeout(self._policy.seconds):
                await self._seats.acquire()
        except TimeoutError:
            raise NotYet("too many before it", _BUSY.total_seconds()) from None
        try:
            yield
        finally:
            self._seats.release()

    async def _message(self, turn: Turn, message: InboundMessage, language: str) -> InboundMessage:
        if not isinstance(message.body, Voice) or not _to_be_heard(message):
            return message
        key = (message.sender.channel, message.body.media_id)
        voice = self._heard.get(key) or await self._voice(turn, message, message.body, language)
        self._heard[key] = voice
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return replace(message, body=voice)

    async def _voice(self, turn: Turn, message: InboundMessage, voice: Voice, language: str) -> Voice:
        source = self._sources.get(message.sender.channel)
        try:
            if source is None:
                raise Unheard("unsupported")
            async with asyncio.timeout(self._policy.seconds):
                recording = await source.fetch(voice.media_id, most_bytes=self._policy.most_bytes)
                heard = await self._transcriber.transcribe(
                    recording,
                    property_id=message.property_id,
                    guest=turn.conversation.conversation_id,
                    language=language,
                )
        except TimeoutError:
            raise NotYet("too slow", 1.0) from None
        except Unheard as error:
            VOICE_NOTES.labels(error.failure).inc()
            log.warning("voice_not_heard", turn_id=turn.turn_id, failure=error.failure)
            return replace(voice, failure=error.failure)
        VOICE_NOTES.labels("heard" if heard.text else "silent").inc()
        return replace(voice, transcript=heard.text, confidence=heard.confidence, words=heard.words)

    def _given_up(self, turn: Turn) -> Turn:
        """Without the words: the guest is asked to write, which is better than no answer."""
        log.error("voice_given_up", turn_id=turn.turn_id, tries=turn.tries)
        VOICE_NOTES.labels("failed").inc(sum(_to_be_heard(message) for message in turn.messages))
        return replace(turn, messages=tuple(_without_words(message) for message in turn.messages))

    async def _language(self, turn: Turn) -> str:
        try:
            page = await self._outbox.page(turn.conversation.conversation_id, before=None, size=1)
        except DomainError:
            return ""
        return page.messages[0].content.language if page.messages else ""


def _without_words(message: InboundMessage) -> InboundMessage:
    if not isinstance(message.body, Voice) or not _to_be_heard(message):
        return message
    return replace(message, body=replace(message.body, failure="failed"))


def _to_be_heard(message: InboundMessage) -> bool:
    """A forwarded note is heard too: whose words they are is for the orchestrator to judge."""
    return isinstance(message.body, Voice) and not message.body.transcript and not message.body.failure
