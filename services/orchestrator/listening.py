"""The messages of a turn, understood: every text through nlp, everything else as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mesh.errors import Busy, Down
from mesh.telemetry import get_logger

from services.orchestrator.domain.analysis import Analysis, Entity, Intent
from services.orchestrator.domain.cards import without_card
from services.orchestrator.domain.events import Input, Said, Unreadable, VoiceDoubtful
from services.orchestrator.domain.features import AUDIO
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.ports import Conversation, Nlp, Reading

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text to be understood, of one message. `doubts` are stretches of it that were heard badly, as [start, end);
    `under` is the kind of picture or file that it was written under."""

    message_id: str
    text: str
    forwarded: bool = False
    under: str = ""
    doubtful: bool = False
    doubts: tuple[tuple[int, int], ...] = ()
    spoken: bool = False
    card: bool = False


@dataclass(slots=True, kw_only=True)
class Understood:
    """A turn's inputs as the dialogue takes them, and every intent seen. `failed`: nothing could be understood."""

    inputs: tuple[Input, ...] = ()
    intents: tuple[Intent, ...] = ()
    failed: bool = False


def _known(state: DialogueState) -> dict[str, str]:
    """What was told so far, by slot, the month of days that are still to be told, the end of the stay in hand, and both
    its days while it is to be changed or given up, as the last change that was priced would have them."""
    told = {} if state.settled else {name: slot.value for name, slot in state.slots.items()}
    month = {"month": state.month} if state.month and not state.settled else {}
    booked = state.reservation
    told = told | month | ({"booked_until": booked.stay.check_out.isoformat()} if booked and booked.live else {})
    if state.flow not in ("modification", "cancellation") or booked is None or "check_in" in told:
        return told
    stay = (state.modification.reservation if state.modification else booked).stay
    return {**told, "check_in": stay.check_in.isoformat(), "check_out": stay.check_out.isoformat()}


def _days_of(analysis: Analysis) -> dict[str, str]:
    """The days of a stay that a message tells beyond doubt."""
    days = [item for item in analysis.entities if item.type == "date" and not (item.problem or item.ambiguous)]
    return {item.role: item.value for item in days if item.role in ("check_in", "check_out")}


def _hour_spoken_of(state: DialogueState) -> tuple[str, ...]:
    """The hour that a bare "about three" would be: after the rule of late check-out, or a coming that was told."""
    if state.told_topic == "late_checkout":
        return ("departure_time",)
    coming = state.told_topic in ("early_checkin", "arrival_time") or "arrival_time" in state.slots
    return ("arrival_time",) if coming and state.flow in ("", "modification") else ()


class Listener:
    """Understands turns."""

    def __init__(self, nlp: Nlp) -> None:
        self._nlp = nlp

    async def listen(
        self, conversation: Conversation, inputs: Sequence[Words | Input], now: datetime, hotel: Hotel
    ) -> Understood:
        """What the turn's words mean, in the light of the conversation. With nlp away `failed` is set."""
        state = conversation.state
        reading = Reading(
            language=state.language,
            asked=(*state.asked, *_hour_spoken_of(state)),
            known=_known(state),
            flow=state.flow,
            now=now,
            hotel=hotel,
            guest=conversation.guest_id,
        )
        if AUDIO not in state.turn.flags:
            inputs = [_unheard(item) for item in inputs]
        inputs = [_without_card(item) for item in inputs]
        words = [item for item in inputs if isinstance(item, Words)]
        try:
            analyses = iter(await self._read_in_order(words, reading))
        except (Down, Busy) as error:
            log.warning("nlp_away", reason=error.reason)
            return Understood(failed=True)
        understood = Understood()
        for item in inputs:
            if not isinstance(item, Words):
                understood.inputs += (item,)
                if isinstance(item, Unreadable):
                    understood.intents += (Intent(name="unsupported", confidence=1.0),)
                continue
            analysis = next(analyses)
            understood.inputs += (_input(item, analysis),)
            understood.intents += analysis.intents
        return understood

    async def _read_in_order(self, words: Sequence[Words], reading: Reading) -> list[Analysis]:
        """What each message means in the light of those before it: "for the 3rd of December", "sorry, 4th"."""
        analyses: list[Analysis] = []
        for item in words:
            analyses.append(await self._read(item.text, reading))
            reading = replace(reading, known={**reading.known, **_days_of(analyses[-1])})
        return analyses

    async def _read(self, text: str, reading: Reading) -> Analysis:
        return await self._nlp.analyze(text, reading) if text else Analysis(language=reading.language)


def _without_card(item: Words | Input) -> Words | Input:
    """No card number goes any further than here, nor is its expiry taken for a date of a stay."""
    rest = without_card(item.text) if isinstance(item, Words) else None
    if not isinstance(item, Words) or rest is None:
        return item
    return replace(item, text=rest, card=True, doubts=(), doubtful=item.doubtful or bool(item.doubts))


def _unheard(item: Words | Input) -> Words | Input:
    return Unreadable(message_id=item.message_id, kind="voice") if isinstance(item, Words) and item.spoken else item


# What makes another booking when it is misheard: "dos" and "doce", "tercero" and "treinta".
_FIGURES = frozenset({
    "date", "month", "nights", "extra_nights", "adults", "children", "child_age", "rooms", "arrival_time",
    "departure_time", "money", "phone", "room_number", "reservation_code",
})  # fmt: skip


def _is_doubtful(entity: Entity, words: Words) -> bool:
    """Whether a date or a number is made of words that were heard badly."""
    return entity.type in _FIGURES and any(start < entity.end and entity.start < end for start, end in words.doubts)


def _input(words: Words, analysis: Analysis) -> Input:
    if words.doubtful or any(_is_doubtful(entity, words) for entity in analysis.entities):
        return VoiceDoubtful(message_id=words.message_id, text=words.text, analysis=analysis)
    text = words.text
    if analysis.content:
        text, analysis = analysis.content, analysis.in_content()
    return Said(
        message_id=words.message_id,
        text=text,
        analysis=analysis,
        forwarded=words.forwarded,
        under=words.under,
        card=words.card,
    )
