"""From evidence to intents: a model's scores or cues alone, then what the conversation makes certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.nlp.domain.answers import Answer
from services.nlp.domain.intents import INTENTS
from services.nlp.domain.overruled import overrule
from services.nlp.domain.party_changes import find_party_changes
from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text
from services.nlp.domain.topics import topic_of, topics_asked, topics_of, urgency_of
from services.nlp.domain.types import Context, Entity, EntityType, Intent, Problem

FLOOR = 0.3
_MAX_INTENTS = 5
# What a likelier reading leaves of the other one: kept as a hint, below what counts as told.
_NOT_TOLD = 0.45
_CERTAIN_DANGER = 0.9
_UNLIKELY = 0.2
_SURELY_ELSEWHERE = 0.6
_WISHED = 0.8
_EITHER = (
    ("reservation_request", "availability_check"),
    ("reservation_request", "modification_request"),
    ("availability_check", "modification_request"),
    ("cancellation_request", "modification_request"),
    ("provide_info", "reservation_request"),
    ("provide_info", "availability_check"),
    ("provide_info", "modification_request"),
    ("provide_info", "cancellation_request"),
    ("provide_info", "out_of_scope"),
    ("deny", "provide_info"),
    ("opt_in", "opt_out"),
    ("modification_request", "privacy_request"),
)
_MAX_TOPICS = 5
_STANDS_OUT, _LEAD = 0.25, 0.06
_ARRIVAL_TOPICS = ("early_checkin", "arrival_time", "check_in_time", "check_out_time", "late_checkout")
_TOPICS_OF_A_BOOKING = ("price", "room_details", "reservation_details", "check_in_time", "check_out_time")
# Topics whose words stand in messages of every kind.
_TOPICS_OF_MUCH = {"price", "room_details", "children", "location", "amenities", "payment", "transport"}
_YES_NO_SLOTS = ("confirm", "confirm_understanding", "confirmation", "verification", "cancel_confirm", "dates_ok")
_SLOT_ENTITIES: dict[str, tuple[EntityType, ...]] = {
    "check_in": (EntityType.DATE, EntityType.MONTH),
    "check_out": (EntityType.DATE, EntityType.NIGHTS),
    "dates": (EntityType.DATE, EntityType.NIGHTS),
    "nights": (EntityType.NIGHTS, EntityType.DATE),
    "adults": (EntityType.ADULTS, EntityType.CHILDREN),
    "children": (EntityType.CHILDREN, EntityType.CHILD_AGE),
    "child_ages": (EntityType.CHILD_AGE,),
    "rooms": (EntityType.ROOMS,),
    "room_type": (EntityType.ROOM_TYPE,),
    "rate_plan": (EntityType.RATE_PLAN,),
    "guest_name": (EntityType.GUEST_NAME,),
    "email": (EntityType.EMAIL,),
    "phone": (EntityType.PHONE,),
    "reservation": (EntityType.RESERVATION_CODE,),
    "arrival_time": (EntityType.ARRIVAL_TIME,),
    "room": (EntityType.ROOM_NUMBER,),
    "verification": (EntityType.RESERVATION_CODE, EntityType.GUEST_NAME, EntityType.EMAIL, EntityType.PHONE),
}
_STAY_TYPES = {
    EntityType.DATE,
    EntityType.NIGHTS,
    EntityType.ADULTS,
    EntityType.CHILDREN,
    EntityType.CHILD_AGE,
    EntityType.ROOMS,
    EntityType.ROOM_TYPE,
    EntityType.RATE_PLAN,
    EntityType.GUEST_NAME,
    EntityType.HOLIDAY,
    EntityType.MONTH,
}
_CONTACT_TYPES = {EntityType.RESERVATION_CODE, EntityType.EMAIL, EntityType.PHONE}
_FUNCTION_WORDS = re.compile(
    r"\b(?:del?|al?|el|la|los|las|un|una|y|e|o|para|por|con|en|somos|seriamos|seremos|es|son|the|a|an|to|for"
    r"|from|of|and|with|on|in|at|at|we|are|we're|it|is|is|be|will|please|favor|persona|tarifa|rate"
    r"|habitacion|room|nombre|name|my|mi|hola|hi|hello|buenas|buenos|dias|tardes|noches|gracias|thanks|que"
    r"|pues|entonces|ok|mejor|solo|just|no|si|perdon|sorry|seria|llego|llegamos|salida|entrada|check|nada"
    r"|mas|actually|instead|rather|make|that|prefer\w*|prefiero|sea|sean|fuera)\b"
)
_EARLY = re.compile(r"\b(?:antes|temprano|early|earlier|before)\b")
# A favour that a person grants, and not only a question of what the rule is.
_ASKS_A_FAVOUR = screened(
    r"\b(?:(?:could|can|may) (?:i|we) (?:have|get)|i'?d like|we'?d like|i want|me (?:dan|da|permiten)|nos (?:dan"
    r"|permiten)"
    r"|quiero|quisiera|quisieramos) (?:\w+ ){0,3}(?:late[ -]check[ -]?out|early[ -]check[ -]?in|salida tardia)\b"
)
_LOVE = re.compile(r"[❤♥💕💖😍🥰👏🤩⭐🌟😘💯]")
_ANGER = re.compile(r"[😡🤬😠👿🤮💩]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that speaks for or against an intent in one message."""

    text: Text
    entities: tuple[Entity, ...]
    cues: Mapping[str, float]
    answer: Answer
    model: Mapping[str, float] | None
    context: Context
    questions: tuple[str, ...] = ()  # folded parts of the message that ask for a fact


def decide(evidence: Evidence) -> tuple[tuple[Intent, ...], float]:
    """Intents at or above the floor, strongest first, and the probability that this is not for a hotel."""
    scores = dict.fromkeys(INTENTS, 0.0)
    if evidence.model is not None:
        scores.update(evidence.model)
    else:
        scores.update(evidence.cues)
        _without_model(scores, evidence)
    _strong_cues(scores, evidence)
    _who_comes(scores, evidence)
    overrule(scores, evidence.text.folded, certain_danger=evidence.cues.get("emergency", 0.0) >= _CERTAIN_DANGER)
    _of_something_known(scores, evidence)
    _answers(scores, evidence)
    _slots(scores, evidence)
    _more_nights(scores, evidence)
    _one_of_each(scores)
    _without_a_rival(scores)
    _courtesy(scores)
    out_of_scope = scores["out_of_scope"]
    hotel = max((v for k, v in scores.items() if k not in ("out_of_scope", "greeting", "goodbye")), default=0.0)
    if out_of_scope < hotel:
        scores["out_of_scope"] = min(out_of_scope, FLOOR - 0.01)
    ranked = sorted(((v, k) for k, v in scores.items() if v >= FLOOR), reverse=True)[:_MAX_INTENTS]
    return tuple(i for score, name in ranked for i in _intents(name, score, evidence)), round(out_of_scope, 4)


def _who_comes(scores: dict[str, float], evidence: Evidence) -> None:
    """Kin who come along, or stay at home, are in no danger, and nobody asks for a member of staff with them."""
    listed = any(e.type is EntityType.ADULTS for e in evidence.entities) and not _words_left(evidence)
    if evidence.cues.get("emergency", 0.0) < _CERTAIN_DANGER and (listed or find_party_changes(evidence.text.folded)):
        scores["emergency"] = min(scores["emergency"], _UNLIKELY)
        scores["human_request"] = min(scores["human_request"], _NOT_TOLD)


def _of_something_known(scores: dict[str, float], evidence: Evidence) -> None:
    """A question that names what hotels are asked about asks about it, where nothing else is likely."""
    folded = evidence.text.folded
    likeliest = max(v for k, v in scores.items() if k not in ("greeting", "goodbye", "out_of_scope"))
    if "?" not in folded or likeliest >= 0.5 or scores["out_of_scope"] >= _SURELY_ELSEWHERE:
        return
    if set(topics_of("general_inquiry", folded)) - _TOPICS_OF_MUCH:
        scores["general_inquiry"] = 0.6
        scores["out_of_scope"] = min(scores["out_of_scope"], FLOOR)


def _more_nights(scores: dict[str, float], evidence: Evidence) -> None:
    """Nights more than there are, where no stay is talked of, are added to one that is booked."""
    more = any(e.type is EntityType.EXTRA_NIGHTS for e in evidence.entities)
    if more and evidence.context.known.check_in is None and not evidence.context.asked:
        scores["modification_request"] = max(scores["modification_request"], _WISHED)
        for name in ("reservation_request", "availability_check"):
            scores[name] = min(scores[name], _NOT_TOLD)


def _one_of_each(scores: dict[str, float]) -> None:
    """Of two ways to take the same words only the likelier is told: to book or to ask, to change or to give up."""
    for one, other in _EITHER:
        if min(scores[one], scores[other]) >= 0.5:
            weaker = one if scores[one] < scores[other] else other
            scores[weaker] = _NOT_TOLD


def _without_a_rival(scores: dict[str, float]) -> None:
    """Where nothing is likelier than not, one reading that stands out is right more often than its score says."""
    (first, name), (second, _) = sorted(((v, k) for k, v in scores.items()), reverse=True)[:2]
    if _STANDS_OUT <= first < 0.5 and first - second >= _LEAD:
        scores[name] = 0.5 + 0.5 * (first - _STANDS_OUT)


def _courtesy(scores: dict[str, float]) -> None:
    """ "Hi, a double please": a greeting around a wish is not what it is about; a farewell after one may be."""
    wish = max(v for k, v in scores.items() if k not in ("greeting", "goodbye", "out_of_scope"))
    if max(wish, scores["out_of_scope"]) >= 0.5:
        scores["greeting"] = min(scores["greeting"], _NOT_TOLD)
        scores["goodbye"] = min(scores["goodbye"], 0.95 * wish) if wish >= 0.5 else scores["goodbye"]


def _intents(name: str, score: float, evidence: Evidence) -> list[Intent]:
    """One intent, or several alike where a message asks about several things."""
    folded = evidence.text.folded
    topics = _asked_about(evidence) if name == "general_inquiry" else (topic_of(name, folded),)
    urgency = urgency_of(name, folded, evidence.text.original)
    confidence = round(min(score, 0.99), 4)
    return [Intent(name=name, confidence=confidence, topic=topic, urgency=urgency) for topic in topics[:_MAX_TOPICS]]


def _asked_about(evidence: Evidence) -> tuple[str, ...]:
    """In a message that also books, prices and room words are the booking's and not the question's topic."""
    folded = evidence.text.folded
    found = topics_asked(folded, evidence.questions)
    mentioned = topics_of("general_inquiry", folded)
    if any(e.type is EntityType.ARRIVAL_TIME for e in evidence.entities) and "airport" not in mentioned:
        early = "early_checkin" in mentioned and _EARLY.search(folded)
        first = "early_checkin" if early else "arrival_time"
        return (first, *(t for t in found if t not in _ARRIVAL_TOPICS))
    if evidence.cues.get("reservation_request", 0.0) >= 0.6:
        if not evidence.questions:
            found = mentioned
        found = tuple(t for t in found if t not in _TOPICS_OF_A_BOOKING)[: len(evidence.questions) or 1] or found
    return found or ("",)


def _without_model(scores: dict[str, float], evidence: Evidence) -> None:
    """Cues alone overlap more than a model's scores; the commonest overlaps are taken apart here."""
    topics = set(topics_of("general_inquiry", evidence.text.folded)) - {"price", "room_details", "children"}
    wants = max(scores["reservation_request"], scores["availability_check"])
    if wants >= 0.6 and not topics:
        scores["general_inquiry"] *= 0.3
    if max(scores["cancellation_request"], scores["modification_request"]) >= 0.8:
        scores["reservation_request"] *= 0.3
        scores["general_inquiry"] *= 0.5
    if max(scores["complaint"], scores["service_request"], scores["emergency"]) >= 0.8:
        scores["general_inquiry"] *= 0.4
        scores["reservation_request"] *= 0.4
    if scores["opt_out"] >= 0.9 or scores["privacy_request"] >= 0.9:
        for name in ("cancellation_request", "general_inquiry", "service_request"):
            scores[name] *= 0.2
    if _LOVE.search(evidence.text.original):
        scores["compliment"] = max(scores["compliment"], 0.5)
    if "👋" in evidence.text.original:
        scores["greeting"] = max(scores["greeting"], 0.8)
    if "🙏" in evidence.text.original:
        scores["goodbye"] = max(scores["goodbye"], 0.5)
    if _ANGER.search(evidence.text.original):
        scores["complaint"] = max(scores["complaint"], 0.6)


def _strong_cues(scores: dict[str, float], evidence: Evidence) -> None:
    """Some words are too important to be outvoted: danger, stop words, "give me a person"."""
    for name, least in (
        ("emergency", _CERTAIN_DANGER),
        ("opt_out", 0.9),
        ("opt_in", 0.9),
        ("privacy_request", 0.9),
        ("human_request", 0.85),
    ):
        cue = evidence.cues.get(name, 0.0)
        if cue >= least:
            floor = 0.75 if name in ("emergency", "human_request") else 0.6
            short = len(evidence.text.words()) <= 2
            scores[name] = max(scores[name], cue if short else floor)
    if evidence.cues.get("emergency", 0.0) >= 0.9 and scores["emergency"] >= 0.5:
        scores["complaint"] = min(scores["complaint"], _NOT_TOLD)  # danger is no matter of taste
    if _ASKS_A_FAVOUR.search(evidence.text.folded):
        scores["service_request"] = max(scores["service_request"], 0.75)
        scores["general_inquiry"] = min(scores["general_inquiry"], 0.7)
    if evidence.cues.get("greeting") and evidence.model is not None:
        scores["greeting"] = max(scores["greeting"], 0.5)


def _slots(scores: dict[str, float], evidence: Evidence) -> None:
    """Details that were asked are an answer; details out of the blue are a wish to book."""
    entities, context = evidence.entities, evidence.context
    asked = [slot for slot in context.asked if slot in _SLOT_ENTITIES]
    answered = any(e.type in _SLOT_ENTITIES[slot] for slot in asked for e in entities)
    if answered:
        scores["provide_info"] = max(scores["provide_info"], 0.9)
        if any(e.type is EntityType.ADULTS for e in entities):  # "one person" answers, and asks for none
            scores["human_request"] = min(scores["human_request"], _NOT_TOLD)
        if "rate_plan" in asked:  # "the one that can be cancelled" names a rate
            scores["cancellation_request"] = min(scores["cancellation_request"], _NOT_TOLD)
            scores["complaint"] = min(scores["complaint"], _NOT_TOLD)
    if entities and max(v for k, v in scores.items() if k != "greeting") < FLOOR:
        scores["provide_info"] = 0.5
    if any(e.type in _CONTACT_TYPES for e in entities) and _is_little_else(evidence):
        scores["provide_info"] = max(scores["provide_info"], 0.75)
        scores["out_of_scope"] = min(scores["out_of_scope"], 0.1)
    # A day that is over is part of a story.
    stay = [e for e in entities if e.type in _STAY_TYPES and (e.type, e.problem) != (EntityType.DATE, Problem.PAST)]
    if not stay or not _is_little_else(evidence) or "day_pass" in topics_of("general_inquiry", evidence.text.folded):
        return
    if not evidence.cues.get("complaint"):  # "la interior": a room and its like are no matter to complain of
        scores["complaint"] = min(scores["complaint"], _NOT_TOLD)
    talking = bool(context.asked) or context.known.check_in is not None or context.known.adults is not None
    question = "?" in evidence.text.folded
    if talking:
        scores["provide_info"] = max(scores["provide_info"], 0.85)
    elif len({e.type for e in stay}) >= 2 or any(e.type is EntityType.ROOM_TYPE for e in stay):
        ours = any(e.type is EntityType.ROOM_TYPE and not e.problem for e in stay)
        # "Quisiera una cabaña" is no order to the house.
        if ours and not topic_of("service_request", evidence.text.folded):
            scores["service_request"] = min(scores["service_request"], _NOT_TOLD)
        asking = question and not evidence.cues.get("reservation_request")
        if asking:  # "double 8-10 December for 2?" asks, whatever it looks like without its mark
            scores["availability_check"] = max(scores["availability_check"], 0.75)
            scores["reservation_request"] = min(scores["reservation_request"], _NOT_TOLD)
        elif max(scores[name] for name in ("availability_check", "reservation_request", "service_request")) < 0.6:
            scores["reservation_request"] = 0.75
        scores["provide_info"] = min(scores["provide_info"], 0.4)
    scores["out_of_scope"] = min(scores["out_of_scope"], 0.1)


def _is_little_else(evidence: Evidence) -> bool:
    """At least two thirds of the words belong to entities or say nothing by themselves."""
    return len(_words_left(evidence)) <= max(1, len(evidence.text.words()) // 3)


def _words_left(evidence: Evidence) -> list[str]:
    """Words that belong to no entity and say something by themselves."""
    folded = list(evidence.text.folded)
    for entity in evidence.entities:
        start, end = evidence.text.folded_range(entity.span)
        folded[start:end] = " " * (end - start)
    left = _FUNCTION_WORDS.sub(" ", "".join(folded))
    return re.findall(r"[a-z]{2,}", left)


def _answers(scores: dict[str, float], evidence: Evidence) -> None:
    answer, context = evidence.answer, evidence.context
    wanted = context.asks(*_YES_NO_SLOTS)
    if answer.yes and not wanted and scores["cancellation_request"] >= _WISHED:
        return  # "cancélala" says yes to the question whether to, and is the wish itself where nobody asked
    if answer.alone and (answer.yes or answer.no):
        for name in scores:
            scores[name] *= 0.15
    if answer.yes and (wanted or answer.alone or evidence.model is None):
        scores["confirm"] = max(scores["confirm"], answer.yes)
    if answer.no and (wanted or answer.alone or evidence.model is None):
        scores["deny"] = max(scores["deny"], answer.no)
    if answer.alone and answer.yes:
        scores["deny"] = min(scores["deny"], 0.1)
    if answer.alone and answer.no:
        scores["confirm"] = min(scores["confirm"], 0.1)
    if wanted and answer.no and not answer.alone:  # "no, 3 nights" corrects what is open, not a booking that exists
        scores["modification_request"] *= 0.6
    if wanted and answer.yes and not answer.alone:
        # "sí, cancélala", "yes please book it": the rest repeats what was asked.
        for name in ("reservation_request", "cancellation_request", "modification_request"):
            scores[name] *= 0.6
