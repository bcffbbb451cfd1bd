"""A booking as QloApps shows it."""

from __future__ import annotations

from decimal import Decimal

from tests.support.qloapps.render import answer, element
from tests.support.qloapps.shop import Row, Shop, number
from tests.support.qloapps.wire import Request, Response


def view(shop: Shop, request: Request, order_id: int, host: str) -> Response:
    """One booking: without status, reference or what became of its rooms."""
    order = shop.table("orders")[order_id]
    customer = shop.table("customers")[int(order["id_customer"])]
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for line in shop.lines_of(order_id):
        groups.setdefault((line["id_product"], line["date_from"], line["date_to"]), []).append(line)
    net, _ = shop.total_of(order_id)
    doubled = sum(
        (
            Decimal(row["total_price_tax_incl"]) - Decimal(row["total_price_tax_excl"])
            for row in shop.lines_of(order_id)
        ),
        Decimal(0),
    )
    services = sum((s["total"] for row in shop.lines_of(order_id) for s in shop.service_lines.get(row["id"], [])), Decimal(0))  # noqa: E501  # fmt: skip
    booking = {
        "id": order_id,
        "id_property": order["id_property"],
        "currency": shop.currency,
        "source": order["source"],
        "booking_date": order["date_add"],
        "id_language": 1,
        "associations": {
            "customer_detail": {
                "id_customer": customer["id"],
                **{name: customer[name] for name in ("firstname", "lastname", "email", "phone")},
            },
            "price_details": {
                "total_paid": number(order["total_paid_real"]),
                "total_price_without_tax": number(net),
                "total_tax": number(doubled + services * shop.tax_rate),
            },
            "cart_rules": [],
            "remarks": shop.remarks.get(order_id, []),
            "room_types": [_group(shop, lines) for lines in groups.values()],
        },
    }
    return answer(request, {"booking": booking}, element("booking", booking, host))


def _group(shop: Shop, lines: list[Row]) -> Row:
    def tax(row: Row) -> Decimal:
        return Decimal(row["total_price_tax_incl"]) - Decimal(row["total_price_tax_excl"])

    return {
        "id_room_type": int(lines[0]["id_product"]),
        "checkin_date": lines[0]["date_from"],
        "checkout_date": lines[0]["date_to"],
        "total_tax": number(sum((tax(row) for row in lines), Decimal(0))),
        "number_of_rooms": len(lines),
        "name": lines[0]["room_type_name"],
        "rooms": [
            {
                "id_room": int(row["id_room"]),
                "id_hotel_booking": int(row["id"]),
                "adults": int(row["adults"]),
                "child": int(row["children"]),
                "unit_price_without_tax": number(row["total_price_tax_excl"]),
                "total_tax": number(tax(row)),
                **_services(shop, row),
            }
            for row in lines
        ],
    }


def _services(shop: Shop, row: Row) -> Row:
    shown = [
        {
            "id_service": service["id"],
            "name": service["name"],
            "quantity": service["quantity"],
            "unit_price_without_tax": number(service["unit"]),
            "total_price_without_tax": number(service["total"]),
            "total_tax": number(service["total"] * shop.tax_rate),
            "per_night": service["per_night"],
            "price_mode": 2 if service["per_night"] else 1,
        }
        for service in sorted(shop.service_lines.get(row["id"], []), key=lambda each: each["id"])
        if not service["hidden"]
    ]
    return {"services": shown} if shown else {}
