"""Valid requests to begin with: a guest talks, books, asks for a person. Changed copies of them reach the flows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from hotel.common.v1 import channel_pb2, message_pb2, stay_pb2
from hotel.gateway.v1 import messaging_pb2
from hotel.nlp.v1 import nlp_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.pms.v1 import pms_pb2, reservation_pb2
from hotel.session.v1 import session_pb2

# Sends one request to a method and returns its answer.
Send = Callable[[str, Message], Awaitable[Any]]
PROPERTY = "alameda"
GUEST = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215512340777")


async def _pms(send: Send) -> None:
    stay = stay_pb2.Stay(check_in_date=_day(40), check_out_date=_day(42))
    rooms = [stay_pb2.Occupancy(adults=2)]
    await send("ListProperties", pms_pb2.ListPropertiesRequest())
    await send("GetProperty", pms_pb2.GetPropertyRequest(property_id=PROPERTY))
    await send("ListRoomTypes", pms_pb2.ListRoomTypesRequest(property_id=PROPERTY))
    await send("ListRatePlans", pms_pb2.ListRatePlansRequest(property_id=PROPERTY))
    await send("ListInventory", pms_pb2.ListInventoryRequest(property_id=PROPERTY, nights=stay))
    search = pms_pb2.SearchAvailabilityRequest(property_id=PROPERTY, stay=stay, rooms=rooms)
    await send("SearchAvailability", search)
    asked = pms_pb2.CreateQuoteRequest(property_id=PROPERTY, stay=stay, rooms=rooms)
    asked.room_type_id, asked.rate_plan_id = "DBL", "FLEX"
    quoted = await send("CreateQuote", asked)
    held = await send("PlaceHold", pms_pb2.PlaceHoldRequest(request_id="h", quote_token=quoted.quote.quote_token))
    await send("GetHold", pms_pb2.GetHoldRequest(hold_id=held.hold.hold_id))
    booker = reservation_pb2.Booker(given_name="Ana", family_name="Luz", phone_number="+525512340777", identity=GUEST)
    wish = pms_pb2.CreateReservationRequest(request_id="b", quote_token=quoted.quote.quote_token, booker=booker)
    wish.hold_id = held.hold.hold_id
    made = (await send("CreateReservation", wish)).reservation
    await send("GetReservation", pms_pb2.GetReservationRequest(reservation_id=made.reservation_id))
    await send("ListReservations", pms_pb2.ListReservationsRequest(property_id=PROPERTY))
    await send("PreviewCancellation", pms_pb2.PreviewCancellationRequest(reservation_id=made.reservation_id))
    later = stay_pb2.Stay(check_in_date=_day(41), check_out_date=_day(43))
    change = pms_pb2.PreviewModificationRequest(reservation_id=made.reservation_id, stay=later)
    await send("PreviewModification", change)
    charge = pms_pb2.PostChargeRequest(request_id="c", reservation_id=made.reservation_id, description="té")
    charge.amount.CopyFrom(Money(currency_code="MXN", units=40))
    await send("PostCharge", charge)
    await send("GetGuestProfile", pms_pb2.GetGuestProfileRequest(property_id=PROPERTY, phone_number="+525512340777"))
    await send("WatchReservations", pms_pb2.WatchReservationsRequest(property_id=PROPERTY))


async def _session(send: Send) -> None:
    # Somebody else than the orchestrator's guest, whose turns would win the races for the session.
    visitor = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_SMS, address="+5215512340778")
    asked = session_pb2.GetOrCreateSessionRequest(property_id=PROPERTY, identity=visitor)
    opened = await send("GetOrCreateSession", asked)
    session = opened.session
    turn = session_pb2.Turn(author=session_pb2.Turn.AUTHOR_GUEST, inbound_texts=["hola"], outbound_texts=["¡Hola!"])
    session.slots["adults"].value = "2"
    await send("CommitTurn", session_pb2.CommitTurnRequest(request_id="t1", session=session, turn=turn))
    more = session_pb2.AppendTurnsRequest(request_id="a", session_id=session.session_id, turns=[turn])
    await send("AppendTurns", more)
    await send("GetSession", session_pb2.GetSessionRequest(session_id=session.session_id))
    await send("ListSessions", session_pb2.ListSessionsRequest(property_id=PROPERTY))
    await send("ListTurns", session_pb2.ListTurnsRequest(session_id=session.session_id))
    await send("GetTurn", session_pb2.GetTurnRequest(session_id=session.session_id, turn_id="t1"))
    await send("ListHandoffs", session_pb2.ListHandoffsRequest(property_id=PROPERTY))
    guest = await send("GetGuest", session_pb2.GetGuestRequest(guest_id=session.guest_id))
    await send("UpdateGuest", session_pb2.UpdateGuestRequest(request_id="u", guest=guest.guest))
    await send("ExportGuest", session_pb2.ExportGuestRequest(guest_id=session.guest_id))


async def _orchestrator(send: Send) -> None:
    words = (
        "quiero una habitación para dos personas",
        "del 3 al 5 de marzo",
        "la doble por favor",
        "quiero hablar con una persona",
    )
    for number, text in enumerate(words):
        said = message_pb2.InboundMessage(
            message_id=f"wamid.fuzz.{number}", sender=GUEST, text=message_pb2.TextContent(text=text)
        )
        said.send_time.FromDatetime(datetime.now(UTC))
        said.receive_time.CopyFrom(said.send_time)
        request = orchestrator_pb2.HandleTurnRequest(turn_id=f"turn-{number}", property_id=PROPERTY, messages=[said])
        await send("HandleTurn", request)
    asked = orchestrator_pb2.ConverseRequest(request_id="q", property_id=PROPERTY, identity=GUEST, text="¿hay alberca?")
    await send("Converse", asked)


async def _nlp(send: Send) -> None:
    for text, language in (("quiero reservar del 3 al 5 de marzo", "es"), ("two rooms for four adults", "en")):
        request = nlp_pb2.AnalyzeRequest(text=text, language_hint=language, time_zone="America/Mexico_City")
        request.reference_time.FromDatetime(datetime.now(UTC))
        await send("Analyze", request)
        await send("AnalyzeBatch", nlp_pb2.AnalyzeBatchRequest(requests=[request] * 3))


async def _gateway(send: Send) -> None:
    words = message_pb2.OutboundMessage(text="Buenas tardes", language="es", template_name="saludo")
    sent = messaging_pb2.SendMessageRequest(request_id="s", property_id=PROPERTY, identity=GUEST, content=words)
    await send("SendMessage", sent)
    await send("ListMessages", messaging_pb2.ListMessagesRequest(property_id=PROPERTY, identity=GUEST))
    await send("GetConversationCost", messaging_pb2.GetConversationCostRequest(property_id=PROPERTY, identity=GUEST))


def _day(days: int) -> Date:
    day = datetime.now(UTC).date() + timedelta(days=days)
    return Date(year=day.year, month=day.month, day=day.day)


STARTS: dict[str, Callable[[Send], Awaitable[None]]] = {
    "pms": _pms,
    "session": _session,
    "orchestrator": _orchestrator,
    "nlp": _nlp,
    "gateway": _gateway,
}
