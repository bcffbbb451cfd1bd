"""E-mail from Google's signed push to the mail that Gmail would have sent, over real stores and real HTTP."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hotel.common.v1 import channel_pb2, message_pb2

from tests.support.gateway import Gateway, eventually, migrated, running_gateway, words_of
from tests.support.gmail import ADDRESS
from tests.support.stores import Databases

PATH = "/webhooks/gmail"
INBOX = f"/sandbox/gmail/inbox/{ADDRESS}"


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    async with running_gateway(database, redis_url, channels="email", email_mailbox_rate=1000.0) as running:

        async def seen() -> bool:
            return bool(await running.rows("SELECT 1 FROM mailboxes WHERE mark <> ''"))

        await eventually(seen, what="the mailbox")
        yield running


async def replies(gateway: Gateway, count: int = 1) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        answer = await gateway.http.get("/sandbox/messages", params={"channel": "email"})
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found if len(found) >= count else []

    return list(await eventually(look, what="a reply by e-mail"))


async def test_a_mail_is_answered_in_its_thread(gateway: Gateway) -> None:
    mail = {
        "from": "María <maria@example.com>",
        "subject": "Reserva",
        "text": "¿Hay lugar?",
        "message_id": "<1@x.example>",
    }
    arrived = await gateway.http.post(INBOX, json=mail)
    [reply] = await replies(gateway)
    assert (reply["to"], reply["account"]) == ("maria@example.com", ADDRESS)
    assert reply["text"] == "Hola:\n\n¿Hay lugar?\n\n-- \nHotel Alameda"
    assert reply["payload"]["thread_id"] == arrived.json()["threadId"]
    headers = reply["payload"]["headers"]
    assert (headers["subject"], headers["in-reply-to"]) == ("Re: Reserva", "<1@x.example>")
    [call] = gateway.desk.calls
    [message] = call.messages
    assert (message.sender.channel, message.text.subject) == (channel_pb2.CHANNEL_EMAIL, "Reserva")
    assert not message.sender_unverified


async def test_several_replies_of_a_turn_are_one_mail(gateway: Gateway) -> None:
    first = message_pb2.OutboundMessage(text="Tenemos dos habitaciones.", language="es")
    last = message_pb2.OutboundMessage(text="¿Cuál prefiere?", language="es")
    last.choices.add(id="r1", title="Doble")
    last.choices.add(id="r2", title="Suite")
    gateway.desk.behave = lambda turn: [first, last]
    await gateway.http.post(INBOX, json={"from": "maria@example.com", "text": "¿Hay lugar?"})
    [reply] = await replies(gateway)
    words = ["Tenemos dos habitaciones.", "¿Cuál prefiere?", "Doble", "Suite"]
    places = [reply["text"].index(word) for word in words]
    assert places == sorted(places)
    assert len(await gateway.rows("SELECT 1 FROM outbox")) == 1


async def test_a_sender_that_nobody_vouches_for_is_marked_for_the_desk(gateway: Gateway) -> None:
    forged = {
        "from": "maria@example.com",
        "text": "mi reserva",
        "headers": {"Authentication-Results": "mx.evil; dmarc=pass"},
    }
    await gateway.http.post(INBOX, json=forged)
    await replies(gateway)
    assert gateway.desk.calls[0].messages[0].sender_unverified


async def test_quoted_words_are_kept_and_not_acted_on(gateway: Gateway) -> None:
    text = "Sí\n\nEl jue, 26 nov 2026, Hotel escribió:\n> ¿Cancelo?"
    await gateway.http.post(INBOX, json={"from": "maria@example.com", "text": text})
    await replies(gateway)
    [message] = gateway.desk.calls[0].messages
    assert message.text.text == "Sí"
    assert "¿Cancelo?" in message.text.quoted_text


async def test_the_same_mail_twice_is_answered_once(gateway: Gateway) -> None:
    mail = {"from": "maria@example.com", "text": "hola", "message_id": "<same@x.example>"}
    for _ in range(2):
        await gateway.http.post(INBOX, json=mail)
    await gateway.http.post(INBOX, json={"from": "maria@example.com", "text": "fin"})
    await replies(gateway, 2)
    assert sorted(word for call in gateway.desk.calls for word in words_of(call)) == ["fin", "hola"]


async def test_an_auto_reply_is_kept_and_not_answered(gateway: Gateway) -> None:
    robot = {"from": "maria@example.com", "text": "Fuera de oficina", "headers": {"Auto-Submitted": "auto-replied"}}
    await gateway.http.post(INBOX, json=robot)
    await gateway.http.post(INBOX, json={"from": "juan@example.com", "text": "hola"})
    await replies(gateway)
    assert [words_of(call) for call in gateway.desk.calls] == [["hola"]]
    assert [row["kind"] for row in await gateway.rows("SELECT kind FROM channel_events")] == ["ignored.auto_submitted"]


async def test_a_push_that_is_not_googles_is_refused(gateway: Gateway) -> None:
    for authorization in ("", "Bearer x", "Bearer a.b.c", "Basic eDp5"):
        headers = {"Authorization": authorization}
        answer = await gateway.http.post(PATH, json={"message": {"data": "e30="}}, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "signature_mismatch"})


async def test_the_watch_is_kept_alive(gateway: Gateway) -> None:
    async def renewed() -> bool:
        return bool(await gateway.rows("SELECT 1 FROM mailboxes WHERE watch_due > now() + interval '23 hours'"))

    await eventually(renewed, what="the renewed watch")


async def test_no_body_makes_a_fault(gateway: Gateway) -> None:
    bodies: list[Any] = [b"", b"{", b"[]", b"null", b"\xff", b'{"message":{"data":"!!"}}', b"x" * 70_000]
    answers: list[httpx.Response] = [await gateway.http.post(PATH, content=body) for body in bodies]
    assert {answer.status_code for answer in answers} == {401, 413}
