"""Properties, room types, rate plans, policies and nights to protobuf."""

from __future__ import annotations

from decimal import Decimal

from hotel.pms.v1 import property_pb2
from mesh import wire
from mesh.values import Money

from services.pms.desk.catalogue import Known
from services.pms.domain.availability import InventoryNight
from services.pms.domain.policy import CancellationPolicy, CancellationStep, Terms
from services.pms.domain.property import Property, RatePlan, RoomType, TaxRule


def property_message(known: Known) -> property_pb2.Property:
    """A property with its facts and their age."""
    hotel = known.hotel
    return property_pb2.Property(
        property_id=hotel.property_id,
        display_name=hotel.display_name,
        time_zone=hotel.time_zone,
        currency_code=hotel.currency,
        region_code=hotel.region,
        languages=hotel.languages,
        check_in_time=wire.time_of_day_to_proto(hotel.check_in_time),
        check_out_time=wire.time_of_day_to_proto(hotel.check_out_time),
        quiet_start=wire.time_of_day_to_proto(hotel.quiet_hours.start),
        quiet_end=wire.time_of_day_to_proto(hotel.quiet_hours.end),
        staff_start=wire.time_of_day_to_proto(hotel.staff_hours.start),
        staff_end=wire.time_of_day_to_proto(hotel.staff_hours.end),
        emergency_number=hotel.emergency_number,
        taxes=[_tax(rule, hotel.currency) for rule in hotel.taxes],
        max_rooms_self_service=hotel.max_rooms_self_service,
        booking_horizon_days=hotel.booking_horizon_days,
        hold_duration=wire.duration_to_proto(hotel.hold_duration),
        quote_duration=wire.duration_to_proto(hotel.quote_duration),
        facts=[
            property_pb2.Fact(topic=fact.topic, text_by_language=fact.text, version=fact.version)
            for fact in hotel.facts
        ],
        read_time=wire.time_to_proto(known.read_time),
        backend=hotel.backend,
    )


def room_type_message(room_type: RoomType) -> property_pb2.RoomType:
    """A room type."""
    return property_pb2.RoomType(
        room_type_id=room_type.room_type_id,
        name_by_language=room_type.name,
        synonyms=room_type.synonyms,
        beds_by_language=room_type.beds,
        max_occupancy=room_type.max_occupancy,
        units=room_type.units,
        max_adults=room_type.max_adults,
        max_children=room_type.max_children,
    )


def rate_plan_message(plan: RatePlan, currency: str) -> property_pb2.RatePlan:
    """A rate plan with its policy."""
    return property_pb2.RatePlan(
        rate_plan_id=plan.rate_plan_id,
        name_by_language=plan.name,
        synonyms=plan.synonyms,
        cancellation_policy=_policy(plan.policy, currency),
        date_change_allowed=plan.date_change_allowed,
        price_factor=_plain(plan.price_factor),
    )


def terms_message(terms: Terms) -> property_pb2.CancellationTerms:
    """A policy worked out for one stay."""
    message = property_pb2.CancellationTerms(
        non_refundable=terms.non_refundable,
        penalty=wire.money_to_proto(terms.penalty),
        deadlines=[
            property_pb2.CancellationDeadline(
                from_time=wire.time_to_proto(deadline.from_time), penalty=wire.money_to_proto(deadline.penalty)
            )
            for deadline in terms.deadlines
        ],
        date_change_allowed=terms.date_change_allowed,
    )
    if terms.free_until is not None:
        message.free_until_time.CopyFrom(wire.time_to_proto(terms.free_until))
    return message


def night_message(night: InventoryNight, hotel: Property) -> property_pb2.InventoryNight:
    """A night of a room type."""
    return property_pb2.InventoryNight(
        date=wire.date_to_proto(night.night),
        room_type_id=night.room_type_id,
        capacity=night.capacity,
        sold=night.sold,
        held=night.held,
        net_price=wire.money_to_proto(hotel.money(night.net_price)),
        min_nights=night.min_nights,
        max_nights=night.max_nights,
        closed_to_arrival=night.closed_to_arrival,
        closed_to_departure=night.closed_to_departure,
    )


def _tax(rule: TaxRule, currency: str) -> property_pb2.TaxRule:
    message = property_pb2.TaxRule(
        code=rule.code,
        included=rule.included,
        per=f"PER_{rule.per.value.upper()}",
        exempt_below_age=rule.exempt_below_age,
    )
    if rule.rate is not None:
        message.rate = _plain(rule.rate)
    if rule.amount is not None:
        message.amount.CopyFrom(wire.money_to_proto(Money(rule.amount, currency)))
    return message


def _policy(policy: CancellationPolicy, currency: str) -> property_pb2.CancellationPolicy:
    return property_pb2.CancellationPolicy(steps=[_step(step, currency) for step in policy.steps])


def _step(step: CancellationStep, currency: str) -> property_pb2.CancellationStep:
    message = property_pb2.CancellationStep()
    if step.before_arrival is not None:
        message.before_arrival.CopyFrom(wire.duration_to_proto(step.before_arrival))
    penalty = step.penalty
    if penalty.nights is not None:
        message.nights = penalty.nights
    elif penalty.percent is not None:
        message.percent = penalty.percent
    else:
        message.amount.CopyFrom(wire.money_to_proto(Money(penalty.amount or Decimal(0), currency)))
    return message


def _plain(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros: 0.9, not 9E-1 or 0.90."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
