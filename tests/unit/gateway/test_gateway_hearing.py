"""Voice notes of a turn: what is filled in, what is tried again, and when the guest is asked to write instead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.gateway.domain.inbox import RetryPolicy, Turn
from services.gateway.domain.message import Channel, HeardWord, InboundMessage, OutboundMessage, Text, Voice
from services.gateway.inbox.turns import TurnRunner
from services.gateway.voice.hearing import Hearing, HearingPolicy
from services.gateway.voice.ports import Heard, NotYet, Recording, Unheard
from services.gateway.voice.scripted import MemoryMedia, Outcome, ScriptedTranscriber
from tests.support.gateway_house import House
from tests.support.gateway_stores import NOW, SECOND, Stores, memory_stores, said, written
from tests.support.polling import until

NOTE = Recording(audio=b"OggS note", mime_type="audio/ogg; codecs=opus")
DOUBLE = Heard(
    text="quiero una doble",
    confidence=0.8,
    words=(HeardWord(text="quiero", confidence=0.9), HeardWord(text="doble", confidence=0.6)),
)


def note(message_id: str = "v1", media_id: str = "m1") -> InboundMessage:
    return written(Voice(media_id=media_id, mime_type=NOTE.mime_type), message_id)


async def claimed(stores: Stores, *messages: InboundMessage) -> Turn:
    await stores.receive(*messages)
    return await stores.claim(NOW + 6 * SECOND)


def hearing(
    stores: Stores,
    outcome: Outcome | list[Outcome] = DOUBLE,
    *,
    policy: HearingPolicy | None = None,
    transcriber: ScriptedTranscriber | None = None,
) -> Hearing:
    return Hearing(
        sources={Channel.WHATSAPP: MemoryMedia({"m1": NOTE, "m2": Recording(audio=b"x" * 100, mime_type="audio/ogg")})},
        transcriber=transcriber or ScriptedTranscriber({NOTE.audio: outcome}),
        outbox=stores.outbox,
        policy=policy or HearingPolicy(),
    )


async def test_a_turn_without_voice_is_left_as_it_is() -> None:
    stores = memory_stores()
    turn = await claimed(stores, said("hola", "t1"))
    assert await hearing(stores).hear(turn) is turn


async def test_words_and_their_confidence_are_filled_in_and_the_rest_stays() -> None:
    stores = memory_stores()
    turn = await claimed(stores, said("hola", "t1"), note())
    heard = await hearing(stores).hear(turn)
    assert isinstance(heard, Turn)
    assert (heard.turn_id, heard.lease) == (turn.turn_id, turn.lease)
    first, second = heard.messages
    assert first.body == Text(text="hola")
    assert second.body == Voice(
        media_id="m1", mime_type=NOTE.mime_type, transcript=DOUBLE.text, confidence=0.8, words=DOUBLE.words
    )


async def test_the_language_of_the_conversation_is_passed_on() -> None:
    stores, transcriber = memory_stores(), ScriptedTranscriber({NOTE.audio: DOUBLE})
    first = await claimed(stores, said("hi", "t1"))
    replies = [OutboundMessage(text="Hello!", language="en")]
    await stores.inbox.complete(first, replies, now=NOW + 6 * SECOND, traceparent="")
    await stores.receive(note(), now=NOW + 7 * SECOND)
    turn = await stores.claim(NOW + 20 * SECOND)
    await hearing(stores, transcriber=transcriber).hear(turn)
    assert transcriber.asked == [("alameda", turn.conversation.conversation_id, "en")]


@pytest.mark.parametrize("failure", ["too_long", "too_large", "unsupported", "speech_off"])
async def test_what_will_never_be_heard_says_why(failure: str) -> None:
    stores = memory_stores()
    heard = await hearing(stores, Unheard(failure)).hear(await claimed(stores, note()))
    assert isinstance(heard, Turn)
    assert heard.messages[0].body == Voice(media_id="m1", mime_type=NOTE.mime_type, failure=failure)


async def test_a_channel_that_keeps_no_recordings_is_unsupported() -> None:
    stores = memory_stores()
    deaf = Hearing(sources={}, transcriber=ScriptedTranscriber({}), outbox=stores.outbox, policy=HearingPolicy())
    heard = await deaf.hear(await claimed(stores, note()))
    assert isinstance(heard, Turn)
    assert heard.messages[0].body == Voice(media_id="m1", mime_type=NOTE.mime_type, failure="unsupported")


async def test_a_recording_over_the_size_is_not_heard() -> None:
    stores = memory_stores()
    heard = await hearing(stores, policy=HearingPolicy(most_bytes=50)).hear(await claimed(stores, note("v1", "m2")))
    assert isinstance(heard, Turn)
    assert isinstance(heard.messages[0].body, Voice)
    assert heard.messages[0].body.failure == "too_large"


async def test_a_passing_fault_is_waited_for_and_then_the_guest_is_asked_to_write() -> None:
    stores = memory_stores()
    listening = hearing(stores, NotYet("OVERLOADED", 7))
    turn = await claimed(stores, note())
    assert await listening.hear(turn) == timedelta(seconds=7)
    heard = await listening.hear(replace(turn, tries=4))
    assert isinstance(heard, Turn)
    assert heard.messages[0].body == Voice(media_id="m1", mime_type=NOTE.mime_type, failure="failed")


async def test_what_was_heard_is_not_heard_again_when_the_turn_is_repeated() -> None:
    stores, transcriber = memory_stores(), ScriptedTranscriber({NOTE.audio: DOUBLE})
    listening = hearing(stores, transcriber=transcriber)
    turn = await claimed(stores, note())
    assert isinstance(await listening.hear(turn), Turn)
    again = await listening.hear(replace(turn, tries=2))
    assert isinstance(again, Turn)
    assert isinstance(again.messages[0].body, Voice)
    assert again.messages[0].body.transcript == DOUBLE.text
    assert len(transcriber.asked) == 1


class Slow:
    """A transcriber that answers when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.inside = self.most = 0

    async def transcribe(self, recording: Recording, *, property_id: str, guest: str, language: str) -> Heard:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go.wait()
        self.inside -= 1
        return DOUBLE


async def test_so_many_are_heard_at_once_so_many_wait_and_the_others_come_back_later() -> None:
    stores, slow = memory_stores(), Slow()
    media = MemoryMedia({f"m{number}": NOTE for number in range(9)})
    policy = HearingPolicy(at_once=2, places=4)
    listening = Hearing(sources={Channel.WHATSAPP: media}, transcriber=slow, outbox=stores.outbox, policy=policy)
    turn = await claimed(stores, note())
    turns = [replace(turn, turn_id=f"t{number}", messages=(note(f"v{number}", f"m{number}"),)) for number in range(6)]
    work = [asyncio.create_task(listening.hear(one)) for one in turns]
    await until(lambda: slow.inside == 2)
    late = [await work[4], await work[5]]
    assert late == [timedelta(seconds=5)] * 2
    assert slow.most == 2
    slow.go.set()
    heard = await asyncio.gather(*work[:4])
    assert all(isinstance(one, Turn) for one in heard)
    assert slow.most == 2


async def test_nobody_waits_for_ever_for_those_before() -> None:
    stores, slow = memory_stores(), Slow()
    media = MemoryMedia({"m1": NOTE, "m2": NOTE})
    policy = HearingPolicy(seconds=0.05, at_once=1)
    listening = Hearing(sources={Channel.WHATSAPP: media}, transcriber=slow, outbox=stores.outbox, policy=policy)
    first = await claimed(stores, note())
    second = replace(first, turn_id="t2", messages=(note("v2", "m2"),))
    waits = await asyncio.gather(listening.hear(first), listening.hear(second))
    assert all(isinstance(wait, timedelta) for wait in waits)
    slow.go.set()
    assert isinstance(await listening.hear(second), Turn)


async def test_a_note_that_takes_too_long_is_let_go() -> None:
    stores, slow = memory_stores(), Slow()
    policy = HearingPolicy(seconds=0.01)
    listening = Hearing(
        sources={Channel.WHATSAPP: MemoryMedia({"m1": NOTE})}, transcriber=slow, outbox=stores.outbox, policy=policy
    )
    turn = await claimed(stores, note())
    assert isinstance(await listening.hear(turn), timedelta)
    assert isinstance(await listening.hear(replace(turn, tries=4)), Turn)


async def test_a_turn_cut_off_while_it_is_heard_is_heard_again_by_another() -> None:
    house, slow = House(), Slow()
    media = MemoryMedia({"m1": NOTE})

    def runner() -> TurnRunner:
        listening = Hearing(
            sources={Channel.WHATSAPP: media}, transcriber=slow, outbox=house.stores.outbox, policy=HearingPolicy()
        )
        return TurnRunner(
            inbox=house.stores.inbox,
            orchestrator=house,
            restraint=house.restraint,
            retry=RetryPolicy(),
            clock=house.clock,
            chance=lambda: 0.0,
            queued=lambda time: None,
            hear=listening.hear,
        )

    await house.stores.receive(note())
    turn = await house.stores.claim(NOW + 6 * SECOND)
    work = asyncio.create_task(runner().run(turn))
    await until(lambda: slow.inside == 1)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert house.turns == []
    slow.go.set()
    again = await house.stores.claim(NOW + 7 * SECOND, holder="two")
    assert again.turn_id == turn.turn_id
    await runner().run(again)
    assert [turn_id for turn_id, _ in house.turns] == [turn.turn_id]
