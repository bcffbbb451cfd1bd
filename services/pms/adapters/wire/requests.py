"""What comes in: stays, occupancies, bookers, queries, tokens. Every fault is named with its field path."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from google.protobuf.message import Message
from hotel.common.v1 import channel_pb2, stay_pb2
from hotel.pms.v1 import pms_pb2, reservation_pb2
from mesh import wire
from mesh.errors import Invalid

from services.pms.domain.reservation import Booker, Identity, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from services.pms.ports import ReservationQuery, Write

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
MAX_REQUEST_ID = 200
MAX_NAME = 200
MAX_LANGUAGE = 35
MAX_SOURCE = 100
FIRST_YEAR, LAST_YEAR = 2000, 2199
MAX_REMARK = 1000
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def require(request: Any, *fields: str) -> None:
    """Raises one Invalid naming every empty one of `fields`, and one for text that no database keeps."""
    wire.require(request, *fields)
    wire.require_storable(request)


def write_of(request: Any, operation: str) -> Write:
    """Which write a request is; its digest covers every field."""
    if len(request.request_id) > MAX_REQUEST_ID:
        raise Invalid("request id too long", fields={"request_id": f"at most {MAX_REQUEST_ID} characters"})
    body = operation.encode() + b"\x00" + request.SerializeToString(deterministic=True)
    return Write(request_id=request.request_id, operation=operation, digest=hashlib.sha256(body).hexdigest())


def stay_of(message: stay_pb2.Stay, field: str = "stay") -> Stay:
    """A half-open range of nights; raises Invalid for missing or reversed dates."""
    check_in = wire.date_from_proto(message.check_in_date, f"{field}.check_in_date")
    check_out = wire.date_from_proto(message.check_out_date, f"{field}.check_out_date")
    for name, value in (("check_in_date", check_in), ("check_out_date", check_out)):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Invalid("not a date to stay", fields={f"{field}.{name}": f"must be of {FIRST_YEAR}-{LAST_YEAR}"})
    try:
        return Stay(check_in, check_out)
    except Invalid as error:
        path = f"{field}.check_out_date"
        raise Invalid(error.message, fields={path: f"must be after {field}.check_in_date"}) from None


def rooms_of(messages: Sequence[stay_pb2.Occupancy]) -> tuple[Occupancy, ...]:
    """One occupancy a room; raises one Invalid that names every impossible one."""
    rooms: list[Occupancy] = []
    problems: dict[str, str] = {}
    for index, message in enumerate(messages):
        try:
            rooms.append(Occupancy(message.adults, tuple(message.child_ages)))
        except Invalid as error:
            problems |= {f"rooms[{index}].{field}": why for field, why in error.fields.items()}
    if problems:
        raise Invalid("impossible occupancy", fields=problems)
    return tuple(rooms)


def identity_of(message: channel_pb2.ChannelIdentity, field: str = "identity") -> Identity:
    """A channel identity; raises Invalid without channel or address."""
    problems = {}
    if message.channel == channel_pb2.CHANNEL_UNSPECIFIED or message.channel not in channel_pb2.Channel.values():
        problems[f"{field}.channel"] = "is required"
    if not 1 <= len(message.address) <= 320:
        problems[f"{field}.address"] = "1-320 characters are required"
    if problems:
        raise Invalid("not an identity", fields=problems)
    return Identity(
        channel=channel_pb2.Channel.Name(message.channel).removeprefix("CHANNEL_"),
        address=message.address,
        phone_number=message.phone_number,
        channel_name=message.channel_name,
    )


def booker_of(message: reservation_pb2.Booker) -> Booker:
    """Who books: a name, and a phone or an e-mail. Raises one Invalid with every fault."""
    problems = contact_problems(message, "booker.")
    if not (message.given_name.strip() or message.family_name.strip()):
        problems["booker.given_name"] = "a name is required"
    if not (message.phone_number or message.email):
        problems["booker.phone_number"] = "a phone number or an e-mail is required"
    if problems:
        raise Invalid("the booker is incomplete", fields=problems)
    return Booker(
        given_name=message.given_name.strip(),
        family_name=message.family_name.strip(),
        email=message.email.strip(),
        phone_number=message.phone_number,
        language=message.language,
        identity=identity_of(message.identity, "booker.identity") if message.HasField("identity") else None,
    )


def contact_problems(message: Any, prefix: str = "") -> dict[str, str]:
    """What is wrong with the names, phone and e-mail of a booker or profile, by field path."""
    problems = {}
    for name in ("given_name", "family_name"):
        if len(getattr(message, name)) > MAX_NAME:
            problems[f"{prefix}{name}"] = f"at most {MAX_NAME} characters"
    if len(message.language) > MAX_LANGUAGE:
        problems[f"{prefix}language"] = "must be a BCP-47 language"
    if message.phone_number and not _PHONE.fullmatch(message.phone_number):
        problems[f"{prefix}phone_number"] = "must be E.164, such as +5215512345678"
    if message.email and not (_EMAIL.fullmatch(message.email.strip()) and len(message.email) <= 320):
        problems[f"{prefix}email"] = "must be an e-mail address"
    return problems


def text_of(text: str, field: str, most: int = MAX_REMARK) -> str:
    """A text of at most so many characters."""
    if len(text) > most:
        raise Invalid(f"{field} too long", fields={field: f"at most {most} characters"})
    return text


def version_of(etag: str) -> int:
    """The version an etag stands for; one that was never given matches none."""
    return int(etag) if etag.isdecimal() and len(etag) < 16 else -1


def page_size_of(size: int) -> int:
    """1-200; 0 means 50."""
    if not 0 <= size <= MAX_PAGE_SIZE:
        raise Invalid("page size", fields={"page_size": f"0-{MAX_PAGE_SIZE}"})
    return size or DEFAULT_PAGE_SIZE


def query_of(request: pms_pb2.ListReservationsRequest) -> ReservationQuery:
    """The filters of a list of reservations, with one more than the page holds to see whether there is a next."""
    require(request, "property_id")
    states = []
    for value in request.states:
        if value == 0 or value not in reservation_pb2.ReservationState.values():
            raise Invalid("unknown state", fields={"states": "must be known states"})
        name = reservation_pb2.ReservationState.Name(value).removeprefix("RESERVATION_STATE_")
        states.append(ReservationState(name))
    after = open_page_token(request.page_token, request) if request.page_token else None
    return ReservationQuery(
        property_id=request.property_id,
        check_in_from=_optional_date(request, "check_in_from"),
        check_in_to=_optional_date(request, "check_in_to"),
        phone_number=request.phone_number,
        email=request.email,
        identity=identity_of(request.identity) if request.HasField("identity") else None,
        states=frozenset(states),
        after=_place(after) if after is not None else None,
        limit=page_size_of(request.page_size) + 1,
    )


def page_token(place: Sequence[str], request: Message) -> str:
    """A token that continues behind a place of this very list."""
    text = json.dumps([_filter_digest(request), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def open_page_token(token: str, request: Message) -> list[str]:
    """The place in a list; raises Invalid INVALID_PAGE_TOKEN for another list's token or none of ours."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        digest, *place = json.loads(text)
    except (ValueError, TypeError, binascii.Error):
        raise invalid_page_token() from None
    if digest != _filter_digest(request) or not all(isinstance(part, str) for part in place):
        raise invalid_page_token()
    return [str(part) for part in place]


def invalid_page_token() -> Invalid:
    return Invalid("the token was not issued for this call", reason="INVALID_PAGE_TOKEN")


def _filter_digest(request: Any) -> str:
    """What makes two requests pages of one list: everything but size and token."""
    filters = type(request)()
    filters.CopyFrom(request)
    for name in ("page_size", "page_token", "resume_token"):
        if name in filters.DESCRIPTOR.fields_by_name:
            filters.ClearField(name)
    return hashlib.sha256(filters.SerializeToString(deterministic=True)).hexdigest()[:16]


def _optional_date(request: pms_pb2.ListReservationsRequest, field: str) -> date | None:
    return wire.date_from_proto(getattr(request, field), field) if request.HasField(field) else None


def _place(parts: list[str]) -> tuple[date, str]:
    try:
        return date.fromisoformat(parts[0]), parts[1]
    except (ValueError, IndexError):
        raise invalid_page_token() from None
