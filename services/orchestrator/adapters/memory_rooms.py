"""Rooms and prices in memory, by the hotel's real rules: what can be had for a stay, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mesh.clock import Clock
from mesh.errors import NotFound
from mesh.values import Money

from services.orchestrator.domain import effects, events
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.offers import Hold, Occupancy, Offer, Quote, Stay, Terms, Unavailability
from services.orchestrator.domain.reservation import Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What the hotel sells at: net prices by room type, factors by plan, one tax rate on top."""

    net: Mapping[str, Decimal]
    factor: Mapping[str, Decimal]
    tax: Decimal
    non_refundable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scarcity:
    """Units left on the nights of a half-open range, and the shortest stay for arrivals in it."""

    first: date
    end: date
    left: Mapping[str, int]
    min_nights: int = 1


@dataclass(slots=True, kw_only=True)
class MemoryRooms:
    """One property's rooms, with what takes them off sale."""

    property: Hotel
    prices: Prices
    clock: Clock
    scarcity: Sequence[Scarcity] = ()
    reservations: dict[str, Reservation] = field(default_factory=dict)
    holds: dict[str, tuple[Hold, Quote]] = field(default_factory=dict)

    def search(self, call: effects.SearchAvailability) -> events.OffersFound:
        offers: list[Offer] = []
        missing: list[Unavailability] = []
        for kind in self.property.room_types:
            why = self.why_not(kind.id, call.stay, call.rooms)
            if why is not None:
                missing.append(why)
                continue
            offers += [self.offer(kind.id, plan.id, call.stay, len(call.rooms)) for plan in self.property.rate_plans]
        alternatives = () if offers else self._nearest(call)
        return events.OffersFound(offers=tuple(offers), unavailable=tuple(missing), alternatives=alternatives)

    def _nearest(self, call: effects.SearchAvailability) -> tuple[Offer, ...]:
        found: list[Offer] = []
        for shift in (1, -1, 2, -2, 3, -3, 4, 5, 6, 7):
            stay = Stay(
                check_in=call.stay.check_in + timedelta(days=shift),
                check_out=call.stay.check_out + timedelta(days=shift),
            )
            kinds = [kind.id for kind in self.property.room_types if self.why_not(kind.id, stay, call.rooms) is None]
            kinds.sort(key=lambda kind: kind != call.prefers)
            found += [self.offer(kind, self.property.rate_plans[0].id, stay, len(call.rooms)) for kind in kinds[:1]]
        preferred = [offer for offer in found if offer.room_type == call.prefers]
        return tuple((preferred or found)[:3])

    def why_not(
        self, kind: str, stay: Stay, rooms: tuple[Occupancy, ...], *, beside: str = ""
    ) -> Unavailability | None:
        room_type = self.property.room_type(kind)
        if room_type is None:
            raise NotFound("ROOM_TYPE_NOT_FOUND", "no such room type")
        today = self.property.today(self.clock.now())
        if stay.check_in < today:
            return Unavailability(room_type=kind, reason="PAST")
        if stay.check_out > today + timedelta(days=self.property.horizon_days):
            return Unavailability(room_type=kind, reason="BEYOND_HORIZON", limit=self.property.horizon_days)
        if any(room.people > room_type.max_occupancy for room in rooms):
            return Unavailability(room_type=kind, reason="OCCUPANCY", limit=room_type.max_occupancy)
        for rule in self.scarcity:
            if rule.first <= stay.check_in < rule.end and stay.nights < rule.min_nights:
                return Unavailability(room_type=kind, reason="MIN_STAY", limit=rule.min_nights, date=stay.check_in)
        left = min(self.left(kind, stay.check_in + timedelta(days=n), beside) for n in range(stay.nights))
        return Unavailability(room_type=kind, reason="SOLD_OUT") if left < len(rooms) else None

    def left(self, kind: str, night: date, beside: str) -> int:
        room_type = self.property.room_type(kind)
        left = room_type.units if room_type else 0
        for rule in self.scarcity:
            if rule.first <= night < rule.end:
                left = rule.left.get(kind, left)
        taken = sum(
            len(item.rooms)
            for item in self.reservations.values()
            if item.live and item.room_type == kind and item.code != beside and _covers(item.stay, night)
        )
        held = sum(
            len(quote.rooms)
            for hold, quote in self.holds.values()
            if quote.room_type == kind and _covers(quote.stay, night) and self.clock.now() < hold.expires
        )
        return left - taken - held

    def offer(self, kind: str, plan: str, stay: Stay, rooms: int) -> Offer:
        net = self.prices.net[kind] * self.prices.factor[plan]
        total = Money(net * stay.nights * (1 + self.prices.tax), self.property.currency).rounded()
        first_night = Money(net * (1 + self.prices.tax), self.property.currency).rounded()
        return Offer(
            room_type=kind,
            rate_plan=plan,
            stay=stay,
            units_left=self.left(kind, stay.check_in, ""),
            total=total * rooms,
            terms=self._terms(plan, stay, total, first_night),
            read_time=self.clock.now(),
        )

    def _terms(self, plan: str, stay: Stay, total: Money, first_night: Money) -> Terms:
        if plan in self.prices.non_refundable:
            return Terms(non_refundable=True, penalty=total, date_change_allowed=False)
        rate = self.property.rate_plan(plan)
        hours = (rate.free_until_hours if rate else None) or 0
        zone = ZoneInfo(self.property.time_zone)
        arrival = datetime.combine(stay.check_in, self.property.check_in_time, zone)
        return Terms(free_until=arrival - timedelta(hours=hours), penalty=first_night)


def _covers(stay: Stay, night: date) -> bool:
    return stay.check_in <= night < stay.check_out
