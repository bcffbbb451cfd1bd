"""Everything that the shop keeps, as rows, and the questions that are asked of it."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
NEVER = "0000-00-00 00:00:00"


def amount(value: Decimal | float | str) -> str:
    """A sum as generic resources write it."""
    return f"{Decimal(value):.6f}"


def number(value: Decimal | float | str) -> int | float:
    """A sum as `bookings` and `hotel_ari` write it."""
    exact = round(Decimal(value), 2)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


@dataclass(slots=True)
class ApiKey:
    """A key of 32 characters. `allowed`: methods by resource; None means all."""

    key: str
    active: bool = True
    allowed: dict[str, set[str]] | None = None


@dataclass(slots=True)
class Shop:
    """One installation. Rows are written as QloApps shows them, so sums and most ids are text."""

    now: Callable[[], datetime] = datetime.now
    tax_rate: Decimal = Decimal("0.04")
    currency: str = "USD"
    keys: dict[str, ApiKey] = field(default_factory=dict)
    tables: dict[str, dict[int, Row]] = field(default_factory=dict)
    special_prices: dict[tuple[int, date], Decimal] = field(default_factory=dict)
    closed_rooms: list[tuple[int, date, date]] = field(default_factory=list)
    service_lines: dict[int, list[Row]] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    orphan_carts: int = 0
    _ids: dict[str, itertools.count[int]] = field(default_factory=dict)
    _words: random.Random = field(default_factory=lambda: random.Random(4))

    def start_ids(self, **first: int) -> None:
        """The next ids to be given, by table: for a shop with a history that does not matter."""
        self._ids.update({name: itertools.count(number) for name, number in first.items()})

    def table(self, name: str) -> dict[int, Row]:
        return self.tables.setdefault(name, {})

    def next_id(self, name: str) -> int:
        return next(self._ids.setdefault(name, itertools.count(max(self.table(name), default=0) + 1)))

    def insert(self, name: str, row: Row) -> Row:
        """Adds a row under its `id`, or the next one."""
        key = int(row.get("id") or self.next_id(name))
        self.table(name)[key] = {**row, "id": key}
        return self.table(name)[key]

    def stamp(self) -> str:
        return self.now().strftime("%Y-%m-%d %H:%M:%S")

    def reference(self) -> str:
        return "".join(self._words.choices(string.ascii_uppercase, k=9))

    # Rooms and prices.

    def rooms_of(self, type_id: int) -> list[int]:
        return [key for key, row in self.table("hotel_rooms").items() if int(row["id_product"]) == type_id]

    def room_number(self, room_id: int) -> str:
        return str(self.table("hotel_rooms")[room_id]["room_num"])

    def nightly(self, type_id: int, night: date) -> Decimal:
        """The list price of a night without tax."""
        price = self.table("room_types")[type_id]["price"]
        return self.special_prices.get((type_id, night), Decimal(price))

    def room_price(self, type_id: int, check_in: date, check_out: date) -> Decimal:
        """The list price of a stay without tax, and without services that are added by themselves."""
        return sum((self.nightly(type_id, night) for night in nights(check_in, check_out)), Decimal(0))

    def added_services(self, check_in: date, check_out: date) -> Decimal:
        """What ARI adds to the price of a room: services added by themselves to the price shown."""
        total = Decimal(0)
        for row in self.table("services").values():
            if row["auto_add_to_cart"] == "1" and row["price_addition_type"] == "1":
                per_night = row["price_calculation_method"] == "2"
                total += Decimal(row["price"]) * ((check_out - check_in).days if per_night else 1)
        return total

    def lines(self) -> list[Row]:
        return list(self.table("room_bookings").values())

    def lines_of(self, order_id: int) -> list[Row]:
        return [row for row in self.lines() if int(row["id_order"]) == order_id]

    def holding(self, room_id: int, check_in: date, check_out: date) -> list[Row]:
        """Live lines that keep a room for at least one of these nights."""
        return [
            row
            for row in self.lines()
            if int(row["id_room"]) == room_id
            and is_live(row)
            and day(row["date_from"]) < check_out
            and check_in < day(row["date_to"])
        ]

    def closed(self, room_id: int, check_in: date, check_out: date) -> bool:
        """True when a room is out of order, for good or for one of these nights."""
        if str(self.table("hotel_rooms")[room_id]["id_status"]) == "2":
            return True
        return any(
            room == room_id and first < check_out and check_in < until for room, first, until in self.closed_rooms
        )

    def is_free(self, room_id: int, check_in: date, check_out: date) -> bool:
        return not self.closed(room_id, check_in, check_out) and not self.holding(room_id, check_in, check_out)

    def allows_length(self, type_id: int, length: int) -> bool:
        limits = next(r for r in self.table("hotel_room_types").values() if int(r["id_product"]) == type_id)
        longest = int(limits["max_los"])
        return length >= int(limits["min_los"]) and (longest == 0 or length <= longest)

    def free_rooms(self, type_id: int, check_in: date, check_out: date) -> list[int]:
        """Rooms of an active type that can be had for a whole stay."""
        if str(self.table("room_types")[type_id]["active"]) != "1":
            return []
        if not self.allows_length(type_id, (check_out - check_in).days):
            return []
        return [room for room in self.rooms_of(type_id) if self.is_free(room, check_in, check_out)]

    # Orders.

    def total_of(self, order_id: int) -> tuple[Decimal, Decimal]:
        """What an order's lines and services come to, without and with tax."""
        net, gross = Decimal(0), Decimal(0)
        for line in self.lines_of(order_id):
            net += Decimal(line["total_price_tax_excl"])
            gross += Decimal(line["total_price_tax_incl"])
            for service in self.service_lines.get(int(line["id"]), []):
                net += Decimal(service["total"])
                gross += Decimal(service["total"]) * (1 + self.tax_rate)
        return net, gross

    def recount(self, order_id: int) -> None:
        """Brings an order's totals in line with its lines."""
        net, gross = self.total_of(order_id)
        order = self.table("orders")[order_id]
        for name, value in (("excl", net), ("incl", gross)):
            order[f"total_paid_tax_{name}"] = amount(value)
        order["total_paid"] = order["total_products_wt"] = order["advance_paid_amount"] = amount(gross)
        order["total_products"] = amount(net)
        order["date_upd"] = self.stamp()

    def set_state(self, order_id: int, state: int, *, employee: str = "0") -> Row:
        """Enters a new state of an order; 4 and 5 release its rooms."""
        order = self.table("orders")[order_id]
        order["current_state"] = str(state)
        order["date_upd"] = self.stamp()
        for line in self.lines_of(order_id):
            if state in {4, 5}:
                line["is_refunded"] = "1"
            if state == 4:
                line["is_cancelled"] = "1"
        entry = {
            "id_employee": employee,
            "id_order_state": str(state),
            "id_order": str(order_id),
            "date_add": self.stamp(),
        }
        return self.insert("order_histories", entry)

    def customer_by_email(self, email: str) -> Row | None:
        return next((row for row in self.table("customers").values() if row["email"] == email), None)


def nights(check_in: date, check_out: date) -> list[date]:
    return [check_in + timedelta(days=offset) for offset in range((check_out - check_in).days)]


def day(text: str) -> date:
    return date.fromisoformat(text[:10])


def is_live(row: Row) -> bool:
    return str(row["is_refunded"]) == "0" and str(row["is_back_order"]) == "0"
