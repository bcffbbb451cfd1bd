"""From what was sent to what is meant: slots, language, a clear yes or no, and the intents of the whole turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.orchestrator.domain import naming
from services.orchestrator.domain.analysis import COUNTED_FLOOR, INTENT_FLOOR, Analysis, Entity, Intent
from services.orchestrator.domain.choosing import (
    chosen_by_name,
    chosen_by_place,
    chosen_by_price,
    chosen_by_rate,
    other_rate,
    rooms_meant,
)
from services.orchestrator.domain.events import GuestTurn, Reacted, Said, Tapped, Unreadable, VoiceDoubtful
from services.orchestrator.domain.fact_names import facts_asked
from services.orchestrator.domain.features import MANY_LANGUAGES
from services.orchestrator.domain.first_language import first_language
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.mentioned import keeps_waiting, without_mentions
from services.orchestrator.domain.phrases import asks_what_if_canceled, only_wonders, thinks_it_over
from services.orchestrator.domain.price_phrases import asks_about_rate, asks_for_less, asks_for_price, asks_price
from services.orchestrator.domain.readings import (
    absent_room,
    entities_wanted,
    is_only_chatter,
    is_out_of_scope,
    mixes_kinds,
    month_of,
    names_several,
    says_no,
    says_yes,
    sentence_of,
    splits_kinds,
    strongest_first,
    sure_intents,
)
from services.orchestrator.domain.remarks import asks_for_somebody_else, is_only_a_sign, language_wanted, wants_change
from services.orchestrator.domain.repeating import like_the_last
from services.orchestrator.domain.room_phrases import compares
from services.orchestrator.domain.shifts import end_meant, in_the_year, same_days, shift_still_wanted, shifted
from services.orchestrator.domain.slots import BOOKING_SLOTS, CHOICE_SLOTS, merge
from services.orchestrator.domain.state import DialogueState, Shift, Slot, Trouble
from services.orchestrator.domain.wishes import wish_in

LANGUAGE_FLOOR = 0.6
# Too unsure to act on, sure enough to offer a person for.
WEAK_FLOOR = 0.25
_OF_ONE_KIND = ("room_type", "adults", "children", "child_age", "rooms")
_OF_A_STAY = (*_OF_ONE_KIND, "date", "nights", "month", "arrival_time")
# What people are wanted for that do not sleep here.
_WITHOUT_BEDS = ("events", "restaurant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a turn means. `stale`: an old button was tapped. `leaving`: an hour of departure was told. `wordless`: to a
    summary came a sign without a word. `facts`: those of the hotel that a question names by their own names."""

    intents: tuple[Intent, ...] = ()
    yes: bool = False
    no: bool = False
    stale: bool = False
    human: bool = False
    out_of_scope: bool = False
    changed: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()
    texts: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    doubtful: VoiceDoubtful | None = None
    reacted: bool = False
    shift: Shift = field(default_factory=Shift)
    named: bool = False
    month: str = ""
    card: bool = False
    thinking: bool = False
    wondering: bool = False
    mixed: bool = False
    absent_room: str = ""
    weak: tuple[Intent, ...] = ()
    leaving: bool = False
    wordless: bool = False
    wish: str = ""
    under: str = ""
    facts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that was written or said in the turn."""
        return " ".join(self.texts)

    def intent(self, name: str) -> Intent | None:
        return next((intent for intent in self.intents if intent.name == name), None)


def understand(
    state: DialogueState, turn: GuestTurn, now: datetime, hotel: Hotel
) -> tuple[DialogueState, Understanding]:
    """The state with what was told in it, and what the turn means."""
    meaning = Understanding()
    before = state
    for item in turn.inputs:
        match item:
            case Said(forwarded=True):
                meaning = replace(meaning, unreadable=(*meaning.unreadable, "forwarded"))
            case Said():
                state, meaning = _said(state, meaning, item, now, hotel)
            case Tapped():
                state, meaning = _tapped(state, meaning, item, now, hotel)
            case VoiceDoubtful():
                state = _follow_language(state, item.text, item.analysis, hotel)
                meaning = replace(meaning, doubtful=item)
            case Unreadable():
                meaning = replace(meaning, unreadable=(*meaning.unreadable, item.kind))
            case Reacted():
                meaning = replace(meaning, reacted=True)
    changed = frozenset(
        name
        for name in {**before.slots, **state.slots}
        if before.value(name) != state.value(name) or (name in before.slots) != (name in state.slots)
    )
    state = replace(
        state, month="" if changed & {"check_in", "check_out"} & set(state.slots) else meaning.month or state.month
    )
    if not state.language:
        state = replace(state, language=first_language(state.contact, hotel))
    return state, replace(meaning, changed=changed, intents=strongest_first(meaning.intents))


def _said(
    state: DialogueState, meaning: Understanding, said: Said, now: datetime, hotel: Hotel
) -> tuple[DialogueState, Understanding]:
    analysis = said.analysis
    if state.heard and "confirm_understanding" in state.asked and says_yes(analysis):
        return _stand_by(state, meaning, now, hotel)
    state = _follow_language(state, said.text, analysis, hotel)
    state = like_the_last(state, said.text)
    analysis = without_mentions(state, said.text, analysis)
    intents = sure_intents(analysis, said.text, hotel)
    analysis = naming.whole_name(state, said.text, naming.bare_name(state, said.text, analysis))
    analysis = naming.mended_name(state, said.text, analysis)
    takes_name = naming.takes_name(state, said.text, analysis, intents)
    if says_no(analysis) or any(item.name == "human_request" for item in intents):
        # "Forget it" is nobody's name; who says no and then a name says more than one word of it.
        analysis = analysis.without(lambda item: item.type == "guest_name" and " " not in item.value)
    shift = shift_still_wanted(state, said.text, analysis.entities)
    kinds = {entity.type for entity in analysis.entities}
    # Beside days that are named it moves at most a booking that has those days.
    moved = shift if "date" not in kinds or "extra_nights" in kinds else Shift()
    if is_only_chatter(analysis):
        # "Mar" in a poem is no Tuesday.
        analysis = replace(analysis, entities=())
    thinking = (thinks_it_over(said.text) and not asks_for_price(said.text)) or (
        state.hold is not None and keeps_waiting(said.text)
    )
    if thinking:
        # "I have to ask my husband" brings nobody along.
        analysis = analysis.without(lambda item: item.type == "adults" and item.confidence < COUNTED_FLOOR)
    if any(intent.topic in _WITHOUT_BEDS for intent in intents if intent.name == "service_request"):
        # "A dinner for forty on the 12th" is no party of forty to be housed.
        analysis = analysis.without(lambda item: item.type in _OF_A_STAY)
    analysis = replace(analysis, entities=entities_wanted(said.text, analysis.entities))
    if asks_for_somebody_else(said.text):
        # What is told of somebody else's stay is no wish for one.
        analysis = analysis.without(lambda item: item.type in _OF_A_STAY)
    what_if = asks_what_if_canceled(said.text)
    if what_if:
        # "What if one of us can't make it?", "and if I cancel on the 9th?" change nobody's stay.
        analysis = analysis.without(lambda item: item.type in ("adults", "children", "rooms", "date", "nights"))
    if asks_about_rate(said.text):
        # "Is that refundable?" asks for the rule of what is on show.
        asked = Intent(name="general_inquiry", topic="cancellation_policy")
        intents = (asked, *(item for item in intents if item.name != "general_inquiry"))
        analysis = analysis.without(lambda item: item.type == "rate_plan")
    analysis = rooms_meant(state, other_rate(state, analysis, said.text, hotel))
    compared = compares(said.text) or (asks_price(said.text) and names_several(analysis))
    if asks_for_less(said.text) or compared:
        # "Anything cheaper than the suite?" wants no suite, and who compares has not chosen; "the suite then. Any
        # discount?" has.
        analysis = analysis.without(
            lambda item: item.type in CHOICE_SLOTS and (compared or asks_for_less(sentence_of(said.text, item)))
        )
    mixed = not compared and (mixes_kinds(said.text, analysis) or splits_kinds(state, said.text, analysis))
    if mixed:
        # They are spread over rooms that a person puts together; who begins with one of them is asked for that one.
        analysis = analysis.without(lambda item: item.type in _OF_ONE_KIND)
    days = in_the_year(state, said.text, same_days(state, said.text, analysis.entities))
    analysis = replace(analysis, entities=days)
    merged = merge(
        state.slots,
        shifted(state, analysis.entities, moved) if moved else end_meant(state, said.text, _agreed(state, analysis)),
        readings=state.readings,
        message_id=said.message_id,
        asked=state.asked,
        today=hotel.today(now),
        takes_name=takes_name,
    )
    if _in_another_month(state, analysis):
        # "What about the last week of September?": the days told before are not those.
        merged = replace(merged, slots={k: v for k, v in merged.slots.items() if k not in ("check_in", "check_out")})
    state = chosen_by_name(replace(state, slots=_for_one(state, merged.slots, hotel, said)), said, analysis, hotel)
    state = chosen_by_place(state, said, merged.changed)
    state = chosen_by_price(chosen_by_rate(state, said, merged.changed), said, merged.changed)
    # A thumb under a summary is a reaction, and typed it is no more: where something is written, words are wanted.
    wordless = "confirm" in state.asked and is_only_a_sign(said.text)
    weak = tuple(intent for intent in analysis.intents if WEAK_FLOOR <= intent.confidence < INTENT_FLOOR)
    return state, replace(
        meaning,
        weak=(*meaning.weak, *weak),
        intents=(*meaning.intents, *intents),
        yes=meaning.yes
        or (says_yes(analysis) and not (thinking or what_if or wordless or _wants_it_changed(state, said.text))),
        no=meaning.no or (says_no(analysis) and not thinking),
        thinking=thinking,
        wondering=only_wonders(said.text),
        mixed=meaning.mixed or mixed,
        absent_room=meaning.absent_room or absent_room(analysis),
        card=meaning.card or said.card,
        under=meaning.under or said.under,
        leaving=meaning.leaving or any(entity.type == "departure_time" for entity in analysis.entities),
        wordless=meaning.wordless or wordless,
        wish=_wish(said, intents) or meaning.wish,
        facts=(*meaning.facts, *(facts_asked(said.text, hotel.facts) if "?" in said.text else ())),
        out_of_scope=meaning.out_of_scope or is_out_of_scope(analysis),
        # A later message of the turn may mend what an earlier one said badly.
        troubles=merged.troubles or (() if merged.changed else meaning.troubles),
        texts=(*meaning.texts, said.text),
        shift=meaning.shift or shift,
        month=next((item.value for item in analysis.entities if item.type == "month"), "")
        or month_of(merged.troubles)
        or meaning.month,
        named=meaning.named
        or (any(item.type == "guest_name" for item in analysis.entities) and not asks_for_somebody_else(said.text)),
    )


def _wish(said: Said, intents: Sequence[Intent]) -> str:
    """What is wished for beside a room, as it was said."""
    serving = any(intent.name == "service_request" and intent.topic not in _WITHOUT_BEDS for intent in intents)
    return wish_in(said.text, said.analysis.entities) if serving else ""


def _agreed(state: DialogueState, analysis: Analysis) -> tuple[Entity, ...]:
    """A yes to the only stay that was proposed is that stay."""
    proposed = state.readings if "dates" in state.asked and says_yes(analysis) else ()
    if len(proposed) != 1 or any(entity.type in ("date", "nights") for entity in analysis.entities):
        return analysis.entities
    days = (("check_in", proposed[0].check_in), ("check_out", proposed[0].check_out))
    return (*analysis.entities, *(Entity(type="date", role=role, value=day.isoformat()) for role, day in days if day))


def _stand_by(
    state: DialogueState, meaning: Understanding, now: datetime, hotel: Hotel
) -> tuple[DialogueState, Understanding]:
    """The guest stands by what was read back: it counts from now on as if it had been written."""
    heard = state.heard
    if heard is None:
        return state, meaning
    said = Said(message_id=heard.message_id, text=heard.text, analysis=heard.analysis)
    return _said(replace(state, heard=None, asked=()), meaning, said, now, hotel)


def _tapped(
    state: DialogueState, meaning: Understanding, tap: Tapped, now: datetime, hotel: Hotel
) -> tuple[DialogueState, Understanding]:
    kind, _, value = tap.choice_id.partition(":")
    if kind in ("yes", "no"):
        live = state.summary is not None and state.summary.id == value and now < state.summary.expires
        asked = bool({"confirm", "confirm_choice", "human", "upsell"} & set(state.asked)) and (live or not value)
        if not asked:
            return state, replace(meaning, stale=True)
        return state, replace(meaning, yes=meaning.yes or kind == "yes", no=meaning.no or kind == "no")
    slots = {
        "type": ("room_type",),
        "plan": ("rate_plan",),
        "offer": ("room_type", "rate_plan"),
        "code": ("reservation",),
    }
    if kind in slots:
        told = {
            name: Slot(value=part, source=tap.message_id)
            for name, part in zip(slots[kind], value.split("/"), strict=False)
        }
        return state.with_slots(**told), meaning
    if kind == "human":
        return state, replace(meaning, human=True)
    if kind == "heard" and state.heard is not None:
        return _stand_by(state, meaning, now, hotel) if value == "yes" else (state, replace(meaning, no=True))
    return state, replace(meaning, stale=True)


def _for_one(state: DialogueState, slots: Mapping[str, Slot], hotel: Hotel, said: Said) -> Mapping[str, Slot]:
    """Who wants a room, or a bed, that sleeps one comes alone; who wants two of them, with somebody."""
    room = hotel.room_type(slots["room_type"].value) if "room_type" in slots else None
    rooms = slots["rooms"].value if "rooms" in slots else "1"
    if room is None or room.max_occupancy != 1:
        return slots
    if {"adults", "children"} & set(slots):
        before = state.value("adults") if state.value("rooms") != "1" else ""
        alone = rooms in ("1", before) and "adults" in slots and slots.get("children", Slot(value="0")).value == "0"
        return {**slots, "rooms": slots["adults"]} if alone and room.is_bed else slots
    people, none = (Slot(value=number, source=said.message_id) for number in (rooms, "0"))
    return {**slots, "adults": people, "children": none}


def _in_another_month(state: DialogueState, analysis: Analysis) -> bool:
    """Days in a month that is not that of the stay on the table are asked for, and none of them told."""
    month = next((item.value for item in analysis.entities if item.type == "month"), "")
    asks = any(analysis.intent(name) for name in ("availability_check", "reservation_request"))
    told = any(item.type in ("date", "nights") for item in analysis.entities)
    known = state.value("check_in")
    return (
        state.flow in ("booking", "availability")
        and asks
        and bool(month and known)
        and not (told or known.startswith(month))
    )


def _follow_language(state: DialogueState, text: str, analysis: Analysis, hotel: Hotel) -> DialogueState:
    """The language of each message, unless it is too short to tell."""
    if MANY_LANGUAGES not in state.turn.flags:
        return replace(state, language=next(iter(hotel.languages), state.language))
    if (asked := language_wanted(text)) in hotel.languages:
        return replace(state, language=asked)
    # A name tells no language.
    asked_name = {"guest_name", "verification"} & set(state.asked) and len(text.split()) <= naming.MOST_NAME_WORDS
    tells_name = asked_name or naming.is_only_a_name(text, analysis)
    if analysis.language in hotel.languages and analysis.language_confidence >= LANGUAGE_FLOOR and not tells_name:
        return replace(state, language=analysis.language)
    return state


def _wants_it_changed(state: DialogueState, text: str) -> bool:
    """ "Yes, change it", said to the question whether to cancel."""
    return state.flow == "cancellation" and "confirm" in state.asked and wants_change(text)


def forget_settled(state: DialogueState) -> DialogueState:
    """A new turn after a booking begins without the old stay, but keeps who the guest is."""
    if not state.settled:
        return state
    state = state.without_slots(*BOOKING_SLOTS)
    return replace(state, settled=False, quote=None, hold=None, summary=None, offers=())
