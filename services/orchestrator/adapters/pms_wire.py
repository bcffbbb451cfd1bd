"""What the pms service tells, as the domain knows it: the hotel, offers, quotes, holds, reservations, previews."""

from __future__ import annotations

from datetime import datetime, time

from google.type.timeofday_pb2 import TimeOfDay
from hotel.pms.v1 import offer_pb2, property_pb2, reservation_pb2
from mesh.values import Money
from mesh.wire import date_from_proto, money_from_proto, time_from_proto, time_of_day_from_proto

from services.orchestrator.adapters.wire import room_from_proto, stay_from_proto
from services.orchestrator.domain.hotel import Fact, Hotel, Penalty, RatePlan, RoomType
from services.orchestrator.domain.offers import Hold, Offer, Quote, Terms, Unavailability
from services.orchestrator.domain.reservation import CancellationPreview, ModificationPreview, Reservation

_NOON = time(12)
_AFTERNOON = time(15)


def hotel_from_proto(
    property_: property_pb2.Property,
    room_types: list[property_pb2.RoomType],
    rate_plans: list[property_pb2.RatePlan],
    now: datetime,
) -> Hotel:
    return Hotel(
        property_id=property_.property_id,
        name=property_.display_name,
        time_zone=property_.time_zone,
        currency=property_.currency_code,
        region=property_.region_code,
        languages=tuple(property_.languages) or ("es", "en"),
        check_in_time=_clock(property_, "check_in_time") or _AFTERNOON,
        check_out_time=_clock(property_, "check_out_time") or _NOON,
        quiet_start=_clock(property_, "quiet_start"),
        quiet_end=_clock(property_, "quiet_end"),
        staff_start=_clock(property_, "staff_start"),
        staff_end=_clock(property_, "staff_end"),
        emergency_number=property_.emergency_number,
        max_rooms_self_service=property_.max_rooms_self_service or 4,
        horizon_days=property_.booking_horizon_days or 365,
        facts={
            item.topic: Fact(topic=item.topic, texts=dict(item.text_by_language), version=item.version)
            for item in property_.facts
        },
        room_types=tuple(_room_type(item) for item in room_types),
        rate_plans=tuple(_rate_plan(item) for item in rate_plans),
        read_time=time_from_proto(property_.read_time) or now,
    )


def _clock(message: property_pb2.Property, field: str) -> time | None:
    value: TimeOfDay = getattr(message, field)
    return time_of_day_from_proto(value, field) if message.HasField(field) else None


def _room_type(message: property_pb2.RoomType) -> RoomType:
    return RoomType(
        id=message.room_type_id,
        names=dict(message.name_by_language),
        synonyms=tuple(message.synonyms),
        beds=dict(message.beds_by_language),
        max_occupancy=message.max_occupancy,
        units=message.units,
    )


def _rate_plan(message: property_pb2.RatePlan) -> RatePlan:
    penalties = tuple(map(_penalty, message.cancellation_policy.steps))
    return RatePlan(
        id=message.rate_plan_id,
        names=dict(message.name_by_language),
        synonyms=tuple(message.synonyms),
        free_until_hours=penalties[0].hours if penalties else None,
        penalties=penalties,
        date_change_allowed=message.date_change_allowed,
    )


def _penalty(message: property_pb2.CancellationStep) -> Penalty:
    ahead = message.before_arrival.ToTimedelta() if message.HasField("before_arrival") else None
    return Penalty(
        hours=int(ahead.total_seconds() // 3600) if ahead is not None else None,
        nights=message.nights,
        percent=message.percent,
        amount=money_from_proto(message.amount, "amount") if message.HasField("amount") else None,
    )


def _terms(message: property_pb2.CancellationTerms) -> Terms:
    return Terms(
        non_refundable=message.non_refundable,
        free_until=time_from_proto(message.free_until_time) if message.HasField("free_until_time") else None,
        penalty=money_from_proto(message.penalty, "penalty") if message.HasField("penalty") else None,
        date_change_allowed=message.date_change_allowed,
    )


def offer_from_proto(message: offer_pb2.Offer, now: datetime) -> Offer:
    return Offer(
        room_type=message.room_type_id,
        rate_plan=message.rate_plan_id,
        stay=stay_from_proto(message.stay),
        units_left=message.units_left,
        total=money_from_proto(message.total, "total"),
        terms=_terms(message.cancellation),
        read_time=now,
    )


def unavailability_from_proto(message: offer_pb2.Unavailability) -> Unavailability:
    return Unavailability(
        room_type=message.room_type_id,
        reason=offer_pb2.Unavailability.Reason.Name(message.reason).removeprefix("REASON_"),
        limit=message.limit,
        date=date_from_proto(message.date) if message.HasField("date") else None,
    )


def quote_from_proto(message: offer_pb2.Quote, now: datetime) -> Quote:
    return Quote(
        id=message.quote_id,
        token=message.quote_token,
        room_type=message.offer.room_type_id,
        rate_plan=message.offer.rate_plan_id,
        stay=stay_from_proto(message.offer.stay),
        rooms=tuple(room_from_proto(room) for room in message.rooms),
        total=money_from_proto(message.total, "total"),
        terms=_terms(message.offer.cancellation),
        expires=time_from_proto(message.expire_time) or now,
        read_time=time_from_proto(message.read_time) or now,
    )


def hold_from_proto(message: offer_pb2.Hold, now: datetime) -> Hold:
    return Hold(id=message.hold_id, quote_id=message.quote_id, expires=time_from_proto(message.expire_time) or now)


def reservation_from_proto(message: reservation_pb2.Reservation, now: datetime) -> Reservation:
    state = reservation_pb2.ReservationState.Name(message.state).removeprefix("RESERVATION_STATE_")
    arrival = time_of_day_from_proto(message.arrival_time) if message.HasField("arrival_time") else None
    return Reservation(
        id=message.reservation_id,
        code=message.confirmation_code,
        state=state,
        given_name=message.booker.given_name,
        family_name=message.booker.family_name,
        stay=stay_from_proto(message.stay),
        room_type=message.room_type_id,
        rate_plan=message.rate_plan_id,
        rooms=tuple(room_from_proto(room.occupancy) for room in message.rooms),
        room_numbers=tuple(room.room_number for room in message.rooms if room.room_number),
        total=money_from_proto(message.total, "total"),
        terms=_terms(message.cancellation),
        arrival_time=arrival,
        language=message.booker.language,
        read_time=now,
    )


def cancellation_from_proto(message: reservation_pb2.CancellationPreview, now: datetime) -> CancellationPreview:
    return CancellationPreview(
        token=message.cancellation_token,
        fee=money_from_proto(message.fee, "fee"),
        refund=_money(message, "refund"),
        free_until=time_from_proto(message.free_until_time) if message.HasField("free_until_time") else None,
        expires=time_from_proto(message.expire_time) or now,
        read_time=now,
    )


def modification_from_proto(message: reservation_pb2.ModificationPreview, now: datetime) -> ModificationPreview:
    return ModificationPreview(
        token=message.modification_token,
        reservation=reservation_from_proto(message.reservation, now),
        current_total=money_from_proto(message.current_total, "current_total"),
        new_total=money_from_proto(message.new_total, "new_total"),
        difference=money_from_proto(message.difference, "difference"),
        fee=_money(message, "fee"),
        expires=time_from_proto(message.expire_time) or now,
        read_time=now,
    )


def _money(
    message: reservation_pb2.CancellationPreview | reservation_pb2.ModificationPreview, field: str
) -> Money | None:
    return money_from_proto(getattr(message, field), field) if message.HasField(field) else None
