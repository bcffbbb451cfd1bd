"""Whose pushes are believed, and what they say."""

import asyncio
import base64
import json
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesh.clock import ManualClock
from starlette.applications import Starlette

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.channels.email.gmail import decoded
from services.gateway.channels.email.push import IssuerKeys, KeysAway, PushPolicy, is_from_google, read_push
from services.gateway.channels.email.webhook import PATH, GmailWebhook
from services.gateway.limits import Limits
from tests.support.gmail import ACCOUNT, ADDRESS, AUDIENCE, ISSUER, NOW, Google
from tests.support.mail_office import Office
from tests.support.whatsapp_shapes import SHAPES

POLICY = PushPolicy(issuers=(ISSUER, "accounts.google.com"), audience=AUDIENCE, service_account=ACCOUNT)


def keys_of(google: Google, clock: ManualClock | None = None) -> IssuerKeys:
    return IssuerKeys(http=google.http, url="https://google.test/keys", clock=clock or ManualClock(NOW))


class TestPushes:
    async def test_googles_own_token_for_us_is_believed(self) -> None:
        google = Google()
        assert await is_from_google(f"Bearer {google.signer.token()}", keys=keys_of(google), policy=POLICY)
        bare = google.signer.token(iss="accounts.google.com")
        assert await is_from_google(f"bearer {bare}", keys=keys_of(google), policy=POLICY)

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "https://elsewhere.example"},
            {"iss": "https://evil.example"},
            {"email": "somebody@project.iam.gserviceaccount.com"},
            {"email_verified": False},
            {"exp": int(time.time()) - 3600},
            {"iat": int(time.time()) + 3600},
            {"exp": None},
            {"aud": None},
        ],
    )
    async def test_any_other_token_is_not(self, claims: dict[str, Any]) -> None:
        google = Google()
        token = google.signer.token(**claims)
        assert not await is_from_google(f"Bearer {token}", keys=keys_of(google), policy=POLICY)

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer " + "x" * 9000])
    async def test_no_token_is_none(self, header: str) -> None:
        assert not await is_from_google(header, keys=keys_of(Google()), policy=POLICY)

    async def test_a_token_of_another_key_or_of_none_is_not_believed(self) -> None:
        google, other = Google(), Google()
        assert not await is_from_google(f"Bearer {other.signer.token()}", keys=keys_of(google), policy=POLICY)
        head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"sandbox"}').decode().rstrip("=")
        payload = google.signer.token().split(".")[1]
        assert not await is_from_google(f"Bearer {head}.{payload}.", keys=keys_of(google), policy=POLICY)

    async def test_keys_are_asked_for_once_and_unknown_ones_not_all_the_time(self) -> None:
        google, clock = Google(), ManualClock(NOW)
        keys = keys_of(google, clock)
        for _ in range(5):
            await keys.key("sandbox")
            await keys.key("unknown")
        assert google.count("/keys") == 1
        clock.advance(timedelta(seconds=31))
        await keys.key("unknown")
        assert google.count("/keys") == 2

    async def test_without_keys_nobody_is_refused_for_good(self) -> None:
        google, clock = Google(), ManualClock(NOW)
        google.fault = lambda request: httpx.ConnectError("away")
        with pytest.raises(KeysAway):
            await keys_of(google).key("sandbox")
        keys = keys_of(google, clock)
        google.fault = lambda request: None
        await keys.key("sandbox")
        google.fault = lambda request: httpx.Response(500)
        clock.advance(timedelta(hours=2))
        assert await keys.key("sandbox") is not None

    @pytest.mark.parametrize(
        "told",
        [
            {"emailAddress": "R@Hotel.Example", "historyId": 1234567890},
            {"emailAddress": "r@hotel.example", "historyId": "1234567890"},
            {"email_address": "r@hotel.example", "history_id": "1234567890"},
        ],
    )
    @pytest.mark.parametrize("style", ["standard", "urlsafe", "bare", "unwrapped"])
    def test_every_shape_of_a_push_is_read(self, told: dict[str, Any], style: str) -> None:
        written = json.dumps(told).encode()
        encode = base64.urlsafe_b64encode if style == "urlsafe" else base64.b64encode
        data = encode(written).decode().rstrip("=" if style == "bare" else "")
        wrapped = {"message": {"data": data, "message_id": "1"}, "subscription": "s"}
        push = told if style == "unwrapped" else wrapped
        assert read_push(push) == ("r@hotel.example", "1234567890")

    @pytest.mark.parametrize(
        "push", [None, [], {}, {"message": 1}, {"message": {"data": "%%"}}, {"message": {"data": "e30="}}]
    )
    def test_a_shape_nobody_knows_is_nothing(self, push: Any) -> None:
        assert read_push(push) == ("", "")

    @pytest.mark.parametrize("mark", [{}, {"historyId": None}, {"historyId": "x"}, {"historyId": [1]}])
    def test_without_a_mark_it_still_names_the_mailbox(self, mark: dict[str, Any]) -> None:
        data = base64.urlsafe_b64encode(json.dumps({"emailAddress": "A@Hotel.example", **mark}).encode())
        assert read_push({"message": {"data": data.decode().rstrip("=")}}) == ("a@hotel.example", "")

    def test_base64_is_read_in_both_alphabets(self) -> None:
        assert decoded("_-8") == decoded("/+8=") == b"\xff\xef"


@settings(max_examples=60, deadline=None)
@given(body=st.one_of(SHAPES.map(lambda shape: json.dumps({"message": shape}).encode()), st.binary(max_size=80)))
def test_whatever_google_posts_is_acknowledged_and_kept(body: bytes) -> None:
    google, office = Google(), Office()
    webhook = GmailWebhook(
        policy=POLICY,
        keys=keys_of(google),
        owners={ADDRESS: "alameda"},
        marks=office.marks,
        accept=office.accept,
        news=lambda address: None,
        limits=Limits(allowance=MemoryAllowance(clock=office.clock), rates={}),
    )

    async def post(headers: dict[str, str]) -> int:
        transport = httpx.ASGITransport(app=Starlette(routes=webhook.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="https://hotel.example") as http:
            return (await http.post(PATH, content=body, headers=headers)).status_code

    assert asyncio.run(post({})) == 401
    assert office.deliveries == []
    assert asyncio.run(post({"Authorization": f"Bearer {google.signer.token()}"})) == 204
    assert [event.kind for delivery in office.deliveries for event in delivery.events] in (
        ["unreadable_push"],
        ["foreign_mailbox"],
    )
