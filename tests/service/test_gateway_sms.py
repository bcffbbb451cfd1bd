"""SMS from Twilio's signed call to what Twilio would have sent, over real stores and real HTTP."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hotel.common.v1 import channel_pb2, message_pb2
from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from mesh.errors import Refused

from services.gateway.channels.sms.gsm7 import segments
from services.gateway.channels.sms.signature import sign
from tests.support.gateway import Desk, Gateway, Replies, Turn, eventually, migrated, running_gateway, words_of
from tests.support.gateway_stores import new_sealing
from tests.support.stores import Databases
from tests.support.twilio import PATH, TOKEN, Phone

PUBLIC = "https://hotel.example"


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


def offer(turn: Turn) -> Replies:
    """Says back what it heard and offers two rooms, unless told to ask something else."""
    [*_, last] = turn.messages
    heard = last.button.button_id if last.WhichOneof("content") == "button" else " / ".join(words_of(turn))
    choices = [message_pb2.Choice(id="room:1", title="Doble"), message_pb2.Choice(id="room:2", title="Suite")]
    return [message_pb2.OutboundMessage(text=heard, language="es", choices=[] if heard == "room:2" else choices)]


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    knobs: dict[str, Any] = {
        "twilio_auth_token": f"{TOKEN},older-token", "public_url": PUBLIC,
        "sms_number_rate": 1000.0, "sms_guest_burst": 1000,
    }  # fmt: skip
    async with running_gateway(database, redis_url, desk=Desk(behave=offer), **knobs) as running:
        yield running


class Guest(Phone):
    """A phone whose calls are signed for the public address, and that reads what the sandbox got."""

    def __init__(self, gateway: Gateway, **more: str) -> None:
        super().__init__(gateway.http, **more)
        self._gateway = gateway
        self._seen = 0

    async def post(self, form: dict[str, str], **more: Any) -> httpx.Response:
        return await super().post(form, **{"base": PUBLIC, **more})

    async def replies(self) -> list[dict[str, Any]]:
        """What was sent since the last call; waits until there is something."""

        async def look() -> list[dict[str, Any]]:
            query: dict[str, str | int] = {"to": self.number, "after": self._seen, "channel": "sms"}
            found: list[dict[str, Any]] = (await self._gateway.http.get("/sandbox/messages", params=query)).json()[
                "messages"
            ]
            return found

        found: list[dict[str, Any]] = await eventually(look, what="a reply by SMS")
        self._seen = found[-1]["sequence"]
        return found


async def test_a_signed_message_is_answered_by_rest_with_numbered_choices(gateway: Gateway) -> None:
    guest = Guest(gateway)
    answer = await guest.post(guest.message("SM1", "¿Tienen habitación?"))
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    [reply] = await guest.replies()
    assert reply["text"] == "¿Tienen habitación?\n\n1) Doble\n2) Suite\nResponda con el número."
    assert reply["account"] == "+15005550006"
    [row] = await gateway.rows("SELECT message_id FROM outbox")
    assert reply["payload"]["StatusCallback"] == f"{PUBLIC}{PATH}?message_id={row['message_id']}"
    [call] = gateway.desk.calls
    assert call.messages[0].sender.channel == channel_pb2.CHANNEL_SMS
    assert call.messages[0].sender.phone_number == "+525512345678"


async def test_a_number_answers_the_offer_and_only_the_offer(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("hola")
    await guest.replies()
    await guest.say("2")
    assert [reply["text"] for reply in await guest.replies()] == ["room:2"]
    await guest.say("2")
    assert (await guest.replies())[0]["text"].startswith("2")
    assert [words_of(call) for call in gateway.desk.calls] == [["hola"], ["<button>"], ["2"]]


async def test_a_message_delivered_three_times_is_answered_once(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("hola", times=3)
    await guest.replies()
    await guest.say("fin")
    assert [reply["text"].partition("\n")[0] for reply in await guest.replies()] == ["fin"]


async def test_what_is_not_signed_by_twilio_for_us_is_refused_and_not_kept(gateway: Gateway) -> None:
    guest, form = Guest(gateway), Guest(gateway).message("SM1", "hola")
    wrong = [
        await guest.post(form, signature=""),
        await guest.post(form, signature="dummy"),
        await guest.post(form, base="https://elsewhere.example"),
        await Guest(gateway, token="another").post(form),
        await guest.post(form, x_forwarded_host="elsewhere.example", base="https://elsewhere.example"),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in wrong] == [(401, "signature_mismatch")] * 5
    assert await gateway.rows("SELECT 1 FROM inbound_messages") == []


async def test_the_older_token_is_believed_while_it_is_rotated(gateway: Gateway) -> None:
    guest = Guest(gateway, token="older-token")
    assert (await guest.post(guest.message("SM1", "hola"), base=f"{PUBLIC}:443")).status_code == 200


async def test_calls_by_get_and_in_json_are_taken(gateway: Gateway) -> None:
    guest = Guest(gateway)
    query = "?" + urlencode(guest.message("SM1", "por get"))
    headers = {"X-Twilio-Signature": sign(f"{PUBLIC}{PATH}{query}", [], TOKEN.encode())}
    assert (await gateway.http.get(PATH + query, headers=headers)).status_code == 200
    body = json.dumps(guest.message("SM2", "por json"), ensure_ascii=False).encode()
    query = f"?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {
        "X-Twilio-Signature": sign(f"{PUBLIC}{PATH}{query}", [], TOKEN.encode()),
        "Content-Type": "application/json",
    }
    assert (await gateway.http.post(PATH + query, content=body, headers=headers)).status_code == 200
    assert (await gateway.http.post(PATH + query, content=body + b" ", headers=headers)).status_code == 401

    async def both() -> bool:
        return {word for call in gateway.desk.calls for word in words_of(call)} == {"por get", "por json"}

    await eventually(both)


async def test_statuses_move_the_message_in_whatever_order_they_come(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("hola")
    [reply] = await guest.replies()
    query = "?" + reply["payload"]["StatusCallback"].partition("?")[2]
    for status in ("delivered", "sent", "queued"):
        form = {"MessageSid": reply["id"], "MessageStatus": status, "To": guest.number, "From": "+15005550006"}
        assert (await guest.post(form, query=query)).status_code == 200
    [row] = await gateway.rows("SELECT state, channel_message_id FROM outbox")
    assert (row["state"], row["channel_message_id"]) == ("delivered", new_sealing().vault.veil_text(reply["id"]))
    assert len(gateway.desk.calls) == 1


async def test_a_stop_is_mirrored_and_cancel_still_reaches_the_desk(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("hola")
    await guest.replies()
    await guest.say("STOP", OptOutType="STOP")
    assert [
        row["promotions_stopped"] for row in await gateway.rows("SELECT promotions_stopped FROM conversations")
    ] == [True]
    await guest.say("YES", OptOutType="START")
    await guest.replies()
    await guest.say("CANCEL", OptOutType="STOP")
    await guest.replies()
    assert [words_of(call) for call in gateway.desk.calls] == [["hola"], ["YES"], ["CANCEL"]]


async def test_a_conversation_costs_its_segments(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("¿Hay " + "habitaciones " * 15 + "?")  # with the choices, two segments of the cheap alphabet
    [reply] = await guest.replies()
    assert segments(reply["text"]) == 2
    stub: Any = messaging_pb2_grpc.MessagingServiceStub(gateway.mesh.channel("gateway"))
    identity = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_SMS, address=guest.number)
    wanted = messaging_pb2.GetConversationCostRequest(identity=identity, property_id="alameda")

    async def billed() -> Any:
        found = await stub.GetConversationCost(wanted)
        return found if found.billed_messages else None

    found = await eventually(billed)
    assert (found.billed_messages, found.amount.nanos) == (2, 2 * 56_000_000)


async def test_a_stop_is_all_a_number_ever_said_and_is_honoured(gateway: Gateway) -> None:
    guest = Guest(gateway)
    await guest.say("STOP", OptOutType="STOP")
    refused_later = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "21610", "From": "+15005550006"}
    assert (await guest.post({**refused_later, "To": "+525500000001"})).status_code == 200
    stub: Any = messaging_pb2_grpc.MessagingServiceStub(gateway.mesh.channel("gateway"))
    for number, address in enumerate((guest.number, "+525500000001")):
        message = messaging_pb2.SendMessageRequest(
            request_id=f"r{number}",
            property_id="alameda",
            identity=channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_SMS, address=address),
            content=message_pb2.OutboundMessage(text="Le esperamos mañana.", language="es"),
        )
        with pytest.raises(Refused) as refused:
            await stub.SendMessage(message)
        assert refused.value.reason == "OPTED_OUT"
    assert gateway.desk.calls == []


FORM = "application/x-www-form-urlencoded"
ODD_BODIES = [
    (b"", FORM),
    (b"\xff\xfe=%ff&a", FORM),
    (b"a=%00&MessageSid=%ed%a0%80&From=%00", FORM),
    (b"&".join(b"a=1" for _ in range(2000)), FORM),
    (b"{", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b"[1]", "application/json"),
    (b"", "multipart/form-data; boundary=x"),
]


async def test_no_body_makes_a_fault(gateway: Gateway) -> None:
    for content, kind in ODD_BODIES:
        query = f"?bodySHA256={hashlib.sha256(content).hexdigest()}"
        signature = sign(f"{PUBLIC}{PATH}{query}", [], TOKEN.encode())
        headers = {"X-Twilio-Signature": signature, "Content-Type": kind}
        answer = await gateway.http.post(PATH + query, content=content, headers=headers)
        assert answer.status_code in (200, 400, 401), content[:40]


async def test_a_body_too_large_is_refused(gateway: Gateway) -> None:
    answer = await gateway.http.post(PATH, content=b"x" * 300_000)
    assert (answer.status_code, answer.json()) == (413, {"error": "body_too_large"})
