"""Payloads of every shape, whole and broken, over real HTTP into a real PostgreSQL: 200, and everything kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.channels.whatsapp.signature import sign
from tests.support.gateway import SECRET
from tests.support.posting import Posting, posting_to
from tests.support.stores import Databases
from tests.support.whatsapp_shapes import CASES, SHAPES, WIRE_FORMS, broken_webhooks, whole

NUMBERS = {"100000000000001": "alameda", "*": "alameda"}


@pytest.fixture(scope="module")
def posting(postgres_databases: Databases, valkey_server: Any) -> Iterator[Posting]:
    with posting_to(postgres_databases, valkey_server.url) as posting:
        yield posting


def post(posting: Posting, body: bytes, content_type: str = "application/json") -> int:
    headers = {"X-Hub-Signature-256": sign(body, SECRET.encode()), "Content-Type": content_type}
    return posting.post("/webhooks/whatsapp", body, headers)


def is_kept(posting: Posting, payload: object) -> bool:
    return posting.kept(read_webhook(payload, numbers=NUMBERS, now=datetime.now(UTC)))


@pytest.mark.parametrize("form", WIRE_FORMS)
def test_every_known_shape_is_answered_200_and_kept(posting: Posting, form: str) -> None:
    for number, case in enumerate(CASES, start=1):
        payload = whole(case, number)
        assert post(posting, WIRE_FORMS[form](payload)) == 200, case["name"]
        assert is_kept(posting, payload), case["name"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.one_of(broken_webhooks(), SHAPES), form=st.sampled_from(sorted(WIRE_FORMS)))
def test_whatever_is_posted_is_answered_200_and_kept(posting: Posting, payload: object, form: str) -> None:
    body = WIRE_FORMS[form](payload)
    assert post(posting, body) == 200
    assert is_kept(posting, json.loads(body))


def test_a_batch_of_everything_is_kept_whole(posting: Posting) -> None:
    entries = [entry for number, case in enumerate(CASES, start=1) for entry in whole(case, 10**7 + number)["entry"]]
    payload = {"object": "whatsapp_business_account", "entry": entries}
    assert post(posting, json.dumps(payload).encode()) == 200
    assert is_kept(posting, payload)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream", "application/json; charset=x"])
def test_the_content_type_does_not_matter(posting: Posting, content_type: str) -> None:
    payload = whole(CASES[0], 10**8 + len(content_type))
    assert post(posting, json.dumps(payload).encode(), content_type) == 200
    assert is_kept(posting, payload)
