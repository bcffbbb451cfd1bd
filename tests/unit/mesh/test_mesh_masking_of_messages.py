"""No card number is stored, and what is none is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.masking import mask_words

from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.domain.cleaning import clean_text
from tests.support.gateway_stores import NOW


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("4111111111111111", "************1111"),
        ("mi tarjeta es 4111 1111 1111 1111, vence 12/28", "mi tarjeta es **** **** **** 1111, vence 12/28"),
        ("5500-0000-0000-0004.", "****-****-****-0004."),
        ("amex 3782 822463 10005", "amex **** ****** *0005"),
        ("41111111111111111228", "************11111228"),
        ("dos: 4111111111111111 y 5500000000000004", "dos: ************1111 y ************0004"),
    ],
)
def test_a_card_number_is_masked_but_for_its_last_four(written: str, kept: str) -> None:
    assert mask_words(written) == kept
    assert clean_text(written) == kept


@pytest.mark.parametrize(
    "words",
    [
        "4111111111111112",
        "+52 1 55 1234 5678",
        "mi número es +5215512345678 y llego el 2026-12-03 a las 15:00",
        "del 3 al 6 de diciembre de 2026, 2 adultos y 1 niño de 7",
        "reserva V22P2G, total 4,284.00 MXN",
    ],
)
def test_what_is_no_card_number_stays(words: str) -> None:
    assert mask_words(words) == words


@given(st.text(alphabet="0123456789 -/.a+", max_size=60))
def test_masking_twice_changes_nothing_and_keeps_the_length(words: str) -> None:
    masked = mask_words(words)
    assert mask_words(masked) == masked
    assert len(masked) == len(words)


@pytest.mark.parametrize("extra", [{}, {"group_id": "g"}, {"id": ""}])
@pytest.mark.parametrize(
    "content",
    [
        {"type": "text", "text": {"body": "4111 1111 1111 1111"}},
        {"type": "image", "image": {"id": "1", "caption": "4111111111111111"}},
        {"type": "edit", "edit": {"original_message_id": "x", "message": {"text": {"body": "4111111111111111"}}}},
        {
            "type": "interactive",
            "interactive": {"nfm_reply": {"response_json": '{"card":"4111111111111111","n":4111111111111111}'}},
        },
        {"type": "order", "order": {"text": "4111 1111 1111 1111"}},
        {"type": "button", "button": {"text": "4111111111111111"}},
    ],
)
def test_no_webhook_leaves_a_card_number_behind(content: dict[str, object], extra: dict[str, str]) -> None:
    message = {"from": "5215512345678", "id": "wamid.1", "timestamp": "1763654395", **content, **extra}
    value = {"metadata": {"phone_number_id": "1"}, "messages": [message]}
    payload = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    kept = repr(read_webhook(payload, numbers={"1": "alameda"}, now=NOW))
    assert "1111" in kept
    assert "4111111111" not in kept.replace(" ", "")
