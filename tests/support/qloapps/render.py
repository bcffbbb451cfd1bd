"""Answers as QloApps writes them: JSON or XML, errors in both, CDATA everywhere."""

from __future__ import annotations

import json
from typing import Any

from tests.support.qloapps.wire import Request, Response

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<qloapps xmlns:xlink="http://www.w3.org/1999/xlink">\n'
LINKS = {
    "id_product": "products",
    "id_hotel": "hotels",
    "id_order": "orders",
    "id_customer": "customers",
    "id_currency": "currencies",
    "id_room_type": "room_types",
    "id_country": "countries",
    "id_state": "states",
}
SINGULAR = {
    "bookings": "booking",
    "hotel_rooms": "hotel_room",
    "groups": "group",
    "room_types": "room_type",
    "rooms": "room",
    "available": "room",
    "booked": "room",
    "unavailable": "room",
    "partial_available": "room",
    "hotel_aris": "hotel_ari",
    "services": "service",
    "remarks": "remark",
}


class Failure(Exception):
    """An answer with errors: (code, message) each."""

    def __init__(self, status: int, *errors: tuple[int, str]) -> None:
        super().__init__(errors)
        self.status = status
        self.errors = errors


def wants_json(request: Request) -> bool:
    """`Accept` is ignored."""
    asked = [request.query.get(name, "") for name in ("output_format", "io_format")]
    asked += [request.headers.get(name, "") for name in ("output-format", "io-format")]
    return any(value.upper() == "JSON" for value in asked)


def answer(request: Request, content: Any, xml: str, status: int = 200) -> Response:
    """`content` as JSON, or `xml` (what stands inside the root node)."""
    headers = {"X-Powered-By": "PrestaShop Webservice", "PSWS-Version": "1.6.1.23", "Execution-Time": "0.003",
               "Set-Cookie": "PrestaShop-0=x; path=/; HttpOnly"}  # fmt: skip
    if wants_json(request):
        text = json.dumps(content, separators=(",", ":")).replace("/", "\\/")
        return Response(status, text.encode(), "application/json", headers)
    return Response(status, f"{HEAD}{xml}</qloapps>\n".encode(), "text/xml;charset=utf-8", headers)


def failure(request: Request, error: Failure) -> Response:
    content = {"errors": [{"code": code, "message": message} for code, message in error.errors]}
    inner = "".join(
        f"<error>\n<code><![CDATA[{code}]]></code>\n<message><![CDATA[{message}]]></message>\n</error>\n"
        for code, message in error.errors
    )
    response = answer(request, content, f"<errors>\n{inner}</errors>\n", error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Welcome to QloApps Webservice"'
    return response


def element(name: str, value: Any, host: str) -> str:
    """One field as XML."""
    if isinstance(value, dict):
        return f"<{name}>" + "".join(element(key, item, host) for key, item in value.items()) + f"</{name}>"
    if isinstance(value, list):
        single = SINGULAR.get(name, name.rstrip("s"))
        return f"<{name}>" + "".join(element(single, item, host) for item in value) + f"</{name}>"
    if value is None or value == "" or value is False:
        return f"<{name}></{name}>\n"
    link = f' xlink:href="http://{host}/api/{LINKS[name]}/{value}"' if name in LINKS else ""
    return f"<{name}{link}><![CDATA[{value}]]></{name}>\n"


def as_xml(node: str, row: dict[str, Any], host: str) -> str:
    """One row as XML."""
    inner = "".join("\t" + element(key, value, host) for key, value in row.items() if key != "associations")
    return f"<{node}>\n{inner}</{node}>\n"
