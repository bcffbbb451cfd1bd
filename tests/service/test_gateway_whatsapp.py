"""WhatsApp from the signed webhook to what Meta would have got, over real stores and real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from mesh.errors import Down

from services.gateway.channels.whatsapp.signature import sign
from services.gateway.replay import replay
from tests.support.gateway import (
    SECRET,
    Desk,
    Gateway,
    Replies,
    Turn,
    echo,
    eventually,
    migrated,
    running_gateway,
    words_of,
)
from tests.support.gateway_stores import new_sealing
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    async with running_gateway(database, redis_url) as running:
        yield running


def signed(body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": sign(body, SECRET.encode()), "Content-Type": "application/json"}


async def test_a_signed_message_is_answered(gateway: Gateway) -> None:
    guest = gateway.guest()
    await guest.say("¿Tienen habitación?")
    replies = await eventually(guest.new_replies)
    assert [reply.text for reply in replies] == ["¿Tienen habitación?"]
    [call] = gateway.desk.calls
    [message] = call.messages
    assert call.property_id == "alameda"
    assert (message.sender.address, message.sender.phone_number) == ("5215512345678", "+525512345678")
    assert message.sender_display_name == "María López"


async def test_a_webhook_delivered_three_times_is_answered_once(gateway: Gateway) -> None:
    guest = gateway.guest()
    await guest.say("hola", times=3)
    await eventually(guest.new_replies)
    await guest.say("fin")
    assert [reply.text for reply in await eventually(guest.new_replies)] == ["fin"]
    assert sorted(word for call in gateway.desk.calls for word in words_of(call)) == ["fin", "hola"]


async def test_three_messages_in_one_webhook_are_three_messages(gateway: Gateway) -> None:
    guest = gateway.guest()
    body = json.loads(guest.webhook("wamid.1", {"type": "text", "text": {"body": "uno"}}))
    value = body["entry"][0]["changes"][0]["value"]
    first = value["messages"][0]
    value["messages"] = [{**first, "id": f"wamid.{n}", "text": {"body": str(n)}} for n in range(3)]
    assert (await guest.post(json.dumps(body).encode())).status_code == 200
    assert [reply.text for reply in await eventually(guest.new_replies)] == ["0 / 1 / 2"]


async def test_a_wrong_signature_is_refused_and_nothing_is_kept(gateway: Gateway) -> None:
    body = gateway.guest().webhook("wamid.1", {"type": "text", "text": {"body": "hola"}})
    for headers in ({}, {"X-Hub-Signature-256": "dummy"}, {"X-Hub-Signature-256": sign(body, b"other")}):
        answer = await gateway.http.post("/webhooks/whatsapp", content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "signature_mismatch"})
    assert await gateway.rows("SELECT 1 FROM inbound_messages") == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{", b'{"a":' + b"9" * 5000 + b"}", b"[" * 100_000])
async def test_malformed_json_is_refused_with_a_reason_and_no_stack(gateway: Gateway, body: bytes) -> None:
    answer = await gateway.http.post("/webhooks/whatsapp", content=body, headers=signed(body))
    assert (answer.status_code, answer.json()) == (400, {"error": "malformed_json"})


async def test_a_body_of_three_megabytes_is_taken_and_a_larger_one_refused(gateway: Gateway) -> None:
    padding = {"padding": "x" * (3_145_728 - 15)}
    largest = json.dumps(padding).encode()
    assert len(largest) == 3_145_728
    assert (await gateway.http.post("/webhooks/whatsapp", content=largest, headers=signed(largest))).status_code == 200
    larger = largest + b" "
    answer = await gateway.http.post("/webhooks/whatsapp", content=larger, headers=signed(larger))
    assert (answer.status_code, answer.json()) == (413, {"error": "body_too_large"})

    async def streamed() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b" " * 1_000_000

    answer = await gateway.http.post("/webhooks/whatsapp", content=streamed(), headers=signed(b""))
    assert answer.status_code == 413


async def test_an_unknown_type_reaches_the_desk_and_shapes_nobody_knows_are_kept(gateway: Gateway) -> None:
    guest = gateway.guest()
    unknown = guest.webhook("wamid.1", {"type": "hologram", "hologram": {"id": "1"}})
    assert (await guest.post(unknown)).status_code == 200
    await eventually(guest.new_replies)
    assert gateway.desk.calls[0].messages[0].unsupported.kind == "hologram"
    for shape in (
        b"[]",
        b"null",
        b'"x"',
        b'{"entry":[{"changes":[{"field":"tomorrow","value":{"a":"\\u0000\\ud800"}}]}]}',
    ):
        assert (await gateway.http.post("/webhooks/whatsapp", content=shape, headers=signed(shape))).status_code == 200
    assert len(await gateway.rows("SELECT 1 FROM channel_events")) == 4


async def test_a_webhook_has_its_200_while_the_orchestrator_is_stuck(database: str, redis_url: str) -> None:
    stuck = asyncio.Event()

    async def never() -> None:
        await stuck.wait()

    async with running_gateway(database, redis_url, desk=Desk(before=never)) as gateway:
        guest = gateway.guest()
        async with asyncio.timeout(8):  # Meta gives up after ten
            await guest.say("uno")

        async def asked() -> bool:
            return bool(gateway.desk.calls)

        await eventually(asked)
        async with asyncio.timeout(8):
            await guest.say("dos")
        assert await guest.new_replies() == []
        stuck.set()
        assert (await eventually(guest.new_replies))[0].text == "uno"


async def test_a_reaction_reaches_the_desk_as_a_reaction(gateway: Gateway) -> None:
    guest = gateway.guest()
    await guest.post(guest.webhook("wamid.1", {"type": "reaction", "reaction": {"message_id": "x", "emoji": "👍"}}))
    await eventually(guest.new_replies)
    assert gateway.desk.calls[0].messages[0].WhichOneof("content") == "reaction"


async def test_what_staff_write_from_their_phone_is_told_to_the_desk_before_the_guests_words(gateway: Gateway) -> None:
    guest = gateway.guest()
    text = {"from": "525500000000", "to": guest.wa_id, "id": "wamid.e", "type": "text", "text": {"body": "Soy Ana"}}
    payload = json.loads(guest.webhook("wamid.1", {"type": "text", "text": {"body": "hola"}}))
    [entry] = payload["entry"]
    value = {"metadata": entry["changes"][0]["value"]["metadata"], "message_echoes": [text]}
    entry["changes"].append({"field": "smb_message_echoes", "value": value})
    for _ in range(2):
        await guest.post(json.dumps(payload).encode())
    assert [reply.text for reply in await eventually(guest.new_replies)] == ["hola"]
    [event] = gateway.desk.events
    assert (event.property_id, event.identity.address, event.staff_wrote.text) == ("alameda", guest.wa_id, "Soy Ana")


@pytest.mark.parametrize(
    "spellings",
    [
        ("5215512345678", "525512345678"),
        ("5511987654321", "551187654321"),
        ("5491123456789", "541123456789"),
    ],
)
async def test_a_guest_whose_number_gains_or_loses_a_digit_stays_one_guest(
    gateway: Gateway, spellings: tuple[str, str]
) -> None:
    for spelling in spellings:
        guest = gateway.guest(wa_id=spelling)
        await guest.say("hola")
        assert await eventually(guest.new_replies)  # where they wrote from, not where they once did
    assert len({call.messages[0].sender.address for call in gateway.desk.calls}) == 1
    assert len(await gateway.rows("SELECT 1 FROM conversations")) == 1


async def test_words_too_long_for_one_message_reach_the_desk_whole(gateway: Gateway) -> None:
    guest = gateway.guest()
    words = " ".join(f"palabra{number}" for number in range(900))
    assert 8000 < len(words) < 12_000
    await guest.say(words)
    await eventually(guest.new_replies)
    messages = gateway.desk.calls[0].messages
    assert [message.message_id.rpartition("#")[2] for message in messages[1:]] == ["2", "3"]
    assert max(len(message.text.text) for message in messages) <= 4000
    assert " ".join(message.text.text for message in messages) == words


@pytest.mark.parametrize("arguments", [lambda turn_id: [], lambda turn_id: ["--turn", turn_id]], ids=["all", "one"])
async def test_parked_turns_are_opened_again_by_a_command(
    database: str, redis_url: str, arguments: Callable[[str], list[str]]
) -> None:
    broken = True

    def behave(turn: Turn) -> Replies:
        if broken:
            raise Down("UNAVAILABLE", "away")
        return echo(turn)

    async with running_gateway(database, redis_url, desk=Desk(behave=behave), turn_max_tries=1) as gateway:
        guest = gateway.guest()
        await guest.say("¿hola?")

        async def parked() -> list[Any]:
            return await gateway.rows("SELECT turn_id FROM turns WHERE state = 'parked' AND reason = 'UNAVAILABLE'")

        [turn] = await eventually(parked)
        with pytest.raises(SystemExit, match="nothing was opened"):
            await asyncio.to_thread(replay, gateway.settings, ["--turn", "turn_of_nobody"])
        broken = False
        assert await asyncio.to_thread(replay, gateway.settings, arguments(turn["turn_id"])) == 1
        assert [reply.text for reply in await eventually(guest.new_replies)] == ["¿hola?"]


async def test_the_handshake_answers_plain_text(gateway: Gateway) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "dev-verify-token", "hub.challenge": "1158201444"}
    answer = await gateway.http.get("/webhooks/whatsapp", params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await gateway.http.get("/webhooks/whatsapp", params={**query, "hub.verify_token": "x"})).status_code == 403


async def test_messages_of_one_guest_are_handled_in_order_and_never_two_at_once(database: str, redis_url: str) -> None:
    at_once, most = 0, 0

    async def slowly() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    desk = Desk(before=slowly)
    async with running_gateway(database, redis_url, desk=desk) as gateway:
        guest = gateway.guest()
        for number in range(15):
            await guest.say(f"{number}")
        seen: list[str] = []

        async def all_answered() -> bool:
            seen.extend(reply.text for reply in await guest.new_replies())
            return sum(len(text.split(" / ")) for text in seen) == 15

        await eventually(all_answered)
        assert " / ".join(seen).split(" / ") == [str(number) for number in range(15)]
        assert most == 1


async def test_with_the_orchestrator_away_nothing_is_lost(database: str, redis_url: str) -> None:
    away = True

    def behave(turn: Turn) -> Replies:
        if away:
            raise Down("UNAVAILABLE", "away")
        return echo(turn)

    desk = Desk(behave=behave)
    async with running_gateway(database, redis_url, desk=desk) as gateway:
        guest = gateway.guest()
        await guest.say("¿hay alguien?")

        async def tried() -> bool:
            return len(desk.calls) >= 2

        await eventually(tried)
        away = False
        assert [reply.text for reply in await eventually(guest.new_replies)] == ["¿hay alguien?"]
        assert len({call.turn_id for call in desk.calls}) == 1


async def test_a_gateway_that_dies_in_a_turn_leaves_it_to_the_next_under_the_same_id(
    database: str, redis_url: str
) -> None:
    stuck = asyncio.Event()

    async def never() -> None:
        await stuck.wait()

    desk = Desk(before=never)
    async with running_gateway(database, redis_url, desk=desk, turn_seconds=1.0) as first:
        await first.guest().say("¿sigue ahí?")

        async def asked() -> bool:
            return bool(desk.calls)

        await eventually(asked)
        # What the killed process would have left behind: a lease that nobody renews.
        await first.rows("UPDATE conversations SET lease_holder = 'dead', lease_until = now(), due_time = now()")
        stuck.set()
        async with running_gateway(database, redis_url, desk=desk) as second:
            guest = second.guest()
            replies = await eventually(guest.new_replies)
            assert [reply.text for reply in replies] == ["¿sigue ahí?"]
            assert len({call.turn_id for call in desk.calls}) == 1
            assert len(await second.rows("SELECT 1 FROM outbox")) == 1


async def test_a_status_moves_the_message_it_is_about(gateway: Gateway) -> None:
    guest = gateway.guest()
    await guest.say("hola")
    await eventually(guest.new_replies)

    async def sent() -> list[Any]:
        return await gateway.rows("SELECT message_id, channel_message_id FROM outbox WHERE state = 'sent'")

    [row] = await eventually(sent)
    sent_as = new_sealing().vault.unveil_text(row["channel_message_id"])
    status = {"id": sent_as, "status": "read", "timestamp": "1763654395", "recipient_id": guest.wa_id}
    body = json.loads(guest.webhook("x", {}))
    value = body["entry"][0]["changes"][0]["value"]
    del value["messages"]
    value["statuses"] = [status]
    assert (await guest.post(json.dumps(body).encode())).status_code == 200
    assert [r["state"] for r in await gateway.rows("SELECT state FROM outbox")] == ["read"]


async def test_the_store_away_means_503_so_that_meta_sends_again(database: str, redis_url: str) -> None:
    async with running_gateway(database, redis_url) as gateway:
        guest = gateway.guest()
        body = guest.webhook("wamid.1", {"type": "text", "text": {"body": "hola"}})
        await gateway.rows("ALTER TABLE inbound_messages RENAME TO away")
        assert (await guest.post(body)).status_code >= 500
        assert await gateway.rows("SELECT 1 FROM conversations") == []
        await gateway.rows("ALTER TABLE away RENAME TO inbound_messages")
        assert (await guest.post(body)).status_code == 200
        assert [reply.text for reply in await eventually(guest.new_replies)] == ["hola"]


async def test_two_gateways_share_the_work_and_answer_each_message_once(database: str, redis_url: str) -> None:
    desk = Desk()
    async with (
        running_gateway(database, redis_url, desk=desk) as one,
        running_gateway(database, redis_url, desk=desk) as two,
    ):
        guests = [(one if n % 2 else two).guest(wa_id=f"3460000000{n}") for n in range(6)]
        for number in range(5):
            await asyncio.gather(*(guest.say(f"{number}", times=2) for guest in guests))
        for guest in guests:
            seen: list[str] = []

            async def all_answered(guest: Any = guest, seen: list[str] = seen) -> bool:
                seen.extend(reply.text for reply in await guest.new_replies())
                return sum(len(text.split(" / ")) for text in seen) >= 5

            await eventually(all_answered)
            assert " / ".join(seen).split(" / ") == ["0", "1", "2", "3", "4"]


async def test_health_metrics_and_headers(gateway: Gateway) -> None:
    live, ready = await gateway.http.get("/health/live"), await gateway.http.get("/health/ready")
    assert (live.status_code, ready.status_code) == (200, 200)
    told = ready.json()
    assert told["status"] == "ready"
    assert set(told["checks"]) == {"database", "redis", "orchestrator"}
    assert {"time", "version"} <= set(told)
    await gateway.guest().say("hola")
    metrics = (await gateway.http.get("/metrics")).text
    for name in ("webhook_processing_time_bucket", 'http_requests_total{status="200"}', "health_check_total"):
        assert name in metrics
    for header in ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"):
        assert header in ready.headers
    assert (await gateway.http.get("/docs")).status_code == 404


async def test_the_sandbox_is_not_there_in_production(database: str, redis_url: str) -> None:
    secrets = {"secret_key": "k" * 32, "jwt_secret_key": "j" * 32}
    secrets |= {"data_master_keys": "one:" + "m" * 32, "data_index_key": "i" * 32}
    secrets |= {"whatsapp_app_secret": "a" * 32, "whatsapp_access_token": "t" * 32}
    knobs = {**secrets, "env": "prod", "whatsapp_verify_token": "v" * 32, "whatsapp_numbers": "1=alameda"}
    async with running_gateway(database, redis_url, **knobs) as gateway:
        for path in ("/sandbox/messages", "/openapi.json", "/docs"):
            assert (await gateway.http.get(path)).status_code == 404
        posted = await gateway.http.post("/sandbox/graph/v26.0/1/messages", headers={"Authorization": "Bearer x"})
        assert posted.status_code == 404
