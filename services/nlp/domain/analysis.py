"""One message to its Analysis: language, entities, intents. The whole pipeline, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from services.nlp.domain.answers import read_answer
from services.nlp.domain.clauses import clauses_of, with_clauses
from services.nlp.domain.clock_times import find_times
from services.nlp.domain.contacts import find_contacts
from services.nlp.domain.courtesies import Content, content_of, with_courtesies
from services.nlp.domain.cues import cue_scores, seen_cues
from services.nlp.domain.danger import with_danger, without_false_alarms
from services.nlp.domain.dates import find_dates
from services.nlp.domain.decision import Evidence, decide
from services.nlp.domain.language import detect
from services.nlp.domain.names import find_name
from services.nlp.domain.numbers import spelled_digits
from services.nlp.domain.occupancy import find_occupancy
from services.nlp.domain.phones import PlainPhoneReader
from services.nlp.domain.ports import IntentModel, Passage, PhoneReader
from services.nlp.domain.rooms import find_rooms
from services.nlp.domain.slips import Spelled, put_right
from services.nlp.domain.spelling import corrected
from services.nlp.domain.text import Replacement, Text, fold, without_quotation
from services.nlp.domain.types import (
    LANGUAGES,
    Analysis,
    Context,
    Entity,
    EntityType,
    Intent,
    Language,
    Message,
    Role,
    Span,
)

RULES_VERSION = "2026.11.1"
Scores = Mapping[str, float]
# Characters of a message that is likely to be written again, word for word: "yes please", "wifi?".
_SHORT = 120
# A part of a message is a question from this probability on.
_ASKS = 0.5
# A message for the wrong business with this probability whose intents are guesswork is not about a stay.
_DOUBTFUL = 0.15
# "My son won't wake up" names a child and no party.
_PEOPLE = {EntityType.ADULTS, EntityType.CHILDREN}
_BY_KIN = 0.85
_NEVER_ABOUT_A_STAY = {"complaint", "service_request", "emergency", "compliment", "out_of_scope", "opt_out", "opt_in"}
_STAY_INTENTS = {
    "reservation_request",
    "availability_check",
    "modification_request",
    "cancellation_request",
    "provide_info",
    "confirm",
    "deny",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A message as far as rules read it."""

    context: Context
    language: Language
    spelled: Spelled
    words: _Words
    text: Text
    entities: list[Entity]
    cues: Scores
    cues_of_parts: dict[str, Scores]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What the words of a message say by themselves, whoever writes them and when. `raw` is what its content tells,
    `parts` maps the clauses of that to their folded form."""

    content: Content
    raw: Text
    parts: dict[str, str]
    cues: dict[str, float]
    cues_of_parts: dict[str, dict[str, float]]


def _words_of(whole: str) -> _Words:
    all_of_it = fold(whole)
    content = content_of(all_of_it)
    courtesies = content.told != whole
    raw = fold(content.told) if courtesies else all_of_it
    clauses = clauses_of(raw) or ((content.told,) if courtesies else ())
    parts = {clause: fold(clause).folded for clause in clauses}
    return _Words(
        content=content, raw=raw, parts=parts, cues=seen_cues(without_false_alarms(all_of_it.folded)),
        cues_of_parts={clause: seen_cues(without_false_alarms(folded)) for clause, folded in parts.items()},
    )  # fmt: skip


_remembered = lru_cache(maxsize=1024)(_words_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyser:
    """Understands messages. Without a model it works from rules alone. Safe to call from several threads."""

    model: IntentModel | None = None
    phones: PhoneReader = field(default_factory=PlainPhoneReader)

    @property
    def version(self) -> str:
        return f"{RULES_VERSION}+{self.model.version}" if self.model else f"{RULES_VERSION}+rules"

    def analyse(
        self, original: str, context: Context, *, languages: tuple[str, ...] = LANGUAGES, careful: bool = False
    ) -> Analysis:
        """Total: any string has an analysis. Spans count the code points of `original`."""
        return self.analyse_all([Message(text=original, context=context, languages=languages, careful=careful)])[0]

    def analyse_all(self, messages: Sequence[Message]) -> list[Analysis]:
        """One analysis for each message, in order; the model is asked once for all of them."""
        read = [self._read(message) for message in messages]
        scores = iter(self.model.scores([passage for one in read for passage in one.passages]) if self.model else ())
        return [self._concluded(one, [next(scores) for _ in one.passages]) for one in read]

    def _read(self, message: Message) -> _Read:
        """Everything that does not need the model's scores."""
        spelled, context = put_right(without_quotation(message.text)), message.context
        own = spelled.text
        spanish = self.model.spanish(own) if self.model else None
        language = detect(own, allowed=message.languages, prior=context.language_prior, model_spanish=spanish)
        words = _remembered(own) if len(own) <= _SHORT else _words_of(own)
        raw, cues, cues_of_parts = words.raw, words.cues, words.cues_of_parts
        text = spelled_digits(corrected(raw), language.code)
        passages: tuple[Passage, ...] = ()
        if self.model is not None and any("a" <= character <= "z" for character in raw.folded):
            pieces = [(own, cues), *cues_of_parts.items()]
            passages = tuple(
                Passage(text=piece, cues=tuple(seen), language=language.code, careful=message.careful)
                for piece, seen in pieces
            )
        return _Read(
            context=context, language=language, spelled=spelled, words=words, text=text,
            cues=with_danger(cue_scores(cues), raw.folded),
            cues_of_parts={clause: cue_scores(seen) for clause, seen in cues_of_parts.items()}, passages=passages,
            entities=self._entities(raw, text, context, language.code),
        )  # fmt: skip

    def _concluded(self, read: _Read, scores: list[Scores]) -> Analysis:
        """`scores` are the model's for the whole message, then for its parts; none where it was not asked."""
        model: Scores | None = None
        if scores:
            whole, *of_parts = scores
            asks = read.words.raw.folded.rstrip().endswith("?")
            model = (
                with_courtesies(whole, *of_parts, asks=asks) if len(of_parts) == 1 else with_clauses(whole, of_parts)
            )
            asking = {
                clause: score["general_inquiry"] for clause, score in zip(read.words.parts, of_parts, strict=True)
            }
        else:
            asking = {
                clause: max(float("?" in clause), cues.get("general_inquiry", 0.0))
                for clause, cues in read.cues_of_parts.items()
            }
        evidence = Evidence(
            text=read.text, entities=tuple(read.entities), cues=read.cues, model=model, context=read.context,
            answer=read_answer(read.words.raw.folded, asked=bool(read.context.asked)),
            questions=tuple(read.words.parts[clause] for clause, score in asking.items() if score >= _ASKS),
        )  # fmt: skip
        intents, out_of_scope = decide(evidence)
        entities = _settle(read.entities, intents, out_of_scope, read.context)
        content = read.words.content
        return Analysis(
            language=read.language, intents=intents,
            entities=tuple(read.spelled.as_written(entity, moved=content.opening) for entity in entities),
            out_of_scope=out_of_scope, model_version=self.version, content=content.text,
        )  # fmt: skip

    def _entities(self, raw: Text, text: Text, context: Context, language: str) -> list[Entity]:
        contacts = find_contacts(raw, context, self.phones, text)
        fixed = [e.span for e in contacts]
        times = [e for e in find_times(text, context) if not any(e.span.overlaps(s) for s in fixed)]
        rooms = [r for r in find_rooms(text, context) if not any(r.span.overlaps(s) for s in fixed)]
        days = _without_names(text, [r.span for r in rooms if r.type is EntityType.ROOM_TYPE])
        dates = [e for e in find_dates(days, context, language) if not any(e.span.overlaps(s) for s in fixed)]
        times = [t for t in times if not any(t.span.overlaps(d.span) for d in dates)]
        taken = [*contacts, *times, *dates]
        blocked = [text.folded_range(e.span) for e in taken]
        kinds = [text.folded_range(r.span) for r in rooms if r.type is EntityType.ROOM_TYPE]
        people = find_occupancy(text, context, blocked=blocked, kinds=kinds)
        people = [p for p in people if not _inside_room_type(p, rooms)]
        found = [*taken, *rooms, *people]
        return sorted(
            [*found, *find_name(raw, context, blocked=[e.span for e in found], contacts=fixed)],
            key=lambda e: (e.span.start, e.span.end),
        )


def _without_names(text: Text, names: list[Span]) -> Text:
    """ "Vista al mar" is a room, and its "mar" no Tuesday: names of several words are struck out, and join nothing."""
    ranges = [text.folded_range(span) for span in names]
    several = [(start, end) for start, end in ranges if " " in text.folded[start:end]]
    return text.rewrite(Replacement(start=start, end=end, text="_" * (end - start)) for start, end in several)


def _inside_room_type(person: Entity, rooms: list[Entity]) -> bool:
    """ "2 camas" is a kind of room and not two of anything; "2 dobles" is two rooms of a kind."""
    if person.type is EntityType.ROOMS:
        return any(r.span.start <= person.span.start and person.span.end <= r.span.end for r in rooms)
    return any(r.span.overlaps(person.span) for r in rooms if r.type is EntityType.ROOM_TYPE)


def _settle(entities: list[Entity], intents: tuple[Intent, ...], out_of_scope: float, context: Context) -> list[Entity]:
    """A date in a message that is not about a stay ("no water since Monday", "a taxi today") is only a mention."""
    main = max((i for i in intents if i.name != "greeting"), key=lambda i: i.confidence, default=None)
    guessed = not context.asked and out_of_scope >= _DOUBTFUL and (main is None or main.confidence <= _ASKS)
    if (main is None and not guessed) or context.asks("check_in", "check_out", "dates", "nights"):
        return entities
    if not guessed and any(
        i.name in _STAY_INTENTS and i.confidence >= max(0.45, 0.7 * (main.confidence if main else 0.0)) for i in intents
    ):
        return entities
    roles = {e.role for e in entities if e.type is EntityType.DATE and not e.derived}
    if {Role.CHECK_IN, Role.CHECK_OUT} <= roles:
        return entities
    elsewhere = guessed or (main is not None and main.name in _NEVER_ABOUT_A_STAY)
    unsure = {
        e.span
        for e in entities
        if e.type is EntityType.DATE and not e.derived and (elsewhere or e.confidence < 0.8 or e.role is Role.NIGHT)
    }
    settled = []
    for entity in entities:
        named = entity.type in _PEOPLE and entity.confidence <= _BY_KIN
        told = main is not None and main.name == "service_request"  # "a cot, please, our son is 1" counts him
        if elsewhere and ((named and not told) or entity.type is EntityType.NIGHTS):
            continue
        if entity.type is not EntityType.DATE or not (entity.span in unsure or (elsewhere and entity.derived)):
            settled.append(entity)
        elif not entity.derived:
            settled.append(replace(entity, role=Role.DATE))
    return settled
