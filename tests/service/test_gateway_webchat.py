"""The chat page: a token, messages in, a stream out that loses nothing, over real stores and real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hotel.common.v1 import channel_pb2, message_pb2

from tests.support.gateway import Desk, Gateway, Replies, Turn, migrated, running_gateway
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


def answer(turn: Turn) -> Replies:
    """Says back what was written and offers a choice."""
    [*_, last] = turn.messages
    words = last.button.button_id if last.WhichOneof("content") == "button" else last.text.text
    return [
        message_pb2.OutboundMessage(
            text=f"re: {words}", language="es", choices=[message_pb2.Choice(id="yes", title="Sí")]
        )
    ]


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    knobs = {
        "webchat_poll_seconds": 0.05,
        "webchat_messages_per_minute": 5,
        "hotel_names": "alameda=Hotel Alameda,jacarandas=J",
        "webchat_origins": "https://www.alameda.example=alameda,https://www.jacarandas.example=jacarandas",
    }
    async with running_gateway(database, redis_url, desk=Desk(behave=answer), **knobs) as running:
        yield running


async def begun(gateway: Gateway) -> str:
    """A visitor's token, out of the cookie jar so that visitors do not mix."""
    response = await gateway.http.post("/webchat/session")
    assert response.status_code == 201
    gateway.http.cookies.clear()
    return str(response.json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def write(gateway: Gateway, token: str, client_id: str, **body: Any) -> httpx.Response:
    message = {"id": client_id, **body}
    return await gateway.http.post("/webchat/messages", json=message, headers=bearer(token))


async def read(gateway: Gateway, token: str, count: int, *, last: str = "") -> list[dict[str, Any]]:
    """The next `count` events of the stream."""
    headers = {**bearer(token), **({"Last-Event-ID": last} if last else {})}
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(15), gateway.http.stream("GET", "/webchat/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        event_id = ""
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                event_id = value
            elif name == "data":
                events.append({**json.loads(value), "event_id": event_id})
                if len(events) == count:
                    return events
    raise AssertionError("the stream ended early")


async def test_a_visitor_writes_and_reads_the_answer(gateway: Gateway) -> None:
    token = await begun(gateway)
    assert (await write(gateway, token, "c1", text="¿Hay <b>alberca</b>?")).status_code == 202
    mine, theirs = await read(gateway, token, 2)
    assert (mine["from"], mine["text"], mine["client_id"]) == ("guest", "¿Hay alberca?", "c1")
    assert (theirs["from"], theirs["text"], theirs["choices"][0]["id"]) == ("hotel", "re: ¿Hay alberca?", "yes")
    [call] = gateway.desk.calls
    assert call.messages[0].sender.channel == channel_pb2.CHANNEL_WEBCHAT
    assert call.property_id == "alameda"


async def test_a_tap_on_a_choice_is_a_button(gateway: Gateway) -> None:
    token = await begun(gateway)
    await write(gateway, token, "c1", text="Sí", button_id="yes", language="pt_BR")
    _, theirs = await read(gateway, token, 2)
    assert theirs["text"] == "re: yes"
    assert gateway.desk.calls[0].messages[0].button.title == "Sí"
    assert gateway.desk.calls[0].messages[0].sender_language == "pt-BR"


async def test_a_stream_that_breaks_goes_on_where_it_was(gateway: Gateway) -> None:
    token = await begun(gateway)
    await write(gateway, token, "c1", text="uno")
    first = await read(gateway, token, 2)
    await write(gateway, token, "c2", text="dos")
    second = await read(gateway, token, 2, last=first[-1]["event_id"])
    assert [event["text"] for event in first + second] == ["uno", "re: uno", "dos", "re: dos"]
    assert await read(gateway, token, 4) == first + second


async def test_a_message_that_is_sent_again_is_one_message(gateway: Gateway) -> None:
    token = await begun(gateway)
    ids = {(await write(gateway, token, "c1", text="hola")).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    await read(gateway, token, 2)
    await write(gateway, token, "c2", text="fin")
    assert [event["text"] for event in await read(gateway, token, 4)] == ["hola", "re: hola", "fin", "re: fin"]
    assert len(await gateway.rows("SELECT 1 FROM inbound_messages")) == 2


async def test_one_visitor_never_sees_another(gateway: Gateway) -> None:
    one, two = await begun(gateway), await begun(gateway)
    await write(gateway, one, "c1", text="secreto")
    await write(gateway, two, "c1", text="hola")
    assert [event["text"] for event in await read(gateway, two, 2)] == ["hola", "re: hola"]


async def test_the_cookie_is_enough_and_out_of_reach_of_scripts(gateway: Gateway) -> None:
    response = await gateway.http.post("/webchat/session")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    written = await gateway.http.post("/webchat/messages", json={"id": "c1", "text": "hola"})
    assert written.status_code == 202
    again = await gateway.http.post("/webchat/session")
    assert again.json()["visitor"] == response.json()["visitor"]


async def test_a_frame_is_known_again_by_a_cookie_of_that_one_site(gateway: Gateway) -> None:
    own = {"Origin": str(gateway.http.base_url).rstrip("/")}
    begun = await gateway.http.post("/webchat/session?property=jacarandas", headers=own)
    told = begun.headers["set-cookie"]
    assert told.startswith(f"visitor-jacarandas={begun.json()['token']}; Path=/webchat/session; ")
    assert told.endswith("; HttpOnly; Secure; SameSite=None; Partitioned")
    cookie = {**own, "Cookie": told.partition(";")[0]}
    again = await gateway.http.post("/webchat/session?property=jacarandas", headers=cookie)
    other = await gateway.http.post("/webchat/session?property=alameda", headers=cookie)
    assert again.json()["visitor"] == begun.json()["visitor"] != other.json()["visitor"]
    # It begins a visit and does nothing else.
    assert (await gateway.http.get("/webchat/events", headers=cookie)).status_code == 401


@pytest.mark.parametrize("token", ["none", "x", "web_00000000000000000000.alameda.9999999999." + "0" * 64])
async def test_without_a_good_token_nothing_is_taken_or_shown(gateway: Gateway, token: str) -> None:
    assert (await write(gateway, token, "c1", text="hola")).status_code == 401
    assert (await gateway.http.get("/webchat/events", headers=bearer(token))).status_code == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "malformed_json"),
        (b"[]", "not_an_object"),
        (b'{"text":"hola"}', "id_missing_or_malformed"),
        (b'{"id":"../x","text":"hola"}', "id_missing_or_malformed"),
        (b'{"id":"c1"}', "text_missing"),
        (b'{"id":"c1","text":" \\n "}', "text_missing"),
        (b'{"id":"c1","text":5}', "text_missing"),
    ],
)
async def test_a_malformed_message_is_refused_with_a_reason(gateway: Gateway, body: bytes, reason: str) -> None:
    headers = {**bearer(await begun(gateway)), "Content-Type": "application/json"}
    response = await gateway.http.post("/webchat/messages", content=body, headers=headers)
    assert (response.status_code, response.json()) == (400, {"error": reason})


async def test_another_sites_page_cannot_write_for_a_visitor(gateway: Gateway) -> None:
    token = await begun(gateway)
    headers = {**bearer(token), "Origin": "https://evil.example"}
    response = await gateway.http.post("/webchat/messages", json={"id": "c1", "text": "x"}, headers=headers)
    assert response.status_code == 403
    assert (await gateway.http.post("/webchat/session", headers=headers)).status_code == 403
    as_form = {**bearer(token), "Content-Type": "text/plain"}
    response = await gateway.http.post("/webchat/messages", content=b'{"id":"c1","text":"x"}', headers=as_form)
    assert (response.status_code, response.json()) == (400, {"error": "not_json"})


async def test_a_listed_site_may_call_for_its_own_hotel_alone(gateway: Gateway) -> None:
    theirs = {"Origin": "https://www.jacarandas.example"}
    session = await gateway.http.post("/webchat/session?property=jacarandas", headers=theirs)
    assert session.status_code == 201
    assert (session.json()["hotel"], "set-cookie" in session.headers) == ("J", False)
    assert session.headers["access-control-allow-origin"] == theirs["Origin"]
    token = str(session.json()["token"])
    answer = await gateway.http.post(
        "/webchat/messages", json={"id": "c1", "text": "hola"}, headers={**bearer(token), **theirs}
    )
    assert answer.status_code == 202
    assert [event["text"] for event in await read(gateway, token, 2)] == ["hola", "re: hola"]
    assert gateway.desk.calls[0].property_id == "jacarandas"
    assert (await gateway.http.post("/webchat/session?property=alameda", headers=theirs)).status_code == 403
    assert (await gateway.http.post("/webchat/session?property=nobody", headers=theirs)).status_code == 404
    elsewhere = {**bearer(token), "Origin": "https://www.alameda.example"}
    answer = await gateway.http.post("/webchat/messages", json={"id": "c2", "text": "x"}, headers=elsewhere)
    assert answer.status_code == 403


async def test_browsers_are_told_who_may_call_and_frame(gateway: Gateway) -> None:
    asked = {"Origin": "https://www.alameda.example", "Access-Control-Request-Method": "POST"}
    answer = await gateway.http.options("/webchat/messages", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, asked["Origin"])
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    refused = await gateway.http.options("/webchat/messages", headers={**asked, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in refused.headers
    framed = await gateway.http.get("/webchat/embed/alameda")
    policy = framed.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.alameda.example")
    assert (await gateway.http.get("/webchat/embed/nobody")).status_code == 404
    assert "frame-ancestors 'none'" in (await gateway.http.get("/")).headers["content-security-policy"]


async def test_the_widget_is_one_script(gateway: Gateway) -> None:
    script = await gateway.http.get("/webchat/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "innerHTML" not in script.text


async def test_a_body_too_large_is_refused(gateway: Gateway) -> None:
    assert (await write(gateway, await begun(gateway), "c1", text="x" * 70_000)).status_code == 413


async def test_who_writes_too_fast_is_asked_to_wait(gateway: Gateway) -> None:
    token = await begun(gateway)
    codes = [(await write(gateway, token, f"c{n}", text="x")).status_code for n in range(5)]
    last = await write(gateway, token, "c9", text="x")
    assert (codes, last.status_code) == ([202] * 5, 429)
    assert 1 <= int(last.headers["retry-after"]) <= 61


async def test_the_page_and_its_files_come_from_here_alone(gateway: Gateway) -> None:
    page = await gateway.http.get("/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script>" not in page.text
    for path, kind in [("chat.css", "text/css"), ("chat.js", "text/javascript"), ("icon.svg", "image/svg+xml")]:
        assert f"/webchat/{path}" in page.text
        response = await gateway.http.get(f"/webchat/{path}")
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, kind)
        again = await gateway.http.get(f"/webchat/{path}", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304


async def test_a_gateway_that_leaves_ends_its_streams_and_keeps_what_they_will_ask_for(
    database: str, redis_url: str
) -> None:
    async with running_gateway(database, redis_url, desk=Desk(behave=answer), webchat_poll_seconds=0.05) as first:
        token = await begun(first)
        await write(first, token, "c1", text="hola")
        async with asyncio.timeout(15), first.http.stream("GET", "/webchat/events", headers=bearer(token)) as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith("retry:")
            leaving = asyncio.create_task(first.mesh.stop("gateway"))
            told = [line async for line in lines]
            assert {line.partition(":")[0] for line in told} <= {"", "id", "event", "data"}
        await leaving
    async with running_gateway(database, redis_url, desk=Desk(behave=answer)) as second:
        assert [event["text"] for event in await read(second, token, 2)] == ["hola", "re: hola"]
