"""`POST bookings`, and what else enters lines: with everything that the original forgives and forgets."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.qloapps.booking_request import FILE, Line, checked, parse, wanted_lines
from tests.support.qloapps.booking_view import view
from tests.support.qloapps.demo import add_customer
from tests.support.qloapps.faults import Faults
from tests.support.qloapps.render import Failure
from tests.support.qloapps.resources import EMAIL, NAME
from tests.support.qloapps.shop import NEVER, Row, Shop, amount
from tests.support.qloapps.wire import Request, Response


class Crash(Exception):
    """PHP died: what stands in the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("crash")
        self.response = response


async def create(shop: Shop, faults: Faults, request: Request, host: str) -> Response:
    """`POST /api/bookings`. Between the choice of a room and its entry others may act: there is no lock."""
    booking = parse(request)
    parts = checked(shop, booking)
    lines = wanted_lines(shop, parts)
    choose_rooms(shop, lines, "Requested room(s) not available.")
    customer = matched_customer(shop, parts["customer_detail"])
    if faults.think_seconds:
        await asyncio.sleep(faults.think_seconds)
    if faults.rival is not None:
        faults.rival([line.room for line in lines])
    order = _order(shop, booking, customer, host)
    for line in lines:
        late = faults.hidden_losers and not shop.is_free(line.room, line.check_in, line.check_out)
        enter(shop, order, line, lost=late)
    shop.recount(order["id"])
    below = _total_wish(shop, order, parts)
    _payment(shop, booking, order, parts)
    if below:
        raise Failure(500, (3, f"[PHP Warning #2] Division by zero ({FILE}, line 986)"))
    if faults.strict:
        raise Failure(500, *strict_notices(lines))
    return view(shop, request, order["id"], host)


def strict_notices(lines: list[Line] | None = None) -> list[tuple[int, str]]:
    """What PHP says under a strict php.ini."""
    said = [(5, f"[PHP Notice #8] Undefined index: total_tax ({FILE}, line 504)")] if lines else []
    return said + [(5, f"[PHP Notice #8] Undefined variable: useTax ({FILE}, line {line})") for line in (3463, 3494)]


def choose_rooms(shop: Shop, lines: list[Line], message: str, held: tuple[int, ...] = ()) -> None:
    """Gives each line the first free room, or the one it wants."""
    taken: list[tuple[int, date, date]] = []
    for line in lines:
        free = [
            room
            for room in shop.free_rooms(line.type_id, line.check_in, line.check_out)
            if not any(room == other and line.check_in < out and in_ < line.check_out for other, in_, out in taken)
        ]
        if line.wanted_room and line.wanted_room in free:
            line.room = line.wanted_room
        elif free and not line.wanted_room:
            line.room = free[0]
        else:
            raise Failure(400, (404, message))
        taken.append((line.room, line.check_in, line.check_out))


def matched_customer(shop: Shop, detail: dict[str, Any]) -> Row:
    """The customer with this e-mail address, overwritten with what the request says; a new one if there is none."""
    email, first, last = (str(detail.get(name, "")) for name in ("email", "firstname", "lastname"))
    if not EMAIL.match(email):
        raise Crash(Response(200, b"Fatal error", "text/html; charset=utf-8"))
    if not (first and last and NAME.match(first) and NAME.match(last)):
        shop.orphan_carts += 1
        raise Crash(Response(500, b"", "text/html; charset=utf-8"))
    known = shop.customer_by_email(email)
    if known is None:
        return add_customer(shop, email=email, first=first, last=last, phone=str(detail["phone"]))
    known.update(firstname=first, lastname=last, phone=str(detail.get("phone", "")), date_upd=shop.stamp())
    return known


def _order(shop: Shop, booking: dict[str, Any], customer: Row, host: str) -> Row:
    stamp = shop.stamp()
    order = shop.insert(
        "orders",
        {
            "id_cart": str(shop.next_id("carts")),
            "id_currency": "1",
            "id_lang": "1",
            "id_customer": str(customer["id"]),
            "current_state": "1",
            "module": "wsorder",
            "valid": "0",
            "date_add": str(booking.get("booking_date") or stamp),
            "date_upd": stamp,
            "payment": "Order from API",
            "payment_type": "1",
            **{name: amount(0) for name in ("total_paid", "total_paid_tax_incl", "total_paid_tax_excl",
                                            "total_paid_real", "total_products", "total_products_wt")},
            "source": str(booking.get("source") or host)[:255],
            "reference": shop.reference(),
            "is_advance_payment": "0",
            "advance_paid_amount": amount(0),
            "with_occupancy": "0",
            "id_property": int(booking["id_property"]),
        },
    )  # fmt: skip
    add_remark(shop, order["id"], str(booking.get("remark") or ""))
    return order


def add_remark(shop: Shop, order_id: int, text: str) -> None:
    """Remarks stand latest first, without tags; what does not fit three bytes becomes `????`."""
    if text:
        clean = re.sub(r"<[^>]*>", "", text)
        shop.remarks.setdefault(order_id, []).insert(0, re.sub(r"[\U00010000-\U0010ffff]", "????", clean))


def enter(shop: Shop, order: Row, line: Line, *, lost: bool = False, line_id: int | None = None) -> Row:
    """Enters a line of an order. A lost one is released and marked, and the order shows nothing of it."""
    net = line.net if line.net is not None else shop.room_price(line.type_id, line.check_in, line.check_out)
    tax = net * shop.tax_rate * (2 if line.doubled_tax else 1)
    hotel = shop.table("hotels")[int(order["id_property"])]
    stamp = shop.stamp()
    row = {
        **({"id": line_id} if line_id else {}),
        "id_product": str(line.type_id),
        "id_hotel": str(hotel["id"]),
        "id_order": str(order["id"]),
        "id_order_detail": str(shop.next_id("order_details")),
        "id_cart": order["id_cart"],
        "id_room": str(line.room),
        "id_customer": order["id_customer"],
        "booking_type": "1",
        "id_status": "1",
        "comment": "",
        "check_in": NEVER,
        "check_out": NEVER,
        "date_from": f"{line.check_in} 00:00:00",
        "date_to": f"{line.check_out} 00:00:00",
        "total_price_tax_excl": amount(net),
        "total_price_tax_incl": amount(round(net + tax, 6)),
        "total_paid_amount": amount(round(net + tax, 6)),
        "is_refunded": str(int(lost)),
        "is_cancelled": "0",
        "is_back_order": str(int(lost)),
        "room_num": shop.room_number(line.room),
        "room_type_name": shop.table("room_types")[line.type_id]["name"],
        "hotel_name": hotel["hotel_name"],
        "city": hotel["city"],
        "phone": hotel["phone"],
        "email": hotel["email"],
        "check_in_time": hotel["check_in"],
        "check_out_time": hotel["check_out"],
        "adults": str(line.adults),
        "children": str(line.children),
        "child_ages": json.dumps(line.child_ages, separators=(",", ":")),
        "date_add": stamp,
        "date_upd": stamp,
    }
    entered = shop.insert("room_bookings", row)
    shop.service_lines[entered["id"]] = [service_line(shop, line, service) for service in line.services]
    return entered


def service_line(shop: Shop, line: Line, service: dict[str, Any]) -> Row:
    row = shop.table("services")[int(service["id_service"])]
    per_night = row["price_calculation_method"] == "2"
    unit = Decimal(row["price"]) * ((line.check_out - line.check_in).days if per_night else 1)
    count = int(service.get("quantity") or 1)
    return {"id": row["id"], "name": row["name"], "quantity": count, "unit": unit, "total": unit * count,
            "per_night": int(per_night), "hidden": row["auto_add_to_cart"] == "1"}  # fmt: skip


def _total_wish(shop: Shop, order: Row, parts: dict[str, Any]) -> bool:
    """Raises prices to a wanted total; True when it is lower than the list, which ends in a division by zero."""
    wish = (parts.get("price_details") or {}).get("total_price_with_tax")
    if not wish:
        return False
    wanted, (_, gross) = Decimal(str(wish)), shop.total_of(order["id"])
    if wanted < gross:
        return True
    for line in shop.lines_of(order["id"]):
        for name in ("total_price_tax_excl", "total_price_tax_incl"):
            line[name] = amount(round(Decimal(line[name]) * wanted / gross, 2))
    shop.recount(order["id"])
    return False


def _payment(shop: Shop, booking: dict[str, Any], order: Row, parts: dict[str, Any]) -> None:
    status, total = int(booking.get("booking_status") or 1), Decimal(order["total_paid_tax_incl"])
    paid = total if status == 2 else Decimal(str((parts.get("price_details") or {}).get("total_paid") or 0))
    if status in {3, 4}:
        shop.set_state(order["id"], status + 1)
    elif paid:
        pay(shop, order, paid)
    else:
        shop.set_state(order["id"], 1)


def pay(shop: Shop, order: Row, paid: Decimal) -> None:
    """Enters a payment up to the new sum of all payments."""
    before, total = Decimal(order["total_paid_real"]), Decimal(order["total_paid_tax_incl"])
    order["total_paid_real"] = amount(paid)
    shop.insert("order_payments", {"order_reference": order["reference"], "amount": f"{paid - before:.2f}"})
    shop.set_state(order["id"], 2 if paid >= total else 8)
