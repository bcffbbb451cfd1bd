"""MessagingService over real stores: other systems write to guests and see how far it came."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.type.timeofday_pb2 import TimeOfDay
from hotel.common.v1 import channel_pb2, message_pb2
from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc, property_pb2
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.errors import Invalid, NotFound, Refused
from mesh.runtime import Runtime
from mesh.settings import MeshSettings

from tests.support.files import PDF
from tests.support.gateway import Gateway, eventually, migrated, running_gateway
from tests.support.stores import Databases

PHONE = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215512345678")


SILENT = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="34600111333")


class Guests(session_pb2_grpc.SessionServiceServicer):
    """Knows three guests, of whom one asked not to be written to."""

    async def GetGuest(self, request: Any, context: Any) -> session_pb2.GetGuestResponse:
        del context
        if request.guest_id == "gst_known":
            return session_pb2.GetGuestResponse(guest=session_pb2.Guest(guest_id="gst_known", identities=[PHONE]))
        if request.guest_id == "gst_silent" or request.identity.address == SILENT.address:
            return session_pb2.GetGuestResponse(guest=session_pb2.Guest(identities=[SILENT], opted_out=True))
        if request.guest_id == "gst_far":
            email = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address="ana@example.com")
            return session_pb2.GetGuestResponse(guest=session_pb2.Guest(identities=[email]))
        raise NotFound("GUEST_NOT_FOUND", "no guest has this id")

    async def build(self, runtime: Runtime, settings: MeshSettings) -> None:
        del settings
        runtime.serve(session_pb2_grpc.add_SessionServiceServicer_to_server, self)


class Hotel(pms_pb2_grpc.PmsServiceServicer):
    """Has its quiet hours from an hour ago until two hours from now, whenever now is; knows one property."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.start, self.end = (now + timedelta(hours=hours) for hours in (-1, 2))

    async def GetProperty(self, request: Any, context: Any) -> pms_pb2.GetPropertyResponse:
        del context
        if request.property_id != "alameda":
            raise NotFound("PROPERTY_NOT_FOUND", "no such property")
        start, end = (TimeOfDay(hours=moment.hour, minutes=moment.minute) for moment in (self.start, self.end))
        hotel = property_pb2.Property(time_zone="UTC", quiet_start=start, quiet_end=end)
        return pms_pb2.GetPropertyResponse(property=hotel)

    async def build(self, runtime: Runtime, settings: MeshSettings) -> None:
        del settings
        runtime.serve(pms_pb2_grpc.add_PmsServiceServicer_to_server, self)


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    beside = {"session": (Guests().build, MeshSettings())}
    async with running_gateway(database, redis_url, beside=beside, channels="whatsapp,webchat") as running:
        yield running


@pytest.fixture
def stub(gateway: Gateway) -> Any:
    return messaging_pb2_grpc.MessagingServiceStub(gateway.mesh.channel("gateway"))


def request(text: str = "Su habitación está lista.", **more: Any) -> messaging_pb2.SendMessageRequest:
    content = message_pb2.OutboundMessage(text=text, language="es")
    fields = {"request_id": "r1", "property_id": "alameda", "identity": PHONE, "content": content, **more}
    return messaging_pb2.SendMessageRequest(**fields)


async def written_to(gateway: Gateway) -> None:
    """The guest wrote, so the window is open."""
    guest = gateway.guest()
    await guest.say("hola")
    await eventually(guest.new_replies)


async def test_a_message_to_a_guest_who_wrote_is_sent(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    sent = (await stub.SendMessage(request())).message
    assert sent.state == messaging_pb2.DELIVERY_STATE_QUEUED

    async def accepted() -> bool:
        message = (await stub.GetMessage(messaging_pb2.GetMessageRequest(message_id=sent.message_id))).message
        return bool(message.state == messaging_pb2.DELIVERY_STATE_SENT and message.channel_message_id)

    await eventually(accepted)
    texts = [row["text"] for row in (await gateway.http.get("/sandbox/messages")).json()["messages"]]
    assert texts == ["hola", "Su habitación está lista."]


async def test_the_same_request_is_sent_once_and_another_body_refused(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    ids = {(await stub.SendMessage(request())).message.message_id for _ in range(3)}
    assert len(ids) == 1
    with pytest.raises(Invalid) as refused:
        await stub.SendMessage(request("otra cosa"))
    assert refused.value.reason == "REQUEST_ID_REUSED"


async def test_a_phone_with_a_plus_or_in_another_spelling_is_the_same_guest(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    for number, address in enumerate(("+5215512345678", "525512345678", "+525512345678")):
        identity = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address=address)
        sent = (await stub.SendMessage(request(identity=identity, request_id=f"r{number}"))).message
        assert sent.recipient.address == "5215512345678"


async def test_outside_the_window_only_a_template_goes(gateway: Gateway, stub: Any) -> None:
    with pytest.raises(Refused) as refused:
        await stub.SendMessage(request())
    assert refused.value.reason == "WINDOW_CLOSED"
    template = message_pb2.OutboundMessage(template_name="pre_arrival", template_arguments=["Ana"], language="es")
    await stub.SendMessage(request(content=template))

    async def recorded() -> list[Any]:
        return (await gateway.http.get("/sandbox/messages")).json()["messages"]

    [row] = await eventually(recorded)
    assert row["payload"]["template"]["name"] == "pre_arrival"
    assert row["account"] == "100000000000001"


async def test_a_message_for_later_waits(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    later = request()
    later.send_after_time.FromDatetime(datetime.now(UTC) + timedelta(hours=2))
    sent = (await stub.SendMessage(later)).message
    await stub.SendMessage(request("ahora", request_id="r2"))

    async def both() -> bool:
        return len((await gateway.http.get("/sandbox/messages")).json()["messages"]) == 2

    await eventually(both)
    message = (await stub.GetMessage(messaging_pb2.GetMessageRequest(message_id=sent.message_id))).message
    assert message.state == messaging_pb2.DELIVERY_STATE_QUEUED


async def test_what_is_started_in_quiet_hours_waits_and_an_answer_does_not(database: str, redis_url: str) -> None:
    hotel, now = Hotel(), datetime.now(UTC)
    own = f"{hotel.start:%H:%M}-{hotel.end:%H:%M}"
    # The setting counts for the hotel that tells nothing, and not for the one that does.
    knobs = {
        "quiet_hours": f"alameda={hotel.end:%H:%M}-{hotel.start:%H:%M} UTC,jacarandas={own} UTC",
        "whatsapp_numbers": "100000000000001=alameda,100000000000002=jacarandas",
    }
    beside = {"session": (Guests().build, MeshSettings()), "pms": (hotel.build, MeshSettings())}
    async with running_gateway(database, redis_url, beside=beside, **knobs) as gateway:
        stub: Any = messaging_pb2_grpc.MessagingServiceStub(gateway.mesh.channel("gateway"))
        template = message_pb2.OutboundMessage(template_name="pre_arrival", language="es")
        stranger = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="34600111222")
        await stub.SendMessage(request(content=template, identity=stranger, request_id="r0"))
        elsewhere = request(content=template, identity=stranger, request_id="r3", property_id="jacarandas")
        await stub.SendMessage(elsewhere)
        await written_to(gateway)
        await stub.SendMessage(request("respuesta"))
        await stub.SendMessage(request("oferta", request_id="r2", promotional=True))

        async def answered() -> list[Any]:
            return await gateway.rows("SELECT 1 FROM outbox WHERE request_id = 'r1' AND state = 'sent'")

        await eventually(answered)
        rows = await gateway.rows("SELECT request_id, scheduled_time FROM outbox WHERE state = 'queued' ORDER BY 1")
        assert [row["request_id"] for row in rows] == ["r0", "r2", "r3"]
        assert all(timedelta(minutes=58) < row["scheduled_time"] - now <= timedelta(hours=2) for row in rows)


async def test_a_conversation_costs_what_the_statuses_of_all_parts_bill(gateway: Gateway, stub: Any) -> None:
    cost = messaging_pb2.GetConversationCostRequest(identity=PHONE, property_id="alameda")
    assert (await stub.GetConversationCost(cost)).messages == 0
    await written_to(gateway)
    content = message_pb2.OutboundMessage(text="Una línea más. " * 140, language="es")
    content.choices.add(id="a", title="Sí")
    await stub.SendMessage(request(content=content))

    async def sent() -> list[str]:
        if len(await gateway.rows("SELECT 1 FROM outbox WHERE state = 'sent'")) < 2:
            return []
        return [row["id"] for row in (await gateway.http.get("/sandbox/messages")).json()["messages"]]

    ids = await eventually(sent)
    data = [row["payload"] for row in (await gateway.http.get("/sandbox/messages")).json()["messages"]]
    assert len(ids) == 4  # the reply, and three parts
    pricing = {"billable": True, "pricing_model": "PMP", "category": "utility"}
    told = [
        {
            "id": message_id,
            "status": word,
            "timestamp": "1793000000",
            "pricing": pricing,
            "biz_opaque_callback_data": payload["biz_opaque_callback_data"],
        }
        for message_id, payload in zip(ids, data, strict=True)
        for word in ("sent", "delivered")
    ]
    guest = gateway.guest()
    body = json.loads(guest.webhook("x", {}))
    body["entry"][0]["changes"][0]["value"].update(messages=[], statuses=told)
    assert (await guest.post(json.dumps(body).encode())).status_code == 200
    found = await stub.GetConversationCost(cost)
    assert (found.messages, found.billed_messages, found.unpriced_messages) == (4, 4, 0)
    assert (found.amount.currency_code, found.amount.units, found.amount.nanos) == ("USD", 0, 34_000_000)


async def test_a_guest_is_reached_where_they_wrote(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    sent = (await stub.SendMessage(request(identity=None, guest_id="gst_known"))).message
    assert sent.recipient.address == "5215512345678"


@pytest.mark.parametrize(
    ("recipient", "failure", "reason"),
    [
        ({"identity": None, "guest_id": "gst_silent"}, Refused, "OPTED_OUT"),
        ({"identity": SILENT}, Refused, "OPTED_OUT"),
        ({"identity": None, "guest_id": "gst_far"}, Refused, "UNREACHABLE"),
        ({"identity": None, "guest_id": "gst_nobody"}, NotFound, "GUEST_NOT_FOUND"),
    ],
)
async def test_a_guest_who_cannot_be_written_to_is_said_to_be(
    stub: Any, recipient: dict[str, Any], failure: type[Exception], reason: str
) -> None:
    with pytest.raises(failure) as refused:
        await stub.SendMessage(request(**recipient))
    assert refused.value.reason == reason


async def test_who_stopped_what_we_start_is_still_answered(gateway: Gateway, stub: Any) -> None:
    guest = gateway.guest(wa_id=SILENT.address)
    await guest.say("hola")
    await eventually(guest.new_replies)
    await stub.SendMessage(request(identity=SILENT))
    with pytest.raises(Refused) as refused:
        await stub.SendMessage(request(identity=SILENT, request_id="r2", promotional=True))
    assert refused.value.reason == "OPTED_OUT"


async def test_a_stop_heard_by_the_channel_alone_is_honoured_too(gateway: Gateway, stub: Any) -> None:
    guest = gateway.guest()
    body = json.loads(guest.webhook("x", {}))
    value = body["entry"][0]["changes"][0]["value"]
    value.update(
        messages=[], user_preferences=[{"wa_id": guest.wa_id, "category": "marketing_messages", "value": "stop"}]
    )
    assert (await guest.post(json.dumps(body).encode())).status_code == 200
    template = message_pb2.OutboundMessage(template_name="offer", language="es")
    # Meta's switch is of advertising alone.
    await stub.SendMessage(request(content=template))
    with pytest.raises(Refused) as refused:
        await stub.SendMessage(request(content=template, request_id="r2", promotional=True))
    assert refused.value.reason == "OPTED_OUT"


async def test_a_file_is_sent_once_with_its_words_and_read_back_without_its_bytes(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    bill = message_pb2.Attachment(content=PDF, mime_type="application/pdf", file_name="cuenta.pdf")
    content = message_pb2.OutboundMessage(text="Su cuenta.", language="es", attachment=bill)
    sent = [(await stub.SendMessage(request(content=content))).message for _ in range(2)]
    assert len({message.message_id for message in sent}) == 1
    kept = sent[0].content.attachment
    assert (kept.content, kept.size_bytes, kept.file_name) == (b"", len(PDF), "cuenta.pdf")
    content.attachment.content += b" "
    with pytest.raises(Invalid) as reused:
        await stub.SendMessage(request(content=content))
    assert reused.value.reason == "REQUEST_ID_REUSED"

    async def documents() -> list[Any]:
        rows = (await gateway.http.get("/sandbox/messages")).json()["messages"]
        return [row["payload"]["document"] for row in rows if row["payload"]["type"] == "document"]

    [shown] = await eventually(documents)
    assert (shown["caption"], shown["filename"]) == ("Su cuenta.", "cuenta.pdf")
    place = f"/sandbox/graph/v26.0/{shown['id']}"
    bearer = {"Authorization": "Bearer x"}
    found = (await gateway.http.get(place, headers=bearer)).json()
    assert (await gateway.http.get(found["url"], headers=bearer)).content == PDF


@pytest.mark.parametrize(
    ("attachment", "failure", "reason"),
    [
        ({"content": PDF, "mime_type": "image/png"}, Invalid, "INVALID_ARGUMENT"),
        ({"content": b"<html>", "mime_type": "text/html"}, Invalid, "INVALID_ARGUMENT"),
        ({"url": "http://cdn.example/a.png", "mime_type": "image/png"}, Invalid, "INVALID_ARGUMENT"),
        ({"mime_type": "image/png"}, Invalid, "INVALID_ARGUMENT"),
        ({"content": b"GIF89a", "mime_type": "image/gif"}, Refused, "ATTACHMENT_REFUSED"),
    ],
)
async def test_a_file_that_cannot_be_sent_is_refused(
    gateway: Gateway, stub: Any, attachment: dict[str, Any], failure: type[Exception], reason: str
) -> None:
    await written_to(gateway)
    content = message_pb2.OutboundMessage(text="Mire.", attachment=message_pb2.Attachment(**attachment))
    with pytest.raises(failure) as refused:
        await stub.SendMessage(request(content=content))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "bad",
    [
        messaging_pb2.SendMessageRequest(),
        request(""),
        request("x" * 5000),
        request(identity=None),
        request(identity=channel_pb2.ChannelIdentity(address="5215512345678")),
        request(identity=channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP)),
    ],
    ids=["nothing", "no words", "too many words", "nobody", "no channel", "no address"],
)
async def test_a_malformed_message_is_refused(stub: Any, bad: messaging_pb2.SendMessageRequest) -> None:
    with pytest.raises(Invalid) as refused:
        await stub.SendMessage(bad)
    assert refused.value.fields


async def test_a_channel_that_is_not_in_use_reaches_nobody(stub: Any) -> None:
    email = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address="ana@example.com")
    with pytest.raises(Refused) as refused:
        await stub.SendMessage(request(identity=email))
    assert refused.value.reason == "UNREACHABLE"


async def test_a_conversation_is_listed_newest_first_in_pages(gateway: Gateway, stub: Any) -> None:
    await written_to(gateway)
    for number in range(3):
        await stub.SendMessage(request(f"{number}", request_id=f"r{number}"))
    texts, token = [], ""
    while True:
        page = await stub.ListMessages(
            messaging_pb2.ListMessagesRequest(identity=PHONE, property_id="alameda", page_size=3, page_token=token)
        )
        texts.append([message.content.text for message in page.messages])
        token = page.next_page_token
        if not token:
            break
    assert texts == [["2", "1", "0"], ["hola"]]


@pytest.mark.parametrize("token", ["x", "MQ", "MS4wMDAwMDAwMDAwMDAwMDAw", "é"])
async def test_a_page_token_of_somebody_else_is_refused(gateway: Gateway, stub: Any, token: str) -> None:
    await written_to(gateway)
    with pytest.raises(Invalid) as refused:
        await stub.ListMessages(
            messaging_pb2.ListMessagesRequest(identity=PHONE, property_id="alameda", page_token=token)
        )
    assert refused.value.reason == "INVALID_PAGE_TOKEN"


async def test_an_unknown_message_is_not_found(stub: Any) -> None:
    with pytest.raises(NotFound) as refused:
        await stub.GetMessage(messaging_pb2.GetMessageRequest(message_id="out_unknown"))
    assert refused.value.reason == "MESSAGE_NOT_FOUND"
