"""The project's own schema of a hotel file, and its way into the domain.

Everything is checked before anything is used: `parse` raises one HotelFileError that names every problem with its path.
Unknown keys are problems, so that a misspelt one is not silently without effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from services.pms.adapters.hotel_file_pms import PmsPart, pms_faults
from services.pms.adapters.hotel_file_pricing import PricingPart, pricing_faults
from services.pms.adapters.hotel_file_references import dangling_references
from services.pms.adapters.strict_yaml import OneValueLoader

MAX_FILE_BYTES = 1_000_000


class HotelFileError(Exception):
    """The file does not describe a hotel. `problems` has one line for each fault, beginning with its path."""

    def __init__(self, source: str, problems: list[str]) -> None:
        super().__init__(f"{source}: " + "; ".join(problems))
        self.source = source
        self.problems = problems


def _time_of_day(value: object) -> object:
    # YAML reads an unquoted 15:00 as the number 900.
    if not isinstance(value, str):
        raise ValueError('write a time of day in quotes, as "15:00"')
    return value


def _exact(value: object) -> object:
    return str(value) if isinstance(value, float) else value


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not an IANA time zone, such as America/Mexico_City")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Exact = Annotated[Decimal, BeforeValidator(_exact)]
Price = Annotated[Exact, Field(ge=0, max_digits=14, decimal_places=4)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
TextByLanguage = dict[str, Text]
WordsByLanguage = dict[str, list[Text]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hours(_Part):
    """From a time of day until another, which may be on the next day."""

    start: TimeOfDay
    end: TimeOfDay


class PropertyPart(_Part):
    """What the hotel is."""

    property_id: Id = Field(alias="id")
    name: Text
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    region: str = Field(pattern=r"^[A-Z]{2}$")
    languages: list[str] = Field(min_length=1)
    check_in_time: TimeOfDay
    check_out_time: TimeOfDay
    quiet_hours: Hours
    staff_hours: Hours
    emergency_number: str = Field(pattern=r"^\+?[0-9]{2,15}$")


class SalesPart(_Part):
    """How it sells."""

    max_rooms_self_service: int = Field(4, ge=1, le=50)
    booking_horizon_days: int = Field(540, ge=1, le=1100)
    hold_minutes: int = Field(15, ge=1, le=1440)
    quote_minutes: int = Field(30, ge=1, le=1440)


class TaxPart(_Part):
    """A rate on the price, or a fixed amount per stay, night or person and night."""

    code: Id
    rate: Annotated[Exact, Field(ge=0, le=1)] | None = None
    amount: Price | None = None
    included: bool = False
    per: Literal["stay", "night", "person_night"] = "stay"
    exempt_below_age: int = Field(0, ge=0, le=18)

    @model_validator(mode="after")
    def _one_of(self) -> TaxPart:
        if (self.rate is None) == (self.amount is None):
            raise ValueError("give a rate or an amount, and only one of them")
        if self.rate is not None and self.per != "stay":
            raise ValueError("a rate is on the whole stay: leave `per` out")
        return self


class RoomTypePart(_Part):
    """What is sold. `units` may be left out where `rooms` names every room."""

    name: TextByLanguage
    synonyms: WordsByLanguage = Field(default_factory=dict)
    beds: TextByLanguage
    max_occupancy: int = Field(ge=1, le=20)
    max_adults: int = Field(0, ge=0, le=20)
    max_children: int | None = Field(None, ge=0, le=20)
    net_price: Price
    units: int = Field(0, ge=0, le=5000)
    rooms: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _counted(self) -> RoomTypePart:
        if len(set(self.rooms)) != len(self.rooms):
            raise ValueError("a room is named twice")
        if self.rooms and self.units not in {0, len(self.rooms)}:
            raise ValueError("units and the number of rooms differ")
        if not self.rooms and not self.units:
            raise ValueError("give rooms or units")
        return self


class CancellationPart(_Part):
    """From so many hours before the arrival on (or from the booking on), a penalty."""

    hours_before_arrival: int | None = Field(None, ge=0, le=8784)
    nights: int | None = Field(None, ge=1)
    percent: int | None = Field(None, ge=0, le=100)
    amount: Price | None = None

    @model_validator(mode="after")
    def _one_of(self) -> CancellationPart:
        if sum(value is not None for value in (self.nights, self.percent, self.amount)) != 1:
            raise ValueError("give nights, percent or amount, and only one of them")
        return self


class RatePlanPart(_Part):
    """Conditions of sale."""

    name: TextByLanguage
    synonyms: WordsByLanguage = Field(default_factory=dict)
    price_factor: Annotated[Exact, Field(gt=0, le=10)] = Decimal(1)
    cancellation: list[CancellationPart] = Field(default_factory=list)
    date_change_allowed: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> RatePlanPart:
        hours = [
            10**6 if step.hours_before_arrival is None else step.hours_before_arrival for step in self.cancellation
        ]
        if hours != sorted(set(hours), reverse=True):
            raise ValueError("write cancellation steps earliest first, each at its own time")
        return self


class Nights(_Part):
    """A half-open range of nights."""

    first: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _forward(self) -> Nights:
        if self.until <= self.first:
            raise ValueError("`until` is the first night not meant: it comes after `from`")
        return self


class NightsPart(_Part):
    """Nights that differ."""

    nights: Nights
    left: dict[str, Annotated[int, Field(ge=0, le=5000)]] = Field(default_factory=dict)
    net_price: dict[str, Price] = Field(default_factory=dict)
    min_nights: int = Field(0, ge=0, le=60)
    max_nights: int = Field(0, ge=0, le=365)
    closed_to_arrival: bool = False
    closed_to_departure: bool = False


class GuestPart(_Part):
    """Who has a reservation."""

    given_name: Text
    family_name: str = ""
    phone: str = Field("", pattern=r"^(\+[0-9]{7,15})?$")
    email: str = Field("", pattern=r"^([^@\s]+@[^@\s]+)?$")
    language: str = ""


class ReservationPart(_Part):
    """A reservation the hotel already has."""

    code: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,14}[A-Z0-9]$")
    guest: GuestPart
    room_type: Id
    rate_plan: Id
    check_in: date
    check_out: date
    adults: int = Field(ge=1, le=20)
    child_ages: list[Annotated[int, Field(ge=0, le=17)]] = Field(default_factory=list)
    room: str = ""
    state: Literal["PENDING", "CONFIRMED", "IN_HOUSE", "CHECKED_OUT", "CANCELED", "NO_SHOW"] = "CONFIRMED"

    @model_validator(mode="after")
    def _forward(self) -> ReservationPart:
        if self.check_out <= self.check_in:
            raise ValueError("check_out comes after check_in")
        return self


class HotelFile(_Part):
    """A whole hotel file."""

    version: Literal[1]
    hotel: PropertyPart = Field(alias="property")
    sales: SalesPart = Field(default_factory=SalesPart)
    pms: PmsPart | None = None
    pricing: PricingPart | None = None
    taxes: list[TaxPart] = Field(default_factory=list)
    room_types: dict[Id, RoomTypePart] = Field(min_length=1)
    rate_plans: dict[Id, RatePlanPart] = Field(min_length=1)
    facts: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], TextByLanguage] = Field(default_factory=dict)
    inventory: list[NightsPart] = Field(default_factory=list)
    reservations: list[ReservationPart] = Field(default_factory=list)

    @property
    def hold_duration(self) -> timedelta:
        return timedelta(minutes=self.sales.hold_minutes)

    @property
    def quote_duration(self) -> timedelta:
        return timedelta(minutes=self.sales.quote_minutes)


def parse(content: Mapping[str, Any], source: str) -> HotelFile:
    """A hotel file from its content. Raises HotelFileError with every problem at once."""
    problems = []
    hotel_file = None
    try:
        hotel_file = HotelFile.model_validate(content)
    except ValidationError as error:
        problems = [f"{_path(fault['loc'])}: {_reason(fault)}" for fault in error.errors()]
    problems += [*dangling_references(content), *pms_faults(content), *pricing_faults(content)]
    if problems or hotel_file is None:
        raise HotelFileError(source, problems)
    return hotel_file


def read(path: Path) -> HotelFile:
    """A hotel file from disk. Raises HotelFileError, also when it cannot be read or is no YAML."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise HotelFileError(str(path), [f"is larger than {MAX_FILE_BYTES} bytes"])
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=OneValueLoader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise HotelFileError(str(path), [f"cannot be read: {error}"]) from error
    except yaml.YAMLError as error:
        raise HotelFileError(str(path), [f"is not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(content, dict):
        raise HotelFileError(str(path), ["is not a mapping"])
    return parse(content, str(path))


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path or "file"


def _reason(fault: Any) -> str:
    reasons = {"extra_forbidden": "unknown key", "missing": "is missing"}
    return reasons.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
