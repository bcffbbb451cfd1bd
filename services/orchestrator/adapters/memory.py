"""The hotel's system in memory, with the hotel's real rules: for tests and for trying flows out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mesh.errors import Invalid, NotFound, Refused
from mesh.values import Money, derived_id

from services.orchestrator.adapters.memory_rooms import MemoryRooms
from services.orchestrator.domain import effects, events
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.offers import Hold, Quote
from services.orchestrator.domain.reservation import CancellationPreview, ModificationPreview, Reservation
from services.orchestrator.domain.state import Contact
from services.orchestrator.ports import Caller

HOLD_MINUTES = 15
QUOTE_MINUTES = 30
# Codes never hold characters that are mistaken for one another.
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(slots=True, kw_only=True)
class MemoryPms(MemoryRooms):
    """One property's quotes, holds and reservations; writes are idempotent by request id."""

    owners: dict[str, Contact] = field(default_factory=dict)
    quotes: dict[str, Quote] = field(default_factory=dict)
    answers: dict[str, tuple[object, events.Result]] = field(default_factory=dict)
    previews: dict[str, tuple[str, Reservation, Money]] = field(default_factory=dict)

    async def hotel(self, property_id: str) -> Hotel:
        if property_id != self.property.property_id:
            raise NotFound("PROPERTY_NOT_FOUND", "no such property")
        return self.property

    async def perform(self, call: effects.PmsCall, caller: Caller) -> events.Result:
        if type(call) in effects.WRITES and caller.request_id in self.answers:
            body, answer = self.answers[caller.request_id]
            if body != call:
                raise Invalid("used before with another body", reason="REQUEST_ID_REUSED")
            return answer
        result = self._perform(call, caller)
        if type(call) in effects.WRITES:
            self.answers[caller.request_id] = (call, result)
        return result

    def _perform(self, call: effects.PmsCall, caller: Caller) -> events.Result:
        result: events.Result
        match call:
            case effects.SearchAvailability():
                result = self.search(call)
            case effects.MakeQuote():
                result = events.QuoteMade(quote=self._quote(call))
            case effects.PlaceHold():
                result = events.HoldPlaced(hold=self._hold(call))
            case effects.ReleaseHold():
                result = events.HoldPlaced(hold=self._release(call))
            case effects.Reserve():
                result = events.Reserved(reservation=self._reserve(call, caller))
            case effects.FindReservations():
                result = events.ReservationsFound(reservations=self._of(caller.contact))
            case effects.GetReservation():
                result = events.ReservationsFound(reservations=(self._get(call.code),))
            case effects.PreviewCancellation():
                result = events.CancellationPreviewed(preview=self._preview_cancellation(call))
            case effects.Cancel():
                result = events.Canceled(reservation=self._apply(call.token))
            case effects.PreviewModification():
                result = events.ModificationPreviewed(preview=self._preview_modification(call))
            case effects.Modify():
                result = events.Modified(reservation=self._apply(call.token))
        return result

    def _now(self) -> datetime:
        return self.clock.now()

    # -- quotes and holds

    def _quote(self, call: effects.MakeQuote) -> Quote:
        why = self.why_not(call.room_type, call.stay, call.rooms)
        if why is not None:
            raise Refused(why.reason, "cannot be had", min_nights=why.limit)
        offer = self.offer(call.room_type, call.rate_plan, call.stay, len(call.rooms))
        number = str(len(self.quotes))
        quote = Quote(
            id=derived_id("quo", number),
            token=f"token-{number}",
            room_type=call.room_type,
            rate_plan=call.rate_plan,
            stay=call.stay,
            rooms=call.rooms,
            total=offer.total,
            terms=offer.terms,
            expires=self._now() + timedelta(minutes=QUOTE_MINUTES),
            read_time=self._now(),
        )
        self.quotes[quote.token] = quote
        return quote

    def _valid(self, quote: Quote) -> Quote:
        known = self.quotes.get(quote.token)
        if known is None:
            raise Invalid("not ours", reason="TOKEN_INVALID")
        if self._now() >= known.expires:
            raise Refused("QUOTE_EXPIRED", "the quote's time is over")
        return known

    def _hold(self, call: effects.PlaceHold) -> Hold:
        quote = self._valid(call.quote)
        if self.why_not(quote.room_type, quote.stay, quote.rooms) is not None:
            raise Refused("SOLD_OUT", "taken meanwhile")
        hold = Hold(
            id=derived_id("hld", str(len(self.answers)), quote.id),
            quote_id=quote.id,
            expires=self._now() + timedelta(minutes=HOLD_MINUTES),
        )
        self.holds[hold.id] = (hold, quote)
        return hold

    def _release(self, call: effects.ReleaseHold) -> Hold:
        hold, _ = self.holds.pop(call.hold_id, (Hold(id=call.hold_id, quote_id="", expires=self._now()), None))
        return hold

    # -- reservations

    def _reserve(self, call: effects.Reserve, caller: Caller) -> Reservation:
        quote = self._valid(call.quote)
        hold = self.holds.get(call.hold_id)
        if hold is None or self._now() >= hold[0].expires:
            raise Refused("HOLD_EXPIRED", "the hold's time is over")
        if not (call.phone or call.email):
            raise Invalid("a phone or an e-mail is needed", fields={"booker": "unreachable"})
        del self.holds[call.hold_id]
        code = _code(derived_id("res", caller.request_id))
        given, _, family = call.name.partition(" ")
        booked = Reservation(
            id=derived_id("res", caller.request_id),
            code=code,
            state="CONFIRMED",
            given_name=given,
            family_name=family,
            stay=quote.stay,
            room_type=quote.room_type,
            rate_plan=quote.rate_plan,
            rooms=quote.rooms,
            total=quote.total,
            terms=quote.terms,
            arrival_time=call.arrival_time,
            read_time=self._now(),
        )
        self.reservations[code] = booked
        self.owners[code] = caller.contact
        return booked

    def _of(self, contact: Contact) -> tuple[Reservation, ...]:
        keys = {key for key in (contact.phone, contact.email) if key}
        mine = [
            item
            for code, item in self.reservations.items()
            if keys & {self.owners[code].phone, self.owners[code].email}
        ]
        return tuple(sorted(mine, key=lambda item: (item.stay.check_in, item.code)))

    def _get(self, code: str) -> Reservation:
        found = self.reservations.get(code.upper())
        if found is None:
            raise NotFound("RESERVATION_NOT_FOUND", "no such reservation")
        return found

    def _by_id(self, reservation_id: str) -> Reservation:
        return next(item for item in self.reservations.values() if item.id == reservation_id)

    def _preview_cancellation(self, call: effects.PreviewCancellation) -> CancellationPreview:
        booked = self._by_id(call.reservation_id)
        if booked.state not in ("CONFIRMED", "PENDING"):
            raise Refused("STATE_NOT_ALLOWED", "cannot be canceled", state=booked.state)
        free = booked.terms.free_until is not None and self._now() < booked.terms.free_until
        fee = Money(Decimal(0), booked.total.currency) if free or booked.terms.penalty is None else booked.terms.penalty
        token = f"cancel-{booked.code}-{len(self.previews)}"
        self.previews[token] = (booked.code, replace(booked, state="CANCELED"), fee)
        return CancellationPreview(
            token=token,
            fee=fee,
            refund=None,
            free_until=booked.terms.free_until,
            expires=self._now() + timedelta(minutes=QUOTE_MINUTES),
            read_time=self._now(),
        )

    def _preview_modification(self, call: effects.PreviewModification) -> ModificationPreview:
        booked = self._get(call.reservation.code)
        stay, kind = call.stay or booked.stay, call.room_type or booked.room_type
        rooms = call.rooms or booked.rooms
        if call.stay is not None and not booked.terms.date_change_allowed:
            raise Refused("RATE_PLAN_FORBIDS", "no change of dates")
        why = self.why_not(kind, stay, rooms, beside=booked.code)
        if why is not None:
            raise Refused(why.reason, "cannot be had")
        changed = (stay, kind, rooms) != (booked.stay, booked.room_type, booked.rooms)
        total = self.offer(kind, booked.rate_plan, stay, len(rooms)).total if changed else booked.total
        after = replace(
            booked,
            stay=stay,
            room_type=kind,
            rooms=rooms,
            total=total,
            arrival_time=call.arrival_time or booked.arrival_time,
        )
        token = f"modify-{booked.code}-{len(self.previews)}"
        self.previews[token] = (booked.code, after, total)
        return ModificationPreview(
            token=token,
            reservation=after,
            current_total=booked.total,
            new_total=total,
            difference=total - booked.total,
            fee=None,
            expires=self._now() + timedelta(minutes=QUOTE_MINUTES),
            read_time=self._now(),
        )

    def _apply(self, token: str) -> Reservation:
        if token not in self.previews:
            raise Invalid("not ours", reason="TOKEN_INVALID")
        code, after, _ = self.previews[token]
        self.reservations[code] = replace(after, read_time=self._now())
        return self.reservations[code]


def _code(seed: str) -> str:
    number = int(seed.rpartition("_")[2], 16)
    letters = []
    for _ in range(6):
        number, index = divmod(number, len(_CODE_LETTERS))
        letters.append(_CODE_LETTERS[index])
    return "".join(letters)
