"""`make demo`: a guest books by signed WhatsApp webhooks, in Spanish and then in English, and is read back over gRPC.

The guest knows nothing of the services but the webhook; the replies are what the gateway handed to the sandbox channel.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx
from babel.dates import format_date
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc, reservation_pb2
from mesh import wire
from mesh.auth import ANONYMOUS
from mesh.client import Channel, dial
from mesh.errors import DomainError
from mesh.server import credentials_of
from mesh.settings import MeshSettings

from deploy.local.terminal import say
from deploy.local.whatsapp_guest import Reply, WhatsAppGuest

REPLY_SECONDS = 60.0
POLL_SECONDS = 0.1
# Long enough for a pms that was killed to be back.
PMS_SECONDS = 20.0
PROPERTY = "alameda"
ROOM_TYPE, RATE_PLAN = "DBL", "FLEX"
NIGHTS = 3


@dataclass(frozen=True, slots=True)
class Script:
    """One guest and what they say."""

    title: str
    name: str
    lines: tuple[str, ...]


class DemoError(Exception):
    """The hotel did not do what the demo shows."""


async def main() -> int:
    """The exit code: 0 when both guests have their reservation."""
    http_port = os.environ.get("HTTP_PORT", "8000")
    pms_address = os.environ.get("PMS_ADDRESS", "127.0.0.1:7004")
    secret = os.environ.get("WHATSAPP_APP_SECRET", "dev-app-secret")
    start = time.monotonic()
    try:
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_port}", timeout=10.0) as http,
            Channel(dial(pms_address, credentials_of(MeshSettings())), caller=ANONYMOUS) as channel,
        ):
            pms = pms_pb2_grpc.PmsServiceStub(channel)
            for make in (spanish, english):
                check_in = await free_stay(pms)
                guest_number = f"5255{secrets.randbelow(10**8):08d}"
                script = make(check_in, check_in + timedelta(days=NIGHTS))
                await play(script, WhatsAppGuest(http, wa_id=guest_number, name=script.name, app_secret=secret), pms)
    except (DemoError, DomainError, httpx.HTTPError) as error:
        say(f"\nThe demo failed: {error}")
        return 1
    say(f"\nTwo guests, two reservations, {time.monotonic() - start:.1f} s.")
    return 0


def spanish(check_in: date, check_out: date) -> Script:
    """One thing at a time, as most people write."""
    day = "d 'de' MMMM"
    stay = f"del {format_date(check_in, day, 'es')} al {format_date(check_out, day, 'es')}"
    return Script(
        "Spanish, one answer at a time",
        "Lucía Herrera",
        (
            "Hola, buenas",
            "quisiera reservar una habitación",
            stay,
            "somos dos adultos",
            "la doble flexible está bien",
            "Lucía Herrera",
            "sí, confirmo",
        ),
    )


def english(check_in: date, check_out: date) -> Script:
    """Everything at once."""
    stay = f"{format_date(check_in, 'MMMM d', 'en')} to {format_date(check_out, 'MMMM d', 'en')}"
    return Script(
        "English, everything in one message",
        "Emily Clark",
        (
            f"Hi! Double room for 2 adults, {stay}, flexible rate please. Name is Emily Clark.",
            "yes please, book it",
        ),
    )


async def free_stay(pms: pms_pb2_grpc.PmsServiceAsyncStub) -> date:
    """The first check-in from two weeks on for which the demo's room can be had."""
    first = datetime.now(UTC).date() + timedelta(days=14)
    for offset in range(0, 300, NIGHTS):
        check_in = first + timedelta(days=offset)
        request = pms_pb2.SearchAvailabilityRequest(
            property_id=PROPERTY, room_type_id=ROOM_TYPE, rate_plan_id=RATE_PLAN
        )
        request.stay.check_in_date.CopyFrom(wire.date_to_proto(check_in))
        request.stay.check_out_date.CopyFrom(wire.date_to_proto(check_in + timedelta(days=NIGHTS)))
        request.rooms.add(adults=2)
        if (await pms.SearchAvailability(request, timeout=PMS_SECONDS)).offers:
            return check_in
    raise DemoError(f"no {ROOM_TYPE} is free in the next 300 days; stop, remove .run and start again")


async def play(script: Script, guest: WhatsAppGuest, pms: pms_pb2_grpc.PmsServiceAsyncStub) -> None:
    """Raises DemoError unless the last answer names a reservation that the PMS has under this guest's phone."""
    say(f"\n── {script.title} " + "─" * (60 - len(script.title)))
    replies: Sequence[Reply] = ()
    for line in script.lines:
        say(f"  guest  {line}")
        await guest.say(line)
        replies = await answered(guest)
        for reply in replies:
            for row in reply.text.splitlines():
                say(f"  hotel    {row}")
            if reply.choices:
                say(f"  hotel    [{'] ['.join(reply.choices)}]")
    reservation = await read_back(pms, guest.wa_id)
    if not any(reservation.confirmation_code in reply.text for reply in replies):
        raise DemoError(f"the last answer does not name {reservation.confirmation_code}")
    stay = reservation.stay
    total = wire.money_from_proto(reservation.total)
    say(
        f"  gRPC   GetReservation {reservation.confirmation_code}:"
        f" {reservation.room_type_id} {reservation.rate_plan_id},"
        f" {wire.date_from_proto(stay.check_in_date)} to {wire.date_from_proto(stay.check_out_date)},"
        f" {total.amount:.2f} {total.currency},"
        f" {reservation_pb2.ReservationState.Name(reservation.state).removeprefix('RESERVATION_STATE_')}"
    )


async def answered(guest: WhatsAppGuest) -> list[Reply]:
    """The hotel's answer. Raises DemoError when none comes within a minute."""
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            while not (replies := await guest.new_replies()):  # noqa: ASYNC110 (another process answers)
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise DemoError(f"no answer within {REPLY_SECONDS:.0f} s: see `make health` and `make logs`") from None
    return replies


async def read_back(pms: pms_pb2_grpc.PmsServiceAsyncStub, wa_id: str) -> reservation_pb2.Reservation:
    """The one reservation of this phone, found by phone and then read by its code."""
    request = pms_pb2.ListReservationsRequest(property_id=PROPERTY, phone_number=f"+{wa_id}")
    listed = (await pms.ListReservations(request, timeout=PMS_SECONDS)).reservations
    if len(listed) != 1:
        raise DemoError(f"the PMS has {len(listed)} reservations of this guest, expected 1")
    lookup = pms_pb2.GetReservationRequest(property_id=PROPERTY, confirmation_code=listed[0].confirmation_code)
    return (await pms.GetReservation(lookup, timeout=PMS_SECONDS)).reservation
