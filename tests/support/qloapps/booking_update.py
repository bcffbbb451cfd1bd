"""`PUT bookings`: lines matched by type and dates, the rest dropped and entered anew, the guest overwritten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.qloapps.booking_request import Line, parse, wanted_lines
from tests.support.qloapps.booking_view import view
from tests.support.qloapps.bookings import add_remark, choose_rooms, enter, pay, service_line, strict_notices
from tests.support.qloapps.faults import Faults
from tests.support.qloapps.render import Failure
from tests.support.qloapps.shop import Row, Shop, amount, day
from tests.support.qloapps.wire import Request, Response

UNAVAILABLE = "Requested room(s) not available"


def update(shop: Shop, faults: Faults, request: Request, host: str) -> Response:
    """The id in the body decides, not the one in the address."""
    booking = parse(request)
    order = shop.table("orders").get(int(booking.get("id") or 0))
    if order is None:
        raise Failure(400, (404, "Booking not found."))
    parts = booking.get("associations") or {}
    if not parts.get("room_types"):
        raise Failure(400, (404, "Rooms not found in the request."))
    _overwrite_customer(shop, parts.get("customer_detail") or {})
    _replace_lines(shop, faults, order, wanted_lines(shop, parts, unavailable=UNAVAILABLE), parts)
    add_remark(shop, order["id"], str(booking.get("remark") or ""))
    shop.recount(order["id"])
    _status(shop, booking, order, parts)
    if faults.strict:
        raise Failure(500, *strict_notices())
    return view(shop, request, order["id"], host)


def _overwrite_customer(shop: Shop, detail: dict[str, Any]) -> None:
    """Whoever has the e-mail address is overwritten, the order's owner or not; a phone left out is wiped."""
    customer = shop.customer_by_email(str(detail.get("email", "")))
    if customer is None:
        raise Failure(400, (404, "Customer not found."))
    customer["phone"] = str(detail.get("phone", ""))
    for name in ("firstname", "lastname"):
        if detail.get(name):
            customer[name] = str(detail[name])


def _replace_lines(shop: Shop, faults: Faults, order: Row, wanted: list[Line], parts: dict[str, Any]) -> None:
    """Keeps lines of the same type and dates; enters new ones while the old ones still hold their rooms."""
    released = order["current_state"] in {"4", "5"}
    old = list(shop.lines_of(order["id"]))
    kept: list[tuple[Row, Line]] = []
    fresh: list[Line] = []
    for line in wanted:
        match = next((row for row in old if _place(row) == line.place and _is_wanted(row, line)), None)
        if match is None:
            fresh.append(line)
        else:
            old.remove(match)
            kept.append((match, line))
    if not released:
        choose_rooms(shop, fresh, UNAVAILABLE)
    for row in old:
        del shop.table("room_bookings")[row["id"]]
        shop.service_lines.pop(row["id"], None)
    for row, line in kept:
        if line.net is not None and faults.reprices_kept_lines:
            row["total_price_tax_excl"] = amount(line.net)
            row["total_price_tax_incl"] = amount(round(line.net * (1 + shop.tax_rate), 6))
        shop.service_lines[row["id"]] = [service_line(shop, line, service) for service in line.services]
    for line in fresh:
        enter(shop, order, line)


def _place(row: Row) -> tuple[int, Any, Any]:
    return int(row["id_product"]), day(row["date_from"]), day(row["date_to"])


def _is_wanted(row: Row, line: Line) -> bool:
    return line.wanted_room in {0, int(row["id_room"])}


def _status(shop: Shop, booking: dict[str, Any], order: Row, parts: dict[str, Any]) -> None:
    paid = (parts.get("price_details") or {}).get("total_paid")
    match int(booking.get("booking_status") or 0):
        case 1:
            # A cancelled order comes back to "awaiting payment" while its rooms stay released.
            shop.set_state(order["id"], 1)
        case 2:
            pay(shop, order, Decimal(order["total_paid_tax_incl"]))
            if paid:
                order["total_paid_real"] = amount(paid)
        case 3 | 4 as status if order["current_state"] != str(status + 1):
            shop.set_state(order["id"], status + 1)
        case _ if paid and Decimal(str(paid)) > Decimal(order["total_paid_real"]):
            pay(shop, order, Decimal(str(paid)))
        case _:
            pass
