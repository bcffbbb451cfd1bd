"""Signed tokens: they come back unaltered, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.errors import Invalid

from services.pms.domain.change import CANCELLATION, Cancellation
from services.pms.domain.quote import QUOTE, Quote, quote
from services.pms.domain.stay import Occupancy
from services.pms.domain.token import TokenSigner
from tests.unit.pms.demo_hotel import NOW, calendar, hotel, wish

SIGNER = TokenSigner(["the current signing key"])
MADE = quote(hotel(), calendar(), wish("2026-12-03", "2026-12-06", Occupancy(2), Occupancy(1, (7,)), room="FAM"), NOW)
TOKEN = SIGNER.sign(QUOTE, MADE)


def refused(token: str, signer: TokenSigner = SIGNER, purpose: str = QUOTE) -> bool:
    with pytest.raises(Invalid) as fault:
        signer.open(purpose, token, Quote)
    return fault.value.reason == "TOKEN_INVALID"


def test_a_token_gives_back_exactly_what_was_signed() -> None:
    assert SIGNER.open(QUOTE, TOKEN, Quote) == MADE


def test_equal_content_gives_an_equal_token() -> None:
    assert SIGNER.sign(QUOTE, MADE) == TOKEN


def test_a_token_is_made_of_url_safe_characters() -> None:
    assert set(TOKEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(position=st.integers(min_value=0, max_value=len(TOKEN) - 1), character=st.characters(codec="utf-8"))
def test_no_single_character_can_be_altered(position: int, character: str) -> None:
    altered = TOKEN[:position] + character + TOKEN[position + 1 :]
    assert altered == TOKEN or refused(altered)


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1))
def test_no_token_can_be_cut(length: int) -> None:
    assert refused(TOKEN[:length])


@given(st.text(max_size=400))
def test_no_text_is_a_token(text: str) -> None:
    assert refused(text)


@given(st.text(max_size=20))
def test_nothing_can_be_appended(tail: str) -> None:
    assert tail == "" or refused(TOKEN + tail)


def test_a_token_made_with_another_key_is_refused() -> None:
    assert refused(TokenSigner(["somebody else's key"]).sign(QUOTE, MADE))


def test_keys_rotate() -> None:
    rotated = TokenSigner(["the next signing key", "the current signing key"])
    assert rotated.open(QUOTE, TOKEN, Quote) == MADE
    fresh = rotated.sign(QUOTE, MADE)
    assert fresh != TOKEN
    assert refused(fresh)  # an old replica does not know the new key yet
    assert refused(TOKEN, TokenSigner(["the next signing key"]))  # and in the end the old one goes


def test_a_quote_cannot_be_spent_as_anything_else() -> None:
    assert refused(TOKEN, purpose=CANCELLATION)
    with pytest.raises(Invalid):
        SIGNER.open(QUOTE, SIGNER.sign(QUOTE, MADE.offer), Quote)
    with pytest.raises(Invalid):
        SIGNER.open(QUOTE, TOKEN, Cancellation)


@pytest.mark.parametrize("keys", [[], ["short"], ["a key that is long enough", "short"]])
def test_short_or_missing_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="signing keys"):
        TokenSigner(keys)
