"""Two hundred guests at the last ten rooms, two replicas of the pms service, and SIGKILL for one in the middle.

Guests do what any client should: after an unclear outcome they repeat the same request with the same id, at whichever
replica answers. In the end ten of them have a room, everybody else was told no, and the books say the same.
"""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc.aio
import yaml
from google.rpc import error_details_pb2, status_pb2
from google.type.date_pb2 import Date
from hotel.common.v1.stay_pb2 import Occupancy, Stay
from hotel.pms.v1 import offer_pb2, pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub

from tests.support.pms_process import PmsProcess

DEMO_HOTEL = Path(__file__).parents[2] / "hotel" / "alameda.yaml"
GUESTS = 200
ROOMS = 10
NIGHTS = 3
PROPERTY, ROOM_TYPE, RATE_PLAN = "storm", "DBL", "FLEX"
# Room enough in the middle: the kill comes after so many bookings, of ten.
KILL_AFTER = range(1, 8)
CALL_SECONDS = 10.0
STORM_SECONDS = 120.0
_UNCLEAR = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,  # REQUEST_IN_PROGRESS: the first attempt still runs
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,
}


@dataclass(slots=True)
class Outcome:
    """What guests were told, and what the books say afterwards."""

    killed_after: int
    codes: list[str] = field(default_factory=list)
    refused: int = 0
    repeats: int = 0
    changed_answers: int = 0
    booked: list[str] = field(default_factory=list)
    nights: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def oversold(self) -> int:
        """Nights with more rooms sold and held, or in live reservations, than there are."""
        return sum(max(sold + held, len(self.booked)) > capacity for capacity, sold, held in self.nights)

    def problems(self) -> list[str]:
        """Everything that is not as it must be; empty when all is well."""
        found = []
        if (len(self.codes), self.refused) != (ROOMS, GUESTS - ROOMS):
            found.append(f"{len(self.codes)} guests have a room and {self.refused} were refused")
        if len(set(self.codes)) != len(self.codes):
            found.append("two guests were told the same code")
        if Counter(self.codes) != Counter(self.booked):
            found.append(f"guests were told {sorted(self.codes)}, the books have {sorted(self.booked)}")
        if any(night != (ROOMS, ROOMS, 0) for night in self.nights) or len(self.nights) != NIGHTS:
            found.append(f"nights (capacity, sold, held) are {self.nights}")
        if self.changed_answers:
            found.append(f"{self.changed_answers} repeated requests were answered differently")
        if self.oversold:
            found.append(f"{self.oversold} nights are oversold")
        return found


def storm_hotel(folder: Path) -> Path:
    """A hotel file with ten rooms of one type and nobody in them."""
    content = yaml.safe_load(DEMO_HOTEL.read_text(encoding="utf-8"))
    content["property"]["id"] = PROPERTY
    content["room_types"] = {ROOM_TYPE: {**content["room_types"][ROOM_TYPE], "units": ROOMS, "rooms": []}}
    content.update(inventory=[], reservations=[])
    path = folder / "storm.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


async def storm(replicas: Sequence[PmsProcess], *, week: int = 0, seed: int = 0) -> Outcome:
    """One storm over the nights of the n-th week from now, so that one database serves many."""
    chance = random.Random(seed)
    outcome = Outcome(killed_after=chance.choice(KILL_AFTER))
    arrival = datetime.now(UTC).date() + timedelta(days=30 + 7 * week)
    async with _Desk(replicas) as desk:
        quoted = await desk.call(0, "CreateQuote", _quote_request(arrival))
        enough = asyncio.Event()

        def answered(code: str) -> None:
            outcome.codes.append(code)
            if len(outcome.codes) == outcome.killed_after:
                enough.set()

        guests = [_Guest(desk, number, f"{seed}-{week}", quoted.quote, answered) for number in range(GUESTS)]
        async with asyncio.timeout(STORM_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(_kill_and_restart(chance.choice(replicas), enough))
            tasks = [group.create_task(guest.come()) for guest in guests]
        outcome.refused = sum(not task.result() for task in tasks)
        outcome.repeats = desk.repeats
        outcome.changed_answers = sum([await guest.is_told_otherwise() for guest in guests])
        await _read_books(desk, arrival, outcome)
    return outcome


async def _kill_and_restart(replica: PmsProcess, enough: asyncio.Event) -> None:
    await enough.wait()
    await asyncio.to_thread(replica.kill)
    await asyncio.to_thread(lambda: replica.launch().wait())


class _Desk:
    """The replicas, as clients see them: ask one, and after an unclear outcome the next, until somebody answers."""

    def __init__(self, replicas: Sequence[PmsProcess]) -> None:
        options = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 500)]
        self._channels = [grpc.aio.insecure_channel(replica.address, options=options) for replica in replicas]
        self._stubs: list[Any] = [PmsServiceStub(channel) for channel in self._channels]
        self.repeats = 0

    async def __aenter__(self) -> "_Desk":
        return self

    async def __aexit__(self, *_: object) -> None:
        for channel in self._channels:
            await channel.close()

    async def call(self, first: int, method: str, request: Any) -> Any:
        """The definite answer; raises AioRpcError with a definite refusal."""
        pauses = itertools.chain([0.01, 0.02, 0.05, 0.1], itertools.repeat(0.2))
        for number, pause in zip(itertools.count(first), pauses, strict=False):
            stub = self._stubs[number % len(self._stubs)]
            try:
                return await getattr(stub, method)(request, timeout=CALL_SECONDS)
            except grpc.aio.AioRpcError as error:
                if error.code() not in _UNCLEAR:
                    raise
            self.repeats += 1
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")


class _Guest:
    """Two of three hold a room first; all book under request ids of their own."""

    def __init__(
        self, desk: _Desk, number: int, run: str, quoted: offer_pb2.Quote, answered: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._number = number
        self._run = run
        self._quoted = quoted
        self._answered = answered
        self._booking: pms_pb2.CreateReservationRequest | None = None
        self._code = ""

    async def come(self) -> bool:
        """True with a room, False when told that there is none. Raises AioRpcError for any other refusal."""
        hold_id = ""
        if self._number % 3:
            request = pms_pb2.PlaceHoldRequest(
                request_id=f"hold-{self._run}-{self._number}", quote_token=self._quoted.quote_token
            )
            held = await _or_sold_out(self._desk.call(self._number, "PlaceHold", request))
            if held is None:
                return False
            hold_id = held.hold.hold_id
        self._booking = pms_pb2.CreateReservationRequest(
            request_id=f"book-{self._run}-{self._number}",
            quote_token=self._quoted.quote_token,
            hold_id=hold_id,
            booker=reservation_pb2.Booker(given_name="Guest", phone_number=f"+52551{self._number:07d}"),
        )
        booked = await _or_sold_out(self._desk.call(self._number, "CreateReservation", self._booking))
        if booked is None:
            return False
        self._code = booked.reservation.confirmation_code
        self._answered(self._code)
        return True

    async def is_told_otherwise(self) -> bool:
        """Asks the other replica once more with the same id: True when the answer is not the one given before."""
        if self._booking is None:
            return False
        again = await _or_sold_out(self._desk.call(self._number + 1, "CreateReservation", self._booking))
        return ("" if again is None else again.reservation.confirmation_code) != self._code


async def _or_sold_out(answer: Awaitable[Any]) -> Any:
    """The answer, or None for SOLD_OUT."""
    try:
        return await answer
    except grpc.aio.AioRpcError as error:
        if _reason(error) != "SOLD_OUT":
            raise
        return None


def _reason(error: grpc.aio.AioRpcError) -> str:
    info = error_details_pb2.ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                detail.Unpack(info)
    return info.reason


async def _read_books(desk: _Desk, arrival: date, outcome: Outcome) -> None:
    stay = _stay(arrival)
    inventory = await desk.call(0, "ListInventory", pms_pb2.ListInventoryRequest(property_id=PROPERTY, nights=stay))
    outcome.nights = [(night.capacity, night.sold, night.held) for night in inventory.nights]
    listed = await desk.call(
        1,
        "ListReservations",
        pms_pb2.ListReservationsRequest(
            property_id=PROPERTY,
            check_in_from=stay.check_in_date,
            check_in_to=stay.check_in_date,
            states=[reservation_pb2.RESERVATION_STATE_CONFIRMED],
            page_size=200,
        ),
    )
    outcome.booked = [reservation.confirmation_code for reservation in listed.reservations]


def _quote_request(arrival: date) -> pms_pb2.CreateQuoteRequest:
    return pms_pb2.CreateQuoteRequest(
        property_id=PROPERTY,
        stay=_stay(arrival),
        rooms=[Occupancy(adults=2)],
        room_type_id=ROOM_TYPE,
        rate_plan_id=RATE_PLAN,
    )


def _stay(arrival: date) -> Stay:
    departure = arrival + timedelta(days=NIGHTS)
    return Stay(
        check_in_date=Date(year=arrival.year, month=arrival.month, day=arrival.day),
        check_out_date=Date(year=departure.year, month=departure.month, day=departure.day),
    )
