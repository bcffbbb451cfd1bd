"""QloApps' loose types made strict: ids and sums that are text here and numbers there, dates, HTML."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from services.pms.adapters.qloapps.failures import Unreachable
from services.pms.domain.stay import MAX_CHILD_AGE, Occupancy, Stay

Row = Mapping[str, Any]
CANCELED, REFUNDED = 4, 5
ALLOTTED, CHECKED_IN, CHECKED_OUT = 1, 2, 3


def whole(value: Any) -> int:
    """An id or a number; empty and missing count as 0. Raises Unreachable for what is none."""
    try:
        return int(Decimal(str(value))) if value not in {None, "", False, True} else int(bool(value))
    except (InvalidOperation, ValueError) as error:
        raise Unreachable("QloApps answers something that is no number") from error


def amount(value: Any) -> Decimal:
    """A sum; raises Unreachable for what is none."""
    try:
        return Decimal(str(value if value not in {None, ""} else 0))
    except InvalidOperation as error:
        raise Unreachable("QloApps answers something that is no sum") from error


def day(value: Any) -> date:
    """The date of `YYYY-MM-DD` with or without a time; raises Unreachable for an impossible one."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise Unreachable("QloApps answers something that is no date") from error


def instant(value: Any, zone: str) -> datetime:
    """A local time of the server as an instant."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError as error:
        raise Unreachable("QloApps answers something that is no time") from error


def text(value: Any) -> str:
    """Words for people: the one language of a translated field, without HTML."""
    if isinstance(value, list):
        value = next((entry.get("value", "") for entry in value if isinstance(entry, dict)), "")
    plain = re.sub(r"<(br|/p|/div|/li|/h\d)\b[^>]*>", "\n", str(value or ""))
    plain = html.unescape(re.sub(r"<[^>]*>", "", plain))
    return "\n".join(line for raw in plain.splitlines() if (line := " ".join(raw.split())))


def keyed(value: Any) -> Mapping[str, Any]:
    """An object that is `[]` when it is empty."""
    return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLine:
    """A room of an order. `net` and `gross` are of the whole stay."""

    line_id: int
    order_id: int
    type_id: int
    room_id: int
    room_number: str
    status: int
    stay: Stay
    occupancy: Occupancy
    net: Decimal
    gross: Decimal
    refunded: bool
    canceled: bool
    back_order: bool

    @property
    def live(self) -> bool:
        """True while it keeps its room."""
        return not self.refunded and not self.back_order


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    """An order and its rooms as QloApps has them."""

    order_id: int
    reference: str
    state: int
    source: str
    customer_id: int
    total: Decimal
    paid: Decimal
    added: str
    updated: str
    lines: tuple[SeenLine, ...]

    @property
    def canceled(self) -> bool:
        """True when nothing of it is left."""
        return self.state == CANCELED or (bool(self.lines) and all(line.canceled for line in self.lines))

    @property
    def live_lines(self) -> tuple[SeenLine, ...]:
        return tuple(line for line in self.lines if line.live)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A guest as QloApps knows them; the password hash is not taken over."""

    customer_id: int
    given_name: str
    family_name: str
    email: str
    phone_number: str
    language_id: int = 1


def line_of(row: Row) -> SeenLine:
    """A line of `room_bookings`."""
    return SeenLine(
        line_id=whole(row["id"]),
        order_id=whole(row["id_order"]),
        type_id=whole(row.get("id_product")),
        room_id=whole(row["id_room"]),
        room_number=str(row.get("room_num") or ""),
        status=whole(row.get("id_status") or ALLOTTED),
        stay=Stay(day(row["date_from"]), day(row["date_to"])),
        occupancy=_occupancy(row),
        net=amount(row.get("total_price_tax_excl")),
        gross=amount(row.get("total_price_tax_incl")),
        refunded=bool(whole(row.get("is_refunded"))),
        canceled=bool(whole(row.get("is_cancelled"))),
        back_order=bool(whole(row.get("is_back_order"))),
    )


def order_of(row: Row, lines: tuple[SeenLine, ...]) -> SeenOrder:
    """An order with its lines."""
    return SeenOrder(
        order_id=whole(row["id"]),
        reference=str(row.get("reference") or ""),
        state=whole(row.get("current_state")),
        source=str(row.get("source") or ""),
        customer_id=whole(row.get("id_customer")),
        total=amount(row.get("total_paid_tax_incl")),
        paid=amount(row.get("total_paid_real")),
        added=str(row.get("date_add") or ""),
        updated=str(row.get("date_upd") or ""),
        lines=lines,
    )


def customer_of(row: Row) -> Customer:
    """A customer, without the password's hash."""
    return Customer(
        customer_id=whole(row["id"]),
        given_name=str(row.get("firstname") or ""),
        family_name=str(row.get("lastname") or ""),
        email=str(row.get("email") or ""),
        phone_number=str(row.get("phone") or ""),
        language_id=whole(row.get("id_lang") or 1),
    )


def _occupancy(row: Row) -> Occupancy:
    """Who sleeps there; children without a known age count as the oldest."""
    try:
        ages = [min(max(int(age), 0), MAX_CHILD_AGE) for age in json.loads(str(row.get("child_ages") or "[]"))]
    except (ValueError, TypeError):
        ages = []
    children = whole(row.get("children"))
    ages += [MAX_CHILD_AGE] * (children - len(ages))
    return Occupancy(max(1, whole(row.get("adults"))), tuple(ages[:children] if children else ()))
