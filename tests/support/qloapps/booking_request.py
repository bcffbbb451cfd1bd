"""What a request for a booking says, with the checks of the original in its order."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from tests.support.qloapps.render import Failure
from tests.support.qloapps.shop import Shop, day
from tests.support.qloapps.wire import Request

FILE = "/var/www/qloapps/classes/webservice/WebserviceSpecificManagementBookings.php"
PLAIN = re.compile(r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$")


@dataclass(slots=True)
class Line:
    """One room of a request. `net`: the price of the stay; `plan_room`: the room wanted, or 0."""

    type_id: int
    check_in: date
    check_out: date
    adults: int
    child_ages: list[int]
    children: int
    wanted_room: int
    net: Decimal | None
    doubled_tax: bool
    services: list[dict[str, Any]]
    room: int = 0

    @property
    def place(self) -> tuple[int, date, date]:
        return self.type_id, self.check_in, self.check_out


def parse(request: Request) -> dict[str, Any]:
    """The `booking` of a body, JSON or XML, whatever the content type says."""
    text = request.body.decode()
    merge = f"[PHP Warning #2] array_merge(): Expected parameter 1 to be an array, {{}} given ({FILE}, line 408)"
    currency = (404, "Please provide valid currency.")
    if not text.strip():
        raise Failure(400, (3, merge.format("bool")), currency)
    try:
        content = json.loads(text)
    except ValueError:
        try:
            node = ElementTree.fromstring(text).find("booking")
        except ElementTree.ParseError:
            warning = f"[PHP Warning #2] simplexml_load_string(): Entity: line 1: parser error ({FILE}, line 374)"
            raise Failure(400, (3, warning), (3, merge.format("bool")), currency) from None
        content = {"booking": _from_xml(node) if node is not None else None}
    if not isinstance(content, dict) or "booking" not in content:
        raise Failure(400, (127, "Invalid request."), (3, merge.format("null")), currency)
    return dict(content["booking"])


def _from_xml(node: ElementTree.Element) -> Any:
    lists = {"room_types", "rooms", "services", "child_ages", "cart_rules"}
    if node.tag in lists:
        return [_from_xml(child) for child in node]
    return {child.tag: _from_xml(child) for child in node} if len(node) else (node.text or "").strip()


def checked(shop: Shop, booking: dict[str, Any]) -> dict[str, Any]:
    """The associations of a booking, after the checks of the original in its order."""
    if booking.get("currency") != shop.currency:
        raise Failure(400, (404, "Please provide valid currency."))
    if int(booking.get("id_property") or 0) not in shop.table("hotels"):
        raise Failure(400, (404, "Please provide a valid id_property."))
    if int(booking.get("booking_status") or 1) not in {1, 2, 3, 4}:
        raise Failure(400, (404, "Invalid booking status."))
    parts = booking.get("associations") or {}
    if not str(parts.get("customer_detail", {}).get("phone", "")).strip():
        raise Failure(400, (404, "Please provide a valid phone number."))
    for rule in parts.get("cart_rules") or []:
        if isinstance(rule, dict) and not rule.get("code"):
            raise Failure(400, (404, "Invalid code for cart rule."))
    return dict(parts)


def wanted_lines(
    shop: Shop, parts: dict[str, Any], *, unavailable: str = "Requested room(s) not available."
) -> list[Line]:
    """One line a room. Raises Failure with the message of the original."""
    groups = parts.get("room_types")
    if not groups:
        raise Failure(400, (404, unavailable))
    lines: list[Line] = []
    for group in groups:
        type_id = int(group.get("id_room_type") or 0)
        if type_id not in shop.table("room_types"):
            raise Failure(400, (404, "Invalid room type in the request"))
        check_in, check_out = _date(group, "checkin_date", "check in"), _date(group, "checkout_date", "check out")
        if check_out < check_in:
            raise Failure(400, (404, "Invalid check in and check out dates in the request"))
        if "number_of_rooms" not in group:
            raise Failure(400, (404, "number of rooms is missing"))
        if check_out == check_in:
            raise Failure(400, (404, unavailable))
        count, rooms = max(1, int(group["number_of_rooms"])), group.get("rooms")
        if rooms is not None and len(rooms) != count:
            raise Failure(400, (404, "Room count does not matches with the number of rooms"))
        lines += [_line(shop, type_id, check_in, check_out, room) for room in rooms or [None] * count]
    return lines


def _line(shop: Shop, type_id: int, check_in: date, check_out: date, room: dict[str, Any] | None) -> Line:
    base = shop.table("room_types")[type_id]
    given = room or {}
    for service in given.get("services") or []:
        if int(service["id_service"]) not in shop.table("services"):
            raise Failure(400, (404, "Invalid request for service."))
    ages = [int(age) for age in given.get("child_ages") or []]
    price = given.get("unit_price_without_tax")
    return Line(
        type_id=type_id,
        check_in=check_in,
        check_out=check_out,
        # `adults`, which is documented, is ignored; without rooms the base occupancy is entered.
        adults=int(given.get("adult") or base["adults"]),
        child_ages=ages,
        children=int(base["children"]) if room is None else len(ages),
        wanted_room=int(given.get("id_room") or 0),
        net=None if price in {None, ""} else Decimal(str(price)),
        doubled_tax="total_tax" in given,
        services=list(given.get("services") or []),
    )


def _date(group: dict[str, Any], name: str, words: str) -> date:
    text = str(group.get(name, ""))
    try:
        if PLAIN.match(text):
            return day(text)
    except ValueError:
        pass
    raise Failure(400, (404, f"Invalid {words} date in the request"))
