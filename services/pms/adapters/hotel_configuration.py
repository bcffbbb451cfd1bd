"""A hotel file as the domain sees it."""

from __future__ import annotations

from datetime import timedelta

from services.pms.adapters.hotel_file import CancellationPart, HotelFile, ReservationPart, RoomTypePart, TaxPart
from services.pms.domain.configuration import Configuration, ExistingReservation, NightException
from services.pms.domain.policy import CancellationPolicy, CancellationStep, Penalty
from services.pms.domain.property import Fact, Hours, Per, Property, RatePlan, RoomType, TaxRule
from services.pms.domain.reservation import Booker, ReservationState
from services.pms.domain.stay import Occupancy, Stay


def configuration_of(hotel_file: HotelFile) -> Configuration:
    """Everything the file says."""
    return Configuration(
        hotel=_property(hotel_file),
        exceptions=tuple(
            NightException(
                nights=Stay(part.nights.first, part.nights.until),
                left=part.left,
                net_price=part.net_price,
                min_nights=part.min_nights,
                max_nights=part.max_nights,
                closed_to_arrival=part.closed_to_arrival,
                closed_to_departure=part.closed_to_departure,
            )
            for part in hotel_file.inventory
        ),
        reservations=tuple(_reservation(part) for part in hotel_file.reservations),
    )


def _property(hotel_file: HotelFile) -> Property:
    part = hotel_file.hotel
    return Property(
        property_id=part.property_id,
        display_name=part.name,
        time_zone=part.time_zone,
        currency=part.currency,
        region=part.region,
        languages=tuple(part.languages),
        check_in_time=part.check_in_time,
        check_out_time=part.check_out_time,
        quiet_hours=Hours(start=part.quiet_hours.start, end=part.quiet_hours.end),
        staff_hours=Hours(start=part.staff_hours.start, end=part.staff_hours.end),
        emergency_number=part.emergency_number,
        taxes=tuple(_tax(tax) for tax in hotel_file.taxes),
        room_types=tuple(_room_type(key, room_type) for key, room_type in hotel_file.room_types.items()),
        rate_plans=tuple(
            RatePlan(
                rate_plan_id=key,
                name=plan.name,
                policy=CancellationPolicy(steps=tuple(_step(step) for step in plan.cancellation)),
                synonyms=_flat(plan.synonyms),
                price_factor=plan.price_factor,
                date_change_allowed=plan.date_change_allowed,
            )
            for key, plan in hotel_file.rate_plans.items()
        ),
        facts=tuple(Fact(topic=topic, text=text) for topic, text in hotel_file.facts.items()),
        max_rooms_self_service=hotel_file.sales.max_rooms_self_service,
        booking_horizon_days=hotel_file.sales.booking_horizon_days,
        hold_duration=hotel_file.hold_duration,
        quote_duration=hotel_file.quote_duration,
        pricing=hotel_file.pricing.rules if hotel_file.pricing else None,
        backend=hotel_file.pms.backend if hotel_file.pms else "builtin",
    )


def _tax(part: TaxPart) -> TaxRule:
    return TaxRule(
        code=part.code,
        rate=part.rate,
        amount=part.amount,
        included=part.included,
        per=Per(part.per),
        exempt_below_age=part.exempt_below_age,
    )


def _room_type(key: str, part: RoomTypePart) -> RoomType:
    return RoomType(
        room_type_id=key,
        name=part.name,
        beds=part.beds,
        max_occupancy=part.max_occupancy,
        units=part.units or len(part.rooms),
        net_price=part.net_price,
        synonyms=_flat(part.synonyms),
        max_adults=part.max_adults,
        max_children=part.max_children,
        room_numbers=tuple(part.rooms),
    )


def _step(part: CancellationPart) -> CancellationStep:
    hours = part.hours_before_arrival
    return CancellationStep(
        penalty=Penalty(nights=part.nights, percent=part.percent, amount=part.amount),
        before_arrival=None if hours is None else timedelta(hours=hours),
    )


def _reservation(part: ReservationPart) -> ExistingReservation:
    guest = part.guest
    return ExistingReservation(
        code=part.code,
        booker=Booker(
            given_name=guest.given_name,
            family_name=guest.family_name,
            email=guest.email,
            phone_number=guest.phone,
            language=guest.language,
        ),
        stay=Stay(part.check_in, part.check_out),
        room_type_id=part.room_type,
        rate_plan_id=part.rate_plan,
        occupancy=Occupancy(part.adults, tuple(part.child_ages)),
        state=ReservationState(part.state),
        room_number=part.room,
    )


def _flat(words: dict[str, list[str]]) -> tuple[str, ...]:
    """Words of all languages, each once, in the order written."""
    return tuple(dict.fromkeys(word for group in words.values() for word in group))
