"""`hotel_ari` and `qlo/getRoomRates`: what is free and what it costs, with the errors of the original."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from tests.support.qloapps.render import Failure, answer, element
from tests.support.qloapps.shop import Row, Shop, day, is_live, nights, number
from tests.support.qloapps.wire import Request, Response

WHERE = "(/var/www/qloapps/modules/hotelreservationsystem/classes/WebserviceSpecificManagementHotelAri.php, line 476)"
FLAGS = {
    "unavailable": "get_unavailable_rooms",
    "booked": "get_booked_rooms",
    "available": "get_available_rooms",
    "partially_available": "get_partial_available_rooms",
}


def availability(shop: Shop, request: Request, host: str) -> Response:
    """`POST /api/hotel_ari`, XML in."""
    wish = _wish(request)
    hotel, only = int(wish["id_hotel"]), int(wish.get("id_room_type") or 0)
    check_in, check_out = date.fromisoformat(wish["date_from"][:10]), date.fromisoformat(wish["date_to"][:10])
    kinds = [kind for kind, flag in FLAGS.items() if wish.get(flag) in {"1", "true"}] or ["available"]
    rooms = max(1, len(wish["occupancies"]))
    if wish.get("date_wise_breakdown") in {"1", "true"}:
        days = [_answer(shop, (hotel, only), (night, night + timedelta(days=1)), kinds, rooms, brief=True)
                for night in nights(check_in, check_out)]  # fmt: skip
        return answer(request, {"hotel_aris": days}, element("hotel_aris", days, host))
    whole = _answer(shop, (hotel, only), (check_in, check_out), kinds, rooms, brief=False)
    return answer(request, {"hotel_ari": whole}, element("hotel_ari", _xml_names(whole), host))


def rates(shop: Shop, request: Request, host: str) -> Response:
    """`GET /api/qlo/getRoomRates`, XML out whatever is asked."""
    check_in, check_out = day(request.query["date_from"]), day(request.query["date_to"])
    lists = ""
    for night in nights(check_in, check_out):
        after = night + timedelta(days=1)
        types = ""
        for type_id in shop.table("room_types"):
            net = shop.nightly(type_id, night) + shop.added_services(night, after)
            free = len(shop.free_rooms(type_id, night, after))
            types += (
                f"<room_type>\n{element('id', type_id, host)}<rate>\n"
                f"{element('tax_inc', number(net * (1 + shop.tax_rate)), host)}{element('tax_exc', number(net), host)}"
                f"</rate>\n{element('available_rooms', free or '0', host)}</room_type>\n"
            )
        lists += (
            f"<rate_list>\n{element('date', night.isoformat(), host)}<room_types>\n{types}</room_types>\n</rate_list>\n"
        )
    request.query.pop("output_format", None)
    return answer(request, None, f"<getRoomRatesApi>\n{lists}</getRoomRatesApi>\n")


def _wish(request: Request) -> dict[str, Any]:
    text = request.body.decode()
    if not text.strip():
        raise Failure(400, (85, "Validation error: ARI search parameters are missing."))
    try:
        node = ElementTree.fromstring(text).find("hotel_ari")
    except ElementTree.ParseError:
        node = None
        what = "Premature end of data in tag" if text.startswith("<") else "Start tag expected, '<' not found"
        warning = f"[PHP Warning #2] simplexml_load_string(): Entity: line 1: parser error : {what} {WHERE}"
        raise Failure(400, (3, warning), (85, "Validation error: Invalid ARI search parameters found.")) from None
    if node is None:
        raise Failure(400, (85, "Validation error: Invalid ARI search parameters found."))
    wish: dict[str, Any] = {child.tag: (child.text or "").strip() for child in node}
    for name in ("id_hotel", "date_from", "date_to"):
        if not wish.get(name):
            raise Failure(400, (41, f'parameter "{name}" required'))
    for name in ("date_from", "date_to"):
        try:
            date.fromisoformat(wish[name][:10])
        except ValueError:
            raise Failure(400, (85, f'Validation error: "The {name} field is invalid."')) from None
    if wish["date_to"] <= wish["date_from"]:
        raise Failure(400, (85, 'Validation error: "Date to" must be after "date from"'))
    wish["occupancies"] = node.findall("associations/room_occupancies/room_occupancy")
    for index, occupancy in enumerate(wish["occupancies"], start=1):
        if int(occupancy.findtext("adults") or 0) < 1:
            message = f"Invalid value for number of adults for Room-{index} occupancy(value must be greater than 0)."
            raise Failure(400, (85, f"Validation error: {message}"))
    return wish


def _answer(
    shop: Shop, types_of: tuple[int, int], span: tuple[date, date], kinds: list[str], rooms: int, *, brief: bool
) -> dict[str, Any]:
    """`types_of`: a hotel, and one of its types or 0."""
    (hotel, only), (check_in, check_out) = types_of, span
    head: dict[str, Any] = {
        "id_hotel": str(hotel),
        "date_from": check_in.isoformat(),
        "date_to": check_out.isoformat(),
        "currency": shop.currency,
    }
    types = [
        key
        for key, row in shop.table("room_types").items()
        if int(row["id_hotel"]) == hotel and str(row["active"]) == "1" and only in {0, key}
    ]
    if not types:
        return head  # an unknown hotel or type is no error
    parts = {type_id: _rooms(shop, type_id, check_in, check_out, brief=brief) for type_id in types}
    head["total_rooms"] = sum(len(shop.rooms_of(type_id)) for type_id in types)
    counts = {kind: sum(len(part[kind]) for part in parts.values()) for kind in FLAGS}
    totals = {"total_available_rooms": counts["available"]}
    for kind in ("unavailable", "partially_available", "booked"):
        if kind in kinds:
            name = kind.replace("partially", "partial")
            # Per night these two are a copy of what is available: count the lists.
            totals[f"total_{name}_rooms"] = counts["available"] if brief else counts[kind]
    shown = [
        _type(shop, type_id, span, {kind: parts[type_id][kind] or [] for kind in FLAGS if kind in kinds}, rooms)
        for type_id in types
    ]
    return {**head, "room_types": shown, **totals} if brief else {**head, **totals, "room_types": shown}


def _type(shop: Shop, type_id: int, span: tuple[date, date], shown: dict[str, Any], rooms: int) -> Row:
    check_in, check_out = span
    length = (check_out - check_in).days
    stay = shop.room_price(type_id, check_in, check_out) + shop.added_services(check_in, check_out)
    with_tax = 1 + shop.tax_rate
    return {
        "id_room_type": str(type_id),
        "base_price": number(stay / length),
        "base_price_with_tax": number(stay / length * with_tax),
        "total_price": number(stay * rooms),
        "total_price_with_tax": number(stay * rooms * with_tax),
        "name": shop.table("room_types")[type_id]["name"],
        "rooms": shown,
    }


def _rooms(shop: Shop, type_id: int, check_in: date, check_out: date, *, brief: bool) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {kind: {} for kind in FLAGS}
    limits = next(row for row in shop.table("hotel_room_types").values() if int(row["id_product"]) == type_id)
    long_enough = shop.allows_length(type_id, (check_out - check_in).days)
    for room in shop.rooms_of(type_id):
        row = shop.table("hotel_rooms")[room]
        base = {"id_room": str(room), "room_num": row["room_num"]}
        if shop.closed(room, check_in, check_out):
            detail = {"id_status": str(row["id_status"]), "room_comment": "", "date_from": None, "date_to": None}
            found["unavailable"][str(room)] = {
                **base,
                "id_product": str(type_id),
                "id_hotel": row["id_hotel"],
                "detail": [detail],
            }
            continue
        taken = [line for line in shop.holding(room, check_in, check_out) if is_live(line)]
        if not taken and long_enough:
            more = {"id_product": str(type_id), "id_hotel": row["id_hotel"], "room_comment": "",
                    "max_adult": limits["max_adults"], "max_children": limits["max_children"],
                    "max_occupancy": limits["max_guests"]}  # fmt: skip
            found["available"][str(room)] = base if brief else {**base, **more}
        elif taken:
            slept = {night for line in taken for night in nights(day(line["date_from"]), day(line["date_to"]))}
            full = all(night in slept for night in nights(check_in, check_out))
            details = [
                {"id_htl_booking": str(line["id"]), "date_from": line["date_from"], "date_to": line["date_to"],
                 "id_customer": line["id_customer"], "booking_type": "1", "booking_status": line["id_status"],
                 "comment": ""}
                for line in taken
            ]  # fmt: skip
            kind = "booked" if full else "partially_available"
            found[kind][str(room)] = {**base, "id_product": str(type_id), "id_hotel": "1", "detail": details}
    return found


def _xml_names(whole: dict[str, Any]) -> dict[str, Any]:
    """XML says `partial_available` where JSON says `partially_available`, and lists rooms by node."""
    shown = copy.deepcopy(whole)
    for kind in shown.get("room_types", []):
        rooms = {}
        for name, entries in kind["rooms"].items():
            listed = [
                {"id_room": entry["id_room"], "room_number": entry["room_num"]}
                for entry in (entries.values() if isinstance(entries, dict) else entries)
            ]
            rooms[name.replace("partially", "partial")] = listed
        kind["rooms"] = rooms
    return shown
