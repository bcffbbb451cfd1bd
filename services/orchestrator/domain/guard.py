"""Guards of transitions as data: named questions about the moment with a closed set of answers.

Two guards that want different answers to one question never both hold, so overlap is found without running anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.orchestrator.domain.events import Event, ReservationsFound
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.state import DialogueState


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What guards and actions may look at: the conversation, what happened, the time and the hotel."""

    state: DialogueState
    event: Event
    now: datetime
    hotel: Hotel

    @property
    def found(self) -> tuple[Reservation, ...]:
        """The reservations that what happened brought."""
        return self.event.reservations if isinstance(self.event, ReservationsFound) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A named question; `ask` gives one of `answers`."""

    name: str
    answers: tuple[str, ...]
    ask: Callable[[Moment], str]

    def __call__(self, *answers: str) -> Condition:
        unknown = [answer for answer in answers if answer not in self.answers]
        if unknown or not answers:
            raise ValueError(f"{self.name} never answers {unknown or 'nothing'}")
        return Condition(question=self, wanted=frozenset(answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A question whose answer must be one of those wanted."""

    question: Question
    wanted: frozenset[str]

    def holds(self, moment: Moment) -> bool:
        return self.question.ask(moment) in self.wanted


Guard = tuple[Condition, ...]


def holds(guard: Guard, moment: Moment) -> bool:
    return all(condition.holds(moment) for condition in guard)


def overlap(one: Guard, other: Guard) -> bool:
    """True when nothing keeps both guards from holding at once."""
    return not any(
        mine.question.name == theirs.question.name and not (mine.wanted & theirs.wanted)
        for mine in one
        for theirs in other
    )


def covers(guards: list[Guard]) -> bool:
    """True when for every combination of answers one of the guards holds."""
    questions: dict[str, Question] = {}
    for guard in guards:
        questions.update({condition.question.name: condition.question for condition in guard})
    return _covers(guards, list(questions.values()), {})


def _covers(guards: list[Guard], questions: list[Question], chosen: dict[str, str]) -> bool:
    if any(all(chosen.get(c.question.name) in c.wanted for c in guard) for guard in guards):
        return True
    if not questions:
        return False
    first, rest = questions[0], questions[1:]
    return all(_covers(guards, rest, {**chosen, first.name: answer}) for answer in first.answers)
