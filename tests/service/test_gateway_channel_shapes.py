"""What Twilio, Google, attached channels and pages may post, whole and broken, over real HTTP into a real PostgreSQL.

What is signed is answered 200 and kept, whatever its shape; what cannot be read at all gets its 4xx; nothing a 5xx.
"""

import hashlib
import json
import string
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.channels.generic import signature as generic
from services.gateway.channels.generic.parse import read_messages, read_statuses
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.sms.naming import calls_in, parameters_of
from services.gateway.channels.sms.parse import read_webhook
from services.gateway.channels.sms.signature import sign
from services.gateway.domain.message import Delivery
from tests.support.posting import Posting, posting_to
from tests.support.stores import Databases
from tests.support.twilio import OURS, PATH, TOKEN
from tests.support.whatsapp_shapes import SHAPES, WIRE_FORMS

PUBLIC = "https://hotel.example"
SECRET = "test-generic-secret"
ATTACHED = Attached(name="kiosk", property_id="alameda", callback_url="", secrets=(SECRET.encode(),))
OWNERS = {OURS: "alameda", "*": "alameda"}
BROKEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", OURS, "+5215512345678", "whatsapp:US.1234", "received", "delivered", "21610", "STOP", "2", "-1"]
    ),
    st.sampled_from(["\x00", "\x1b[0m", "9" * 40, "190.0", "nan", "aG9sYQ==", "https://api.twilio.com/x", "audio/ogg"]),
)
_NAMES = """
    MessageSid SmsSid MessageStatus SmsStatus ErrorCode From To WaId Body OptOutType NumMedia MediaUrl0 MediaUrl1
    MediaContentType0 MessageType ButtonPayload ButtonText ListId Latitude Longitude InteractiveData ExternalUserId
    ProfileName Forwarded ReferralSourceUrl MessagingServiceSid message_sid Tomorrow
""".split()  # noqa: SIM905 (a list of thirty quoted words is harder to read)
FORMS = st.dictionaries(st.sampled_from(_NAMES), _WORDS, max_size=14)
_GENERIC = """
    id conversation sender name locale phone sent_at text attachments type mime_type url reply_to metadata location
    latitude longitude choice_id messages statuses status error code message time
""".split()  # noqa: SIM905
MESSAGES = st.recursive(
    st.one_of(SHAPES, st.sampled_from(["guest-1", "hola", "2026-11-26T10:00:00", "image", 1_795_276_800])),
    lambda inner: st.dictionaries(st.sampled_from(_GENERIC), inner, max_size=6),
    max_leaves=12,
)
_PLACES = st.sampled_from(["id", "sender", "text", "conversation"])


@pytest.fixture(scope="module")
def posting(postgres_databases: Databases, valkey_server: Any) -> Iterator[Posting]:
    knobs = {
        "channels": "sms,generic,webchat", "twilio_auth_token": TOKEN, "public_url": PUBLIC,
        "rate_limit_enabled": False, "webchat_messages_per_minute": 100_000,
        "generic_channels": json.dumps({"kiosk": {"property": "alameda", "secret": [SECRET]}}),
    }  # fmt: skip
    with posting_to(postgres_databases, valkey_server.url, **knobs) as posting:
        yield posting


@pytest.fixture(scope="module")
def visitor(posting: Posting) -> str:
    return posting.visitor()


def by_twilio(calls: list[list[tuple[str, str]]]) -> Delivery:
    found = [parameters_of(fields) for fields in calls]
    return read_webhook(found, owners=OWNERS, message_id="", now=datetime.now(UTC))


@BROKEN
@given(form=FORMS)
def test_whatever_twilio_posts_as_a_form_is_answered_200_and_kept(posting: Posting, form: dict[str, str]) -> None:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign(f"{PUBLIC}{PATH}", list(form.items()), TOKEN.encode()),
    }
    assert posting.post(PATH, urlencode(form).encode(), headers) == 200
    assert posting.kept(by_twilio([list(form.items())]))


@BROKEN
@given(payload=st.one_of(SHAPES, FORMS, st.lists(FORMS, max_size=3)), form=st.sampled_from(sorted(WIRE_FORMS)))
def test_whatever_twilio_posts_as_json_is_answered_200_and_kept(posting: Posting, payload: object, form: str) -> None:
    body = WIRE_FORMS[form](payload)
    query = f"?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {
        "Content-Type": "application/json",
        "X-Twilio-Signature": sign(f"{PUBLIC}{PATH}{query}", (), TOKEN.encode()),
    }
    assert posting.post(PATH + query, body, headers) == 200
    assert posting.kept(by_twilio([list(fields) for fields in calls_in(json.loads(body))]))


@BROKEN
@given(payload=MESSAGES, form=st.sampled_from(sorted(WIRE_FORMS)), status=st.booleans())
def test_whatever_an_attached_channel_posts_is_answered_200_and_kept(
    posting: Posting, payload: object, form: str, status: bool
) -> None:
    body, now = WIRE_FORMS[form](payload), datetime.now(UTC)
    headers = {"X-Signature": generic.sign(body, SECRET.encode(), now=time.time()), "Content-Type": "application/json"}
    assert posting.post(f"/webhooks/generic/kiosk{'/status' if status else ''}", body, headers) == 200
    told = json.loads(body)
    if status:
        assert posting.kept(read_statuses(told, attached=ATTACHED, now=now))
    else:
        assert posting.kept(read_messages(told, attached=ATTACHED, idempotency_key="", now=now))


@BROKEN
@given(path=st.sampled_from([PATH, "/webhooks/generic/kiosk", "/webchat/messages"]), body=st.binary(max_size=60))
def test_what_nobody_signed_is_refused_whatever_it_holds(posting: Posting, path: str, body: bytes) -> None:
    assert posting.post(path, body, {"Content-Type": "application/json"}) in (400, 401, 403)


@BROKEN
@given(place=_PLACES, payload=MESSAGES, client_id=st.text(string.ascii_lowercase, min_size=1, max_size=12))
def test_no_shape_from_a_page_is_a_fault(
    posting: Posting, visitor: str, place: str, payload: object, client_id: str
) -> None:
    body = json.dumps({"id": client_id, "text": "hola", place: payload}).encode()
    headers = {"Authorization": f"Bearer {visitor}", "Content-Type": "application/json"}
    assert posting.post("/webchat/messages", body, headers) in (200, 201, 202, 400)
