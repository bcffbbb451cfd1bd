"""Generic resources: lists with filters, single rows, rows added and replaced as XML."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from tests.support.qloapps.demo import add_customer
from tests.support.qloapps.render import Failure, answer, as_xml
from tests.support.qloapps.shop import Row, Shop, amount, day
from tests.support.qloapps.wire import Request, Response

# Resource: name of its list, name of one, and whether ids are text where fields are displayed.
NAMES: dict[str, tuple[str, str, bool]] = {
    "hotels": ("hotels", "hotel", True),
    "hotel_rooms": ("rooms", "room", True),
    "hotel_room_types": ("hotel_room_types", "hotel_room_type", True),
    "room_bookings": ("bookings", "booking", True),
    "room_types": ("room_types", "room_type", False),
    "services": ("services", "service", False),
    "customers": ("customers", "customer", False),
    "orders": ("orders", "order", False),
    "order_states": ("order_states", "order_state", False),
    "order_histories": ("order_histories", "order_history", False),
    "order_payments": ("order_payments", "order_payment", False),
    "order_details": ("order_details", "order_detail", False),
    "order_slip": ("order_slips", "order_slip", False),
    "cart_rules": ("cart_rules", "cart_rule", False),
    "extra_demands": ("extra_demands", "extra_demand", False),
    "hotel_refund_rules": ("hotel_refund_rules", "hotel_refund_rule", False),
    "feature_prices": ("feature_prices", "feature_price", False),
    "booking_extra_demands": ("booking_extra_demands", "booking_extra_demand", False),
    "demand_advance_options": ("demand_advance_options", "demand_advance_option", False),
    "customer_threads": ("customer_threads", "customer_thread", False),
    "customer_messages": ("customer_messages", "customer_message", False),
    "addresses": ("addresses", "address", False),
    "currencies": ("currencies", "currency", False),
    "countries": ("countries", "country", False),
    "states": ("states", "state", False),
    "languages": ("languages", "language", False),
    "hotel_features": ("hotel_features", "hotel_feature", True),
    "advance_payments": ("advance_payments", "advance_payment", True),
    "tax_rule_groups": ("tax_rule_groups", "tax_rule_group", False),
    "configurations": ("configurations", "configuration", False),
}
NOTICE = "[PHP Notice #8] Trying to access array offset on value of type bool (/var/www/qloapps/classes/webservice/WebserviceRequest.php, line 1205)"  # noqa: E501
NAME = re.compile(r"^[^0-9!<>,;?=+()@#\"°{}_$%:]*$")
EMAIL = re.compile(r"^[^@\s]+@[a-zA-Z0-9]+[._a-zA-Z0-9-]*\.[a-zA-Z0-9]+$")


def listing(shop: Shop, request: Request, host: str) -> Response:
    """`GET /api/R`: ids, or the fields asked for; `[]` when nothing matches."""
    plural, single, text_ids = NAMES[request.resource]
    if request.resource == "order_details":
        shop.tables["order_details"] = {row["id"]: row for row in _details(shop)}
    rows = list(shop.table(request.resource).values())
    if request.resource == "room_bookings":
        rows.sort(key=lambda row: int(row["id"]))
    for name, value in request.query.items():
        if match := re.fullmatch(r"filter\[(\w+)\]", name):
            rows = _filtered(request.resource, rows, match[1], value)
    rows = _limited(_sorted(rows, request.query.get("sort", "")), request.query.get("limit", ""))
    display = request.query.get("display", "")
    if not display:
        shown: list[Row] = [{"id": int(row["id"])} for row in rows]
        xml = "".join(f'<{single} id="{r["id"]}" xlink:href="http://{host}/api/{request.resource}/{r["id"]}"/>\n' for r in shown)  # noqa: E501  # fmt: skip
        return answer(request, {plural: shown} if shown else [], f"<{plural}>\n{xml}</{plural}>\n")
    shown = [_displayed(row, display, text_ids) for row in rows]
    xml = "".join(as_xml(single, row, host) for row in shown)
    return answer(request, {plural: shown} if shown else [], f"<{plural}>\n{xml}</{plural}>\n")


def single(shop: Shop, request: Request, host: str) -> Response:
    """`GET /api/R/7`; an unknown id is 404 without a body."""
    _, name, text_ids = NAMES[request.resource]
    row = shop.table(request.resource).get(int(request.key)) if request.key.isdigit() else None
    if row is None:
        return Response(404)
    shown = {**row, "id": str(row["id"]) if text_ids or request.resource == "hotels" else row["id"]}
    if request.resource == "orders":
        shown["associations"] = {"bookings": [{"id": str(line["id"])} for line in shop.lines_of(row["id"])]}
    return answer(request, {name: shown}, as_xml(name, shown, host))


def added(shop: Shop, request: Request, host: str) -> Response:
    """`POST /api/R` with XML."""
    _, name, _ = NAMES[request.resource]
    fields = xml_fields(request, name)
    match request.resource:
        case "customers":
            row = _customer(shop, fields)
        case "order_histories":
            entered = _history(shop, fields)
            if entered is None:
                return Response(200, b"Invalid new order status", "text/html; charset=utf-8")
            row = entered
        case _:
            row = shop.insert(request.resource, {**fields, "date_add": shop.stamp()})
    shown = {**row, "id": str(row["id"])}
    if request.resource == "order_histories":
        shown["id_order_state"] = int(row["id_order_state"])
    return answer(request, {name: shown}, as_xml(name, shown, host), 201)


def replaced(shop: Shop, request: Request, host: str) -> Response:
    """`PUT /api/R/7` with the whole row as XML. Nothing is checked: rooms may overlap."""
    _, name, _ = NAMES[request.resource]
    fields = xml_fields(request, name)
    row = shop.table(request.resource).get(int(fields.get("id") or 0))
    if row is None:
        return Response(404)
    new_state = int(fields.get("current_state") or 0)
    for key, value in fields.items():
        if key in row and key not in {"id", "associations", "current_state"}:
            row[key] = value
    row["date_upd"] = shop.stamp()
    if request.resource == "room_bookings":
        row["room_num"] = shop.room_number(int(row["id_room"]))
        shop.table("orders")[int(row["id_order"])]["date_upd"] = shop.stamp()
    if request.resource == "orders" and new_state and new_state != int(row["current_state"]):
        shop.set_state(row["id"], new_state)
    shown = {**row, "id": str(row["id"])}
    if request.resource == "room_bookings":
        shown["room_num"] = fields.get("room_num", "")  # as it came; read again, it is the right one
    if request.resource == "orders":
        shown["associations"] = {"bookings": [{"id": str(line["id"])} for line in shop.lines_of(row["id"])]}
        shown["current_state"] = new_state
    return answer(request, {name: shown}, as_xml(name, shown, host))


def xml_fields(request: Request, name: str) -> dict[str, str]:
    """The fields of the one node of a body. JSON is not understood here."""
    text = request.body.decode()
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        where = "(/var/www/qloapps/classes/webservice/WebserviceRequest.php, line 1388)"
        start = f"[PHP Warning #2] SimpleXMLElement::__construct(): Entity: line 1: parser error : {{}} {where}"
        message = f"XML error : String could not be parsed as XML\nXML length : {len(text)}\nOriginal XML : {text}"
        raise Failure(500, (3, start.format("Start tag expected, '<' not found")), (127, message)) from None
    node = root.find(name)
    if node is None:
        raise Failure(400, (127, "Invalid request."))
    return {child.tag: (child.text or "").strip() for child in node if child.tag != "associations"}


def _details(shop: Shop) -> list[Row]:
    """What an order consists of: a row a line, and one a service, also those that bookings do not show."""
    found: list[Row] = []
    for line in shop.lines():
        length = (day(line["date_to"]) - day(line["date_from"])).days
        parts = [(line["id_product"], line["room_type_name"], length, Decimal(line["total_price_tax_excl"]))]
        parts += [
            (str(service["id"]), service["name"], length if service["per_night"] else 1, service["total"])
            for service in shop.service_lines.get(line["id"], [])
        ]
        found += [
            {
                "id": len(found) + index,
                "id_order": line["id_order"],
                "product_id": product,
                "product_name": name,
                "product_quantity": str(count),
                "unit_price_tax_excl": amount(net / count),
                "total_price_tax_incl": amount(net * (1 + shop.tax_rate)),
            }
            for index, (product, name, count, net) in enumerate(parts, start=1)
        ]
    return found


def _customer(shop: Shop, fields: dict[str, str]) -> Row:
    for name in ("passwd", "phone", "lastname", "firstname", "email"):
        if not fields.get(name):
            raise Failure(400, (41, f'parameter "{name}" required'))
    checks = {"lastname": NAME, "firstname": NAME, "email": EMAIL}
    for name, pattern in checks.items():
        if not pattern.match(fields[name]):
            raise Failure(400, (85, f'Validation error: "Property Customer->{name} is not valid"'))
    return add_customer(
        shop, email=fields["email"], first=fields["firstname"], last=fields["lastname"], phone=fields["phone"]
    )


def _history(shop: Shop, fields: dict[str, str]) -> Row | None:
    order, state = int(fields.get("id_order") or 0), int(fields.get("id_order_state") or 0)
    if order not in shop.table("orders") or state not in shop.table("order_states"):
        return None
    return shop.set_state(order, state, employee=fields.get("id_employee", ""))


def _filtered(resource: str, rows: list[Row], name: str, value: str) -> list[Row]:
    known = {key for row in rows for key in row} | {"id"}
    if rows and name not in known:
        raise Failure(
            500, (32, f'This filter does not exist. Did you mean: "id"? The full list is: {sorted(known)}'), (5, NOTICE)
        )
    if resource == "customers" and name == "phone":
        return []  # the filter is accepted and finds nobody
    return [row for row in rows if _matches(str(row.get(name, "")), value)]


def _matches(have: str, wanted: str) -> bool:
    if wanted.startswith("[") and wanted.endswith("]%"):
        return have.startswith(wanted[1:-2])
    if wanted.startswith("[") and wanted.endswith("]"):
        inner = wanted[1:-1]
        if "," in inner:
            low, high = inner.split(",", 1)
            if have.lstrip("-").isdigit():
                return int(low or 0) <= int(have) <= int(high or 10**12)
            return low <= have and (have <= high or have.startswith(high))
        return have in inner.split("|")
    return have == wanted


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    match = re.fullmatch(r"\[(\w+)_(ASC|DESC)\]", sort)
    if not match:
        return rows

    def key(row: Row) -> Any:
        value = str(row.get(match[1], ""))
        return (0, int(value), "") if value.isdigit() else (1, 0, value)

    return sorted(rows, key=key, reverse=match[2] == "DESC")


def _limited(rows: list[Row], limit: str) -> list[Row]:
    if not limit:
        return rows
    start, _, count = limit.rpartition(",")
    return rows[int(start or 0) :][: int(count)]


def _displayed(row: Row, display: str, text_ids: bool) -> Row:
    shown = {**row, "id": str(row["id"]) if text_ids else row["id"]}
    if display == "full":
        return shown
    match = re.fullmatch(r"\[([\w,]+)\]", display)
    if not match:
        message = "The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'."
        raise Failure(500, (36, message), (5, NOTICE))
    wanted = match[1].split(",")
    unknown = [name for name in wanted if name not in row]
    if unknown:
        raise Failure(500, (35, f'Unable to display this field "{unknown[0]}".'), (5, NOTICE))
    return {name: value for name, value in shown.items() if name in wanted}
