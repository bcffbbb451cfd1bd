"""Reservations, previews, events, guests and charges to protobuf."""

from __future__ import annotations

from hotel.common.v1 import channel_pb2
from hotel.pms.v1 import reservation_pb2
from mesh import wire

from services.pms.adapters.wire.offer import occupancy_message, price_message, stay_message
from services.pms.adapters.wire.property import terms_message
from services.pms.domain.change import Cancellation, Modification
from services.pms.domain.event import ReservationEvent
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.reservation import Booker, Reservation


def reservation_message(reservation: Reservation) -> reservation_pb2.Reservation:
    """A reservation as it stands."""
    message = reservation_pb2.Reservation(
        reservation_id=reservation.reservation_id,
        confirmation_code=reservation.confirmation_code,
        property_id=reservation.property_id,
        state=f"RESERVATION_STATE_{reservation.state.value}",
        payment_state=f"PAYMENT_STATE_{reservation.payment_state.value}",
        guarantee=f"GUARANTEE_{reservation.guarantee.value}",
        booker=_booker(reservation.booker),
        stay=stay_message(reservation.stay),
        room_type_id=reservation.room_type_id,
        rate_plan_id=reservation.rate_plan_id,
        rooms=[
            reservation_pb2.ReservedRoom(occupancy=occupancy_message(room.occupancy), room_number=room.room_number)
            for room in reservation.rooms
        ],
        total=wire.money_to_proto(reservation.total),
        price=price_message(reservation.price),
        cancellation=terms_message(reservation.terms),
        remark=reservation.remark,
        external_ids=[
            reservation_pb2.ExternalId(system=external.system, id=external.external_id)
            for external in reservation.external_ids
        ],
        source=reservation.source,
        etag=str(reservation.version),
        create_time=wire.time_to_proto(reservation.create_time),
        update_time=wire.time_to_proto(reservation.update_time),
    )
    if reservation.arrival_time is not None:
        message.arrival_time.CopyFrom(wire.time_of_day_to_proto(reservation.arrival_time))
    if reservation.cancel_time is not None:
        message.cancel_time.CopyFrom(wire.time_to_proto(reservation.cancel_time))
    if reservation.cancellation_fee is not None:
        message.cancellation_fee.CopyFrom(wire.money_to_proto(reservation.cancellation_fee))
    return message


def modification_message(
    preview: Modification, reservation: Reservation, token: str
) -> reservation_pb2.ModificationPreview:
    """A change that was worked out."""
    return reservation_pb2.ModificationPreview(
        modification_token=token,
        reservation=reservation_message(reservation),
        current_total=wire.money_to_proto(preview.current_total),
        new_total=wire.money_to_proto(preview.new_total),
        difference=wire.money_to_proto(preview.difference),
        fee=wire.money_to_proto(preview.fee),
        expire_time=wire.time_to_proto(preview.expire_time),
    )


def cancellation_message(preview: Cancellation, token: str) -> reservation_pb2.CancellationPreview:
    """A cancellation that was worked out."""
    message = reservation_pb2.CancellationPreview(
        cancellation_token=token,
        fee=wire.money_to_proto(preview.fee),
        refund=wire.money_to_proto(preview.refund),
        expire_time=wire.time_to_proto(preview.expire_time),
    )
    if preview.free_until is not None:
        message.free_until_time.CopyFrom(wire.time_to_proto(preview.free_until))
    return message


def event_message(event: ReservationEvent, resume_token: str) -> reservation_pb2.ReservationEvent:
    """Something that happened."""
    return reservation_pb2.ReservationEvent(
        type=f"TYPE_{event.event_type.value}",
        reservation=reservation_message(event.reservation),
        event_time=wire.time_to_proto(event.event_time),
        resume_token=resume_token,
    )


def profile_message(profile: GuestProfile) -> reservation_pb2.GuestProfile:
    """What the hotel knows about a guest."""
    return reservation_pb2.GuestProfile(
        profile_id=profile.profile_id,
        property_id=profile.property_id,
        given_name=profile.given_name,
        family_name=profile.family_name,
        email=profile.email,
        phone_number=profile.phone_number,
        language=profile.language,
        past_stays=profile.past_stays,
        live_confirmation_codes=profile.live_codes,
    )


def charge_message(charge: Charge) -> reservation_pb2.Charge:
    """A sum on a folio."""
    return reservation_pb2.Charge(
        charge_id=charge.charge_id,
        description=charge.description,
        amount=wire.money_to_proto(charge.amount),
        post_time=wire.time_to_proto(charge.post_time),
    )


def _booker(booker: Booker) -> reservation_pb2.Booker:
    message = reservation_pb2.Booker(
        given_name=booker.given_name,
        family_name=booker.family_name,
        email=booker.email,
        phone_number=booker.phone_number,
        language=booker.language,
    )
    if booker.identity is not None:
        message.identity.CopyFrom(
            channel_pb2.ChannelIdentity(
                channel=f"CHANNEL_{booker.identity.channel}",
                address=booker.identity.address,
                phone_number=booker.identity.phone_number,
                channel_name=booker.identity.channel_name,
            )
        )
    return message
