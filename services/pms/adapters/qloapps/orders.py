"""Orders and their rooms, read from what works on every installation: `orders`, `room_bookings`, `customers`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.parsing import Customer, SeenLine, SeenOrder, customer_of, line_of, order_of, whole
from services.pms.domain.stay import Stay

ORDER_FIELDS = "[id,reference,current_state,source,id_customer,total_paid_tax_incl,total_paid_real,date_add,date_upd]"
CUSTOMER_FIELDS = "[id,firstname,lastname,email,phone,id_lang]"
LINE_FIELDS = (
    "[id,id_product,id_order,id_room,room_num,id_status,date_from,date_to,total_price_tax_excl,total_price_tax_incl,"
    "is_refunded,is_cancelled,is_back_order,adults,children,child_ages]"
)
# Ids in one filter: addresses must not grow beyond what servers take.
BATCH = 50
PAGE = 200
FAR_AWAY = date(9999, 12, 31)


class Orders:
    """Questions about one hotel's orders."""

    def __init__(self, *, client: QloAppsClient, hotel_id: int) -> None:
        self._client = client
        self._hotel_id = hotel_id

    async def order(self, order_id: int) -> SeenOrder | None:
        """One order with all its lines, or None."""
        found = await self.orders([order_id])
        return found[0] if found else None

    async def by_sources(self, sources: Sequence[str]) -> list[SeenOrder]:
        """The orders with one of these sources, oldest first; also those that never got a room."""
        return await self._orders({"filter[source]": _any(sources)}, empty=True)

    async def by_reference(self, reference: str) -> list[SeenOrder]:
        """The orders with a reference."""
        return await self._orders({"filter[reference]": reference})

    async def orders(self, ids: Sequence[int]) -> list[SeenOrder]:
        """These orders, as far as they exist."""
        found: list[SeenOrder] = []
        for start in range(0, len(ids), BATCH):
            found += await self._orders({"filter[id]": _any(ids[start : start + BATCH])})
        return found

    async def latest_update(self) -> str:
        """The server's own time of the latest change of an order; empty without orders."""
        query = {"display": "[id,date_upd]", "sort": "[date_upd_DESC]", "limit": "1"}
        rows = await self._client.rows("orders", query)
        return str(rows[0]["date_upd"]) if rows else ""

    async def changed_since(self, stamp: str) -> list[SeenOrder]:
        """Orders changed at or after a server time."""
        return await self._orders({"filter[date_upd]": f"[{stamp},9999-12-31 23:59:59]", "date": "1"})

    async def staying_from(self, first: date) -> list[int]:
        """Ids of orders with a room on `first` or later."""
        query = {"filter[date_to]": f"[{first},{FAR_AWAY}]", "date": "1", "display": "[id,id_order,id_hotel]"}
        rows = await self._client.rows("room_bookings", query)
        return sorted({whole(row["id_order"]) for row in rows if whole(row["id_hotel"]) == self._hotel_id})

    async def others_in(self, room_ids: Sequence[int], stay: Stay, order_id: int) -> list[SeenLine]:
        """Live lines of other orders that keep one of these rooms for a night of the stay."""
        if not room_ids:
            return []
        query = {"filter[id_room]": _any(room_ids), "filter[date_to]": f"[{stay.check_in},{FAR_AWAY}]", "date": "1"}
        lines = [line_of(row) for row in await self._client.rows("room_bookings", {**query, "display": LINE_FIELDS})]
        return [line for line in lines if line.live and line.order_id != order_id and line.stay.overlaps(stay)]

    async def customer(self, customer_id: int) -> Customer | None:
        """A customer by id."""
        query = {"filter[id]": str(customer_id), "display": CUSTOMER_FIELDS}
        return next(iter([customer_of(row) for row in await self._client.rows("customers", query)]), None)

    async def customer_by_email(self, email: str) -> Customer | None:
        """The customer with an e-mail address; the one with the lowest id where there are several."""
        query = {"filter[email]": email, "display": CUSTOMER_FIELDS}
        found = [customer_of(row) for row in await self._client.rows("customers", query)]
        return min(found, key=lambda customer: customer.customer_id, default=None)

    async def customers(self, ids: Sequence[int]) -> dict[int, Customer]:
        """Customers by id."""
        found: dict[int, Customer] = {}
        for start in range(0, len(ids), BATCH):
            query = {"filter[id]": _any(ids[start : start + BATCH]), "display": CUSTOMER_FIELDS}
            rows = await self._client.rows("customers", query)
            found.update({customer.customer_id: customer for customer in map(customer_of, rows)})
        return found

    async def customers_after(self, customer_id: int) -> list[Customer]:
        """A page of customers with higher ids, by id: the only way to find a guest by telephone."""
        query = {"filter[id]": f"[{customer_id + 1},2147483647]", "sort": "[id_ASC]", "limit": str(PAGE)}
        return [customer_of(row) for row in await self._client.rows("customers", {**query, "display": CUSTOMER_FIELDS})]

    async def _orders(self, filters: dict[str, str], *, empty: bool = False) -> list[SeenOrder]:
        rows = await self._client.rows("orders", {**filters, "display": ORDER_FIELDS})
        ids = [whole(row["id"]) for row in rows]
        lines = await self._lines(ids)
        orders = [order_of(row, tuple(lines.get(whole(row["id"]), ()))) for row in rows]
        return sorted((order for order in orders if order.lines or empty), key=lambda order: order.order_id)

    async def _lines(self, order_ids: Sequence[int]) -> dict[int, list[SeenLine]]:
        """Lines of this hotel by order."""
        batches = [order_ids[start : start + BATCH] for start in range(0, len(order_ids), BATCH)]
        fields = LINE_FIELDS[:-1] + ",id_hotel]"
        queries = [{"filter[id_order]": _any(batch), "display": fields} for batch in batches]
        found: dict[int, list[SeenLine]] = {}
        for rows in await asyncio.gather(*(self._client.rows("room_bookings", query) for query in queries)):
            for row in sorted(rows, key=lambda each: whole(each["id"])):
                if whole(row["id_hotel"]) == self._hotel_id:
                    line = line_of(row)
                    found.setdefault(line.order_id, []).append(line)
        return found


def _any(values: Sequence[Any]) -> str:
    """A filter that any of these values passes."""
    return str(values[0]) if len(values) == 1 else "[" + "|".join(str(value) for value in values) + "]"
