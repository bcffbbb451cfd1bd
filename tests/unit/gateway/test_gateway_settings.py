"""Settings: everything works by default, every problem is told at once, production refuses what is for play."""

import httpx
import pytest
from mesh.settings import ConfigurationError, load

from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.domain.message import Channel
from services.gateway.settings import Settings

PRODUCTION = {
    "env": "prod",
    "secret_key": "k" * 32,
    "jwt_secret_key": "j" * 32,
    "data_master_keys": "one:" + "m" * 32,
    "data_index_key": "i" * 32,
    "whatsapp_verify_token": "v" * 32,
    "whatsapp_app_secret": "a" * 32 + "," + "b" * 32,
    "whatsapp_access_token": "t" * 64,
    "whatsapp_numbers": "123=alameda",
}


def problems(**knobs: object) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load(Settings, **knobs)
    return "\n".join(refused.value.problems)


def test_development_sends_to_its_own_sandbox() -> None:
    assert load(Settings, http_port=8123).graph_base_url == "http://127.0.0.1:8123/sandbox/graph"


def test_production_sends_to_meta() -> None:
    settings = load(Settings, **PRODUCTION)
    assert settings.graph_base_url == "https://graph.facebook.com"
    assert settings.whatsapp_graph_version == "v26.0"
    assert settings.app_secrets == (b"a" * 32, b"b" * 32)


async def test_the_version_of_the_graph_api_is_a_setting() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"messages": [{"id": "wamid.1"}]})

    settings = load(Settings, whatsapp_graph_version="v31.0", whatsapp_graph_base_url="http://graph.example")
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        version = settings.whatsapp_graph_version
        graph = GraphClient(http=http, base_url=settings.graph_base_url, version=version, token="t", seconds=5)
        await graph.post_message("123", {"to": "5215512345678"})
    assert asked == ["/v31.0/123/messages"]


def test_production_refuses_what_is_for_play() -> None:
    assert "SECRET" in problems(env="prod")
    assert "WHATSAPP_NUMBERS" in problems(**{**PRODUCTION, "whatsapp_numbers": "*=alameda"})
    assert "WHATSAPP_GRAPH_BASE_URL" in problems(**{**PRODUCTION, "whatsapp_graph_base_url": "http://x"})
    assert "WHATSAPP_APP_SECRET" in problems(**{**PRODUCTION, "whatsapp_app_secret": "a" * 40 + ",b"})


def test_several_problems_are_told_together() -> None:
    told = problems(rate_limit_api="fast", quiet_period_seconds=9, whatsapp_app_secret=" , ")
    assert all(name in told for name in ("RATE_LIMIT_API", "QUIET_CEILING_SECONDS", "WHATSAPP_APP_SECRET"))


def test_numbers_name_their_properties() -> None:
    assert load(Settings, whatsapp_numbers=" 1=alameda , 2=jacarandas,*=alameda").numbers == {
        "1": "alameda",
        "2": "jacarandas",
        "*": "alameda",
    }
    assert "WHATSAPP_NUMBERS" in problems(whatsapp_numbers="1")


def test_a_channel_that_is_closed_needs_no_secrets() -> None:
    needed = {name: value for name, value in PRODUCTION.items() if not name.startswith("whatsapp_")}
    settings = load(Settings, **needed, channels="webchat")
    assert settings.open_channels == (Channel.WEBCHAT,)
    assert "CHANNELS" in problems(channels="pigeon")
    assert "CHANNELS" in problems(channels=" , ")


def test_mailboxes_are_reached_in_one_of_two_ways() -> None:
    by_imap = {**PRODUCTION, "channels": "email", "email_transport": "imap", "public_url": "https://hotel.example"}
    settings = load(Settings, **by_imap, imap_host="mail.hotel.example", imap_password="a b c d")
    assert settings.mailbox_password("recepcion@hotel.example") == "a b c d"
    told = problems(**by_imap, imap_tls=False)
    assert all(name in told for name in ("IMAP_HOST", "IMAP_TLS", "IMAP_PASSWORD"))
    assert "GMAIL" not in told
    by_google = {**by_imap, "email_transport": "gmail"}
    told = problems(**by_google)
    assert "GMAIL_CLIENT_SECRET" in told
    assert "GMAIL_REFRESH_TOKEN" in told
    real = {"gmail_client_secret": "s" * 32, "gmail_refresh_token": "r" * 32}
    assert "GMAIL_PUSH_ACCOUNT" in problems(**by_google, **real)


def test_each_mailbox_may_have_a_secret_of_its_own() -> None:
    tokens = "a@x.example=1/=,B@x.example=2"
    several = load(Settings, email_mailboxes="A@x.example=alameda,b@x.example=j", gmail_refresh_token=tokens)
    assert (several.refresh_token("a@x.example"), several.refresh_token("b@x.example")) == ("1/=", "2")
    assert "GMAIL_REFRESH_TOKEN" in problems(email_mailboxes="c@x.example=alameda", gmail_refresh_token="a@x.example=1")


def test_sms_in_production_needs_its_public_address_and_real_tokens() -> None:
    sms = {**PRODUCTION, "channels": "sms"}
    assert "TWILIO_AUTH_TOKEN" in problems(**sms)
    told = problems(**sms, twilio_auth_token="t" * 32)
    assert "PUBLIC_URL" in told
    assert "SMS_NUMBERS" in told
    good = {"public_url": "https://h.example", "twilio_auth_token": "t" * 32, "sms_numbers": "MG1=alameda"}
    assert load(Settings, **sms, **good).twilio_url == "https://api.twilio.com"
