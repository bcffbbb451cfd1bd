"""Protobuf's well-known types to the standard library's and back. For servicers and adapters only.

Every reader names the field it reads, so that a malformed one is refused with its path.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyProto
from google.type.timeofday_pb2 import TimeOfDay

from mesh.errors import Invalid
from mesh.values import Money

_NANOS = Decimal(1_000_000_000)


def date_to_proto(value: date) -> Date:
    return Date(year=value.year, month=value.month, day=value.day)


def date_from_proto(message: Date, field: str = "date") -> date:
    """The calendar date. Raises Invalid for a missing, partial or impossible one."""
    try:
        return date(message.year, message.month, message.day)
    except ValueError as error:
        raise Invalid(f"{field} is not a date", fields={field: f"must be a whole calendar date: {error}"}) from None


def money_to_proto(value: Money) -> MoneyProto:
    units = int(value.amount)
    return MoneyProto(
        currency_code=value.currency,
        units=units,
        nanos=int(((value.amount - units) * _NANOS).to_integral_value()),
    )


def money_from_proto(message: MoneyProto, field: str = "amount") -> Money:
    """The exact sum. Raises Invalid without a currency or where units and nanos disagree in sign."""
    if len(message.currency_code) != 3 or not message.currency_code.isalpha():
        raise Invalid(f"{field} has no currency", fields={f"{field}.currency_code": "must be an ISO 4217 code"})
    if abs(message.nanos) >= 1_000_000_000 or message.units * message.nanos < 0:
        raise Invalid(f"{field} is not a sum", fields={f"{field}.nanos": "must agree with units and be below one unit"})
    return Money(Decimal(message.units) + Decimal(message.nanos) / _NANOS, message.currency_code.upper())


def time_to_proto(value: datetime) -> Timestamp:
    """An instant. Raises ValueError for a naive time: those are a bug of ours."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    message = Timestamp()
    message.FromDatetime(value.astimezone(UTC))
    return message


def time_from_proto(message: Timestamp, field: str = "time") -> datetime | None:
    """The instant in UTC, or None for an unset one (the epoch). Raises Invalid for one outside the years 1 to 9999."""
    if message.seconds == 0 and message.nanos == 0:
        return None
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{field} is not an instant", fields={field: str(error)}) from None


def duration_to_proto(value: timedelta) -> Duration:
    message = Duration()
    message.FromTimedelta(value)
    return message


def duration_from_proto(message: Duration) -> timedelta:
    return message.ToTimedelta()


def time_of_day_to_proto(value: time) -> TimeOfDay:
    return TimeOfDay(hours=value.hour, minutes=value.minute, seconds=value.second)


def time_of_day_from_proto(message: TimeOfDay, field: str = "time") -> time:
    """The time of day. Raises Invalid for 24:00 and other impossible ones."""
    try:
        return time(message.hours, message.minutes, message.seconds)
    except ValueError as error:
        raise Invalid(f"{field} is not a time of day", fields={field: str(error)}) from None


def require(message: Message, *fields: str) -> None:
    """Raises one Invalid naming every one of `fields` that is empty (unset message, empty string or list, zero)."""
    missing = {name: "is required" for name in fields if not _is_set(message, name)}
    if missing:
        raise Invalid(f"{', '.join(missing)} missing", fields=missing)


def require_storable(message: Message) -> None:
    """Raises Invalid naming the first text with a NUL character, which no database of ours keeps."""
    if path := _nul(message):
        raise Invalid("a text with a NUL character", fields={path: "must not contain NUL"})


def _nul(message: Message, prefix: str = "") -> str:
    """The path of the first text with a NUL character; empty when there is none."""
    for descriptor, value in message.ListFields():
        values = value if descriptor.is_repeated else [value]
        for each in values:
            path = f"{prefix}{descriptor.name}"
            if isinstance(each, str) and "\x00" in each:
                return path
            if isinstance(each, Message) and (inner := _nul(each, f"{path}.")):
                return inner
    return ""


def _is_set(message: Message, name: str) -> bool:
    descriptor = message.DESCRIPTOR.fields_by_name[name]
    if descriptor.message_type is not None and not descriptor.is_repeated:
        return message.HasField(name)
    return bool(getattr(message, name))
