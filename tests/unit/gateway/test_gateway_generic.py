"""Attached channels: whose signature counts, what is read, and what each answer of a callback means."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.clock import ManualClock
from mesh.errors import Refused
from mesh.settings import ConfigurationError, load

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.channels.generic.channel import GenericChannel
from services.gateway.channels.generic.parse import read_messages, read_statuses
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.generic.signature import is_signed, sign
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import (
    Button,
    Channel,
    Choice,
    Delivery,
    Identity,
    Location,
    Media,
    OutboundMessage,
    Text,
    Unsupported,
    Voice,
)
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, Unknown
from services.gateway.domain.rates import Rate
from services.gateway.settings import Settings
from tests.support.files import HOTEL, Drawer

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SECRET, BODY = b"s" * 32, '{"text":"habitación"}'.encode()
TELEGRAM = Attached(name="telegram", property_id="alameda", callback_url="https://bot.example/hotel", secrets=(SECRET,))


NAMES = st.sampled_from(["id", "sender", "text", "messages", "attachments", "sent_at", "status", "location"])
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)


class TestSignature:
    def test_it_is_over_the_time_and_the_raw_bytes(self) -> None:
        header = sign(BODY, SECRET, now=1000.9)
        assert header.startswith("t=1000,v1=")
        assert is_signed(BODY, header, [SECRET], now=1000)
        assert not is_signed(BODY + b" ", header, [SECRET], now=1000)
        assert not is_signed(BODY, header.replace("t=1000", "t=1001"), [SECRET], now=1000)
        assert not is_signed(BODY, header, [b"other"], now=1000)

    @pytest.mark.parametrize(("age", "good"), [(300, True), (-300, True), (301, False), (-301, False), (10**9, False)])
    def test_it_is_good_for_five_minutes_in_both_directions(self, age: int, good: bool) -> None:
        assert is_signed(BODY, sign(BODY, SECRET, now=2 * 10**9), [SECRET], now=2 * 10**9 + age) is good

    def test_secrets_are_rotated_at_either_end(self) -> None:
        old, new = b"o" * 32, b"n" * 32
        assert is_signed(BODY, sign(BODY, old, now=0), [new, old], now=0)
        both = sign(BODY, new, now=0) + "," + sign(BODY, old, now=0).partition(",")[2]
        assert is_signed(BODY, both, [old], now=0)

    @pytest.mark.parametrize("header", [None, "", "dummy", "t=0", "v1=" + "0" * 64, "t=0,v1=x", "t=x,v1=" + "0" * 64])
    def test_anything_else_is_no_signature(self, header: str | None) -> None:
        assert not is_signed(BODY, header, [SECRET], now=0)


def read(payload: Any, key: str = "") -> Delivery:
    return read_messages(payload, attached=TELEGRAM, idempotency_key=key, now=NOW)


def said(**values: Any) -> dict[str, Any]:
    return {"id": "m1", "conversation": "c1", "sender": {"id": "u1", "name": "María"}, **values}


class TestReading:
    def test_a_message_has_its_sender_its_place_and_its_time(self) -> None:
        payload = said(text=" <b>¿Hay</b> lugar? ", sent_at="2026-11-26T05:59:00-06:00", reply_to="m0")
        [message] = read(payload).messages
        assert (message.message_id, message.property_id, message.account) == ("telegram:m1", "alameda", "c1")
        assert (message.sender.channel, message.sender.channel_name) == (Channel.GENERIC, "telegram")
        assert (message.sender.address, message.display_name) == ("u1", "María")
        assert (message.body, message.reply_to_message_id) == (Text(text="¿Hay lugar?"), "m0")
        assert message.send_time == datetime(2026, 11, 26, 11, 59, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("told", "time"),
        [
            ("2026-11-26T11:00:00Z", datetime(2026, 11, 26, 11, tzinfo=UTC)),
            ("2026-11-26T11:00:00", datetime(2026, 11, 26, 11, tzinfo=UTC)),
            (1795690800, datetime(2026, 11, 26, 11, tzinfo=UTC)),
            ("1795690800", datetime(2026, 11, 26, 11, tzinfo=UTC)),
            ("2036-01-01T00:00:00Z", NOW),
            ("yesterday", NOW),
            (None, NOW),
        ],
    )
    def test_times_are_read_with_their_zone(self, told: Any, time: datetime) -> None:
        assert read(said(text="x", sent_at=told)).messages[0].send_time == time

    def test_taps_places_files_and_voice(self) -> None:
        assert read(said(choice_id="room:1", text="Doble")).messages[0].body == Button(
            button_id="room:1", title="Doble"
        )
        place = said(location={"latitude": 19.4, "longitude": "-99.1", "label": "Centro"})
        assert read(place).messages[0].body == Location(latitude=19.4, longitude=-99.1, label="Centro")
        files = [{"mime_type": "image/png", "url": "https://x/1"}, {"type": "voice", "id": "v1"}]
        picture, voice = read(said(text="mi pago", attachments=files)).messages
        assert isinstance(picture.body, Media)
        assert picture.body.caption == "mi pago"
        assert voice.body == Voice(media_id="v1")
        assert [picture.message_id, voice.message_id] == ["telegram:m1", "telegram:m1/1"]
        assert read(said(type="sticker")).messages[0].body == Unsupported(kind="sticker")

    def test_the_idempotency_key_names_a_message_that_has_no_id(self) -> None:
        payload = {"sender": {"id": "u1"}, "text": "hola"}
        assert read(payload, key="k1").messages[0].message_id == "telegram:k1"
        assert [event.kind for event in read(payload).events] == ["incomplete_message"]

    def test_several_messages_in_one_call_are_several(self) -> None:
        payload = {"messages": [said(id="1", text="uno"), said(id="2", text="dos"), {"id": "3"}]}
        delivery = read(payload)
        assert [message.message_id for message in delivery.messages] == ["telegram:1", "telegram:2"]
        assert [event.kind for event in delivery.events] == ["incomplete_message"]

    def test_statuses_name_our_message(self) -> None:
        failed = {"id": "out_1", "status": "Failed", "error": {"code": 7, "message": "gone"}}
        [status] = read_statuses(failed, attached=TELEGRAM, now=NOW).statuses
        assert (status.message_id, status.status) == ("out_1", "failed")
        assert (status.failure_code, status.failure_word) == ("7", "gone")
        assert [e.kind for e in read_statuses({"x": 1}, attached=TELEGRAM, now=NOW).events] == ["incomplete_status"]

    @given(SHAPES)
    def test_no_payload_makes_a_fault(self, payload: Any) -> None:
        delivery = read(payload)
        assert delivery.messages or delivery.events
        assert read_statuses(payload, attached=TELEGRAM, now=NOW)


def item(**more: Any) -> OutboxItem:
    conversation = Conversation(
        conversation_id="cnv_1",
        property_id="alameda",
        identity=Identity(channel=Channel.GENERIC, channel_name="telegram", address="u1"),
        account="c1",
        reply_address="u1",
    )
    content = OutboundMessage(text="Sí", language="es", choices=(Choice(id="a", title="A"),))
    return replace(
        OutboxItem(
            message_id="out_1",
            sequence=1,
            conversation=conversation,
            content=content,
            lease=Lease(holder="x", fence=1, until=NOW),
            tries=1,
            possibly_repeated=False,
            create_time=NOW,
        ),
        **more,
    )


class Callback:
    """The other side; it answers what it is told."""

    def __init__(self, answer: Any = None, *, base: str = HOTEL) -> None:
        self.drawer = Drawer(clock=ManualClock(NOW), base=base)
        self.requests: list[httpx.Request] = []
        self._answer = answer if answer is not None else httpx.Response(200, json={"id": "tg-9"})
        clock = ManualClock(NOW)
        self.channel = GenericChannel(
            http=httpx.AsyncClient(transport=httpx.MockTransport(self._take)),
            files=self.drawer.files,
            attached={"telegram": TELEGRAM},
            routes=[],
            seconds=5,
            pace=Rate(per_second=1, burst=1),
            allowance=MemoryAllowance(clock=clock),
            clock=clock,
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class TestSending:
    async def test_a_message_is_signed_and_named(self) -> None:
        callback = Callback()
        assert await callback.channel.send(item()) == Accepted(channel_message_id="tg-9")
        [request] = callback.requests
        assert str(request.url) == TELEGRAM.callback_url
        assert is_signed(request.content, request.headers["x-signature"], [SECRET], now=NOW.timestamp())
        assert request.headers["idempotency-key"] == "out_1"
        message = json.loads(request.content)
        assert (message["id"], message["conversation"], message["recipient"]) == ("out_1", "c1", {"id": "u1"})
        assert (message["text"], message["choices"][0]["id"]) == ("Sí", "a")

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (httpx.Response(204), Accepted(channel_message_id="out_1")),
            (httpx.Response(200, text="ok"), Accepted(channel_message_id="out_1")),
            (httpx.Response(409), Accepted(channel_message_id="out_1")),
        ],
    )
    async def test_what_counts_as_taken(self, answer: Any, outcome: Accepted) -> None:
        assert await Callback(answer).channel.send(item()) == outcome

    @pytest.mark.parametrize(
        ("answer", "advice"),
        [
            (httpx.Response(500), Advice.RETRY),
            (httpx.Response(429, headers={"Retry-After": "9"}), Advice.RETRY),
            (httpx.Response(401), Advice.PAGE),
            (httpx.Response(302, headers={"Location": "https://evil.example"}), Advice.FIX),
            (httpx.Response(422), Advice.FIX),
            (httpx.ConnectError("away"), Advice.UNREACHABLE),
        ],
    )
    async def test_each_refusal_has_its_consequence(self, answer: Any, advice: Advice) -> None:
        outcome = await Callback(answer).channel.send(item())
        assert isinstance(outcome, Rejected)
        assert outcome.advice is advice

    async def test_silence_may_mean_that_it_was_taken(self) -> None:
        assert isinstance(await Callback(httpx.ReadTimeout("x")).channel.send(item()), Unknown)

    async def test_it_keeps_its_pace_and_knows_its_properties(self) -> None:
        channel = Callback().channel
        assert await channel.pace(item()) == 0
        assert await channel.pace(item()) == pytest.approx(1.0)
        assert channel.account_for("alameda") == ""
        with pytest.raises(Refused):
            channel.account_for("elsewhere")


KEYS: dict[str, Any] = {
    "env": "prod",
    "secret_key": "k" * 40,
    "jwt_secret_key": "j" * 40,
    "data_master_keys": "one:" + "m" * 40,
    "data_index_key": "i" * 40,
}


class TestSettings:
    def problems(self, channels: str, **more: Any) -> str:
        with pytest.raises(ConfigurationError) as refused:
            load(Settings, channels="generic", generic_channels=channels, **more)
        return "\n".join(refused.value.problems)

    @pytest.mark.parametrize(
        "channels",
        ["", "[]", "{", '{"A B": {}}', '{"x": {"property": "p"}}', '{"x": {"secret": "s"}}', '{"x": 1}',
         '{"x": {"secret": [], "property": "p"}}'],
    )  # fmt: skip
    def test_what_cannot_be_read_is_told_without_its_secret(self, channels: str) -> None:
        assert "GENERIC_CHANNELS" in self.problems(channels)

    def test_production_asks_for_real_secrets_and_an_address(self) -> None:
        told = self.problems('{"x": {"property": "p", "secret": "dev-s"}}', **KEYS)
        assert "needs a callback_url" in told
        assert "32 characters" in told
        good = json.dumps({"x": {"property": "p", "secret": ["a" * 32, "b" * 32], "callback_url": "https://x.example"}})
        settings = load(Settings, channels="generic", generic_channels=good, **KEYS)
        assert settings.attached["x"].secrets == (b"a" * 32, b"b" * 32)
        assert "a" * 32 not in repr(settings.attached)

    def test_in_development_it_calls_back_to_the_sandbox(self) -> None:
        demo = load(Settings, http_port=8123).attached["demo"]
        assert demo.callback_url == "http://127.0.0.1:8123/sandbox/generic/demo"
