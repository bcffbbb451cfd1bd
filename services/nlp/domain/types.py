"""The words this service speaks: what goes into an analysis, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MAX_TEXT_CHARACTERS = 4000
LANGUAGES = ("es", "en")


class EntityType(StrEnum):
    """What kind of thing was mentioned. The value's form is given for each."""

    DATE = "date"  # ISO date
    MONTH = "month"  # YYYY-MM
    HOLIDAY = "holiday"  # key of calendar.HOLIDAYS; its dates come as `date` entities
    ARRIVAL_TIME = "arrival_time"  # HH:MM, 24 hours
    DEPARTURE_TIME = "departure_time"  # HH:MM, 24 hours
    NIGHTS = "nights"  # whole number
    EXTRA_NIGHTS = "extra_nights"  # whole number, to be added to a stay: "one more night"
    ADULTS = "adults"  # whole number
    CHILDREN = "children"  # whole number
    CHILD_AGE = "child_age"  # whole years
    ROOMS = "rooms"  # whole number
    ROOM_TYPE = "room_type"  # code of the catalogue, or the words when the hotel has no such type
    RATE_PLAN = "rate_plan"  # code of the catalogue
    GUEST_NAME = "guest_name"  # name as written, capitalised
    RESERVATION_CODE = "reservation_code"  # upper case
    EMAIL = "email"  # lower case
    PHONE = "phone"  # E.164
    MONEY = "money"  # "amount CUR", or "amount" without a currency
    ROOM_NUMBER = "room_number"  # as on the door


class Role(StrEnum):
    """What an entity is for. Only dates have one."""

    NONE = ""
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    NIGHT = "night"  # a single night: the value is its arrival date
    DATE = "date"  # named, but not known to be a stay date


class Problem(StrEnum):
    """Why a value cannot be used as it stands. Values with a problem are never corrected silently."""

    NONE = ""
    PAST = "past"
    IMPOSSIBLE = "impossible"
    REVERSED = "reversed"  # departure on or before arrival
    UNKNOWN = "unknown"  # the hotel's catalogue has no such thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters [start, end) of the message, counted in Unicode code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing mentioned. `derived` values were computed from others (start plus nights) and share their span.

    `told`: its span in the content of the message, where that is another one.
    """

    type: EntityType
    span: Span
    text: str
    value: str
    role: Role = Role.NONE
    confidence: float = 0.95
    problem: Problem = Problem.NONE
    ambiguous: bool = False
    alternatives: tuple[str, ...] = ()
    derived: bool = False
    told: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing the guest wants, with a calibrated probability and, where it has them, topic and urgency."""

    name: str
    confidence: float
    topic: str = ""
    urgency: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem:
    """A room type or rate plan as the hotel calls it."""

    code: str
    names: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What this hotel sells."""

    room_types: tuple[CatalogueItem, ...] = ()
    rate_plans: tuple[CatalogueItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStay:
    """What the conversation already holds; absent values are None."""

    check_in: date | None = None
    check_out: date | None = None
    nights: int | None = None
    adults: int | None = None
    children: int | None = None
    month: tuple[int, int] | None = None  # of days that are still to be told
    booked_until: date | None = None  # the departure of the guest's own booking, where one is talked about


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything outside the words that their meaning depends on."""

    now: datetime
    time_zone: ZoneInfo
    asked: tuple[str, ...] = ()
    known: KnownStay = field(default_factory=KnownStay)
    language_prior: str = ""
    language_hint: str = ""
    catalogue: Catalogue = field(default_factory=Catalogue)
    region: str = "MX"

    @property
    def today(self) -> date:
        """The hotel's own date, whatever zone `now` was given in."""
        return self.now.astimezone(self.time_zone).date()

    def asks(self, *names: str) -> bool:
        return any(name in self.asked for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text to be understood. `languages` are those it may be in.

    `careful`: better and slower models may be asked where the fast one is unsure.
    """

    text: str
    context: Context
    languages: tuple[str, ...] = LANGUAGES
    careful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the hotel and how sure we are of it."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What one message means. `content`: what of it says something, as it was meant."""

    language: Language
    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    out_of_scope: float
    model_version: str
    content: str

    def first(self, kind: EntityType, role: Role | None = None) -> Entity | None:
        """The first entity of a kind, and of a role where one is given."""
        for entity in self.entities:
            if entity.type is kind and (role is None or entity.role is role):
                return entity
        return None

    def intent(self, name: str) -> Intent | None:
        return next((intent for intent in self.intents if intent.name == name), None)
