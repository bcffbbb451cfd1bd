"""Voice notes: a date or a number that was heard badly makes the whole note doubtful, other words do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hotel.common.v1 import message_pb2

from services.orchestrator.adapters.inbound import inputs_from_proto
from services.orchestrator.domain.analysis import Analysis, Entity
from services.orchestrator.domain.events import Said, VoiceDoubtful
from services.orchestrator.domain.features import AUDIO
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.state import Contact, DialogueState
from services.orchestrator.listening import Listener, Words
from services.orchestrator.ports import Conversation, Reading

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SENTENCE = "quiero una doble del dos al cinco de diciembre"
HOTEL = Hotel(property_id="alameda", name="Alameda", time_zone="UTC", currency="MXN", read_time=NOW)


@dataclass
class Understanding:
    """Finds the dates of the sentence."""

    async def analyze(self, text: str, reading: Reading) -> Analysis:
        start = text.index("del dos")
        date = Entity(type="date", role="check_in", value="2026-12-02", confidence=0.9, start=start, end=start + 7)
        double = text.index("doble")
        room = Entity(type="room_type", value="DBL", confidence=0.9, start=double, end=double + 5)
        return Analysis(language="es", entities=(date, room))


async def heard(badly: str, confidence: float = 0.9) -> object:
    words = [message_pb2.Word(text=word, confidence=0.2 if word == badly else 0.95) for word in SENTENCE.split()]
    voice = message_pb2.VoiceContent(transcript=SENTENCE, confidence=confidence, words=words)
    message = message_pb2.InboundMessage(message_id="m1", voice=voice)
    item = inputs_from_proto(message, doubtful_below=0.6)
    assert isinstance(item, Words)
    state = DialogueState(contact=Contact(channel="whatsapp", address="1")).with_turn(flags=frozenset({AUDIO}))
    conversation = Conversation(session_id="s", property_id="alameda", guest_id="g", version=1, state=state)
    understood = await Listener(Understanding()).listen(conversation, [item], NOW, HOTEL)
    return understood.inputs[0]


async def test_a_number_in_words_that_was_heard_badly_is_doubtful() -> None:
    assert isinstance(await heard("dos"), VoiceDoubtful)


@pytest.mark.parametrize("badly", ["", "quiero", "doble"])
async def test_other_words_may_be_heard_badly(badly: str) -> None:
    assert isinstance(await heard(badly), Said)


async def test_a_note_that_was_heard_badly_as_a_whole_is_doubtful() -> None:
    assert isinstance(await heard("", confidence=0.5), VoiceDoubtful)
