"""Hotel Alameda of the demo, for tests of the dialogue: rooms, prices, scarce nights and four reservations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from mesh.clock import Clock
from mesh.values import Money

from services.orchestrator.adapters.memory import MemoryPms
from services.orchestrator.adapters.memory_rooms import Prices, Scarcity
from services.orchestrator.domain.hotel import Fact, Hotel, RatePlan, RoomType
from services.orchestrator.domain.offers import Occupancy, Stay, Terms
from services.orchestrator.domain.reservation import Reservation
from services.orchestrator.domain.state import Contact

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # Friday, 10:00 at the hotel

HOTEL = Hotel(
    property_id="alameda",
    name="Hotel Alameda",
    time_zone="America/Mexico_City",
    currency="MXN",
    region="MX",
    languages=("es", "en"),
    check_in_time=time(15),
    check_out_time=time(12),
    quiet_start=time(22),
    quiet_end=time(8),
    staff_start=time(7),
    staff_end=time(23),
    emergency_number="911",
    max_rooms_self_service=4,
    horizon_days=540,
    facts={
        "pets": Fact(
            topic="pets",
            texts={
                "es": "Aceptamos perros de hasta 10 kg por 250 MXN netos por estancia, excepto en la suite.",
                "en": "Dogs up to 10 kg are welcome for 250 MXN net per stay, except in the suite.",
            },
        ),
        "parking": Fact(
            topic="parking",
            texts={
                "es": "El estacionamiento cuesta 120 MXN netos por noche; hay 12 lugares.",
                "en": "Parking is 120 MXN net per night; there are 12 places.",
            },
        ),
    },
    room_types=(
        RoomType(id="DBL", names={"es": "Doble", "en": "Double"}, max_occupancy=2, units=4),
        RoomType(id="TWN", names={"es": "Dos camas", "en": "Twin"}, max_occupancy=2, units=2),
        RoomType(id="FAM", names={"es": "Familiar", "en": "Family"}, max_occupancy=4, units=2),
        RoomType(id="SUI", names={"es": "Suite", "en": "Suite"}, max_occupancy=3, units=1),
    ),
    rate_plans=(
        RatePlan(id="FLEX", names={"es": "Flexible", "en": "Flexible"}, free_until_hours=48),
        RatePlan(id="NRF", names={"es": "No reembolsable", "en": "Non-refundable"}, date_change_allowed=False),
    ),
    read_time=START,
)

PRICES = Prices(
    net={"DBL": Decimal(1200), "TWN": Decimal(1200), "FAM": Decimal(1900), "SUI": Decimal(2800)},
    factor={"FLEX": Decimal(1), "NRF": Decimal("0.9")},
    tax=Decimal("0.19"),
    non_refundable=frozenset({"NRF"}),
)

SCARCITY = (
    Scarcity(first=date(2026, 12, 24), end=date(2026, 12, 27), left={"DBL": 1, "TWN": 0, "FAM": 1, "SUI": 0}),
    Scarcity(
        first=date(2026, 12, 31), end=date(2027, 1, 1), left={"DBL": 0, "TWN": 0, "FAM": 1, "SUI": 0}, min_nights=3
    ),
)

_BOOKED = (
    ("R1001", "María", "López", "+525512345678", "DBL", "FLEX", "2026-12-10", "2026-12-13", 2, "CONFIRMED", ""),
    ("R1002", "John", "Smith", "+447700900123", "SUI", "FLEX", "2026-11-21", "2026-11-23", 2, "CONFIRMED", ""),
    ("R1003", "Ana", "Ruiz", "+34600111222", "DBL", "NRF", "2026-12-01", "2026-12-04", 1, "CONFIRMED", ""),
    ("R1004", "Luis", "Pérez", "+525587654321", "DBL", "FLEX", "2026-11-18", "2026-11-22", 1, "IN_HOUSE", "204"),
)
EMAILS = {"R1001": "maria.lopez@example.com", "R1002": "john.smith@example.com"}


def pms(clock: Clock) -> MemoryPms:
    """The hotel with its four reservations."""
    hotel = MemoryPms(property=HOTEL, prices=PRICES, clock=clock, scarcity=SCARCITY)
    for code, given, family, phone, kind, plan, first, last, adults, state, room in _BOOKED:
        stay = Stay(check_in=date.fromisoformat(first), check_out=date.fromisoformat(last))
        net = PRICES.net[kind] * PRICES.factor[plan] * Decimal("1.19")
        total = Money(net * stay.nights, "MXN").rounded()
        free_until = datetime.combine(stay.check_in, time(15), HOTEL.local(START).tzinfo)
        hotel.reservations[code] = Reservation(
            id=f"id-{code}",
            code=code,
            state=state,
            given_name=given,
            family_name=family,
            stay=stay,
            room_type=kind,
            rate_plan=plan,
            rooms=(Occupancy(adults=adults),),
            room_numbers=(room,) if room else (),
            total=total,
            terms=Terms(
                non_refundable=plan == "NRF",
                free_until=None if plan == "NRF" else free_until.replace(day=max(1, free_until.day - 2)),
                penalty=total if plan == "NRF" else Money(net, "MXN").rounded(),
                date_change_allowed=plan != "NRF",
            ),
            read_time=START,
        )
        hotel.owners[code] = Contact(phone=phone, email=EMAILS.get(code, ""))
    return hotel
