"""No card number is stored, and nothing else is lost by it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.masking import is_card_number, mask_bytes, mask_json, mask_value, mask_words

# Test numbers that the card schemes publish.
CARDS = [
    "4111111111111111",
    "4012888888881881",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
    "38520000023237",
    "6362970000457013",
    "4000000000000000006",
]
PREFIXES = ["4", "51", "55", "2221", "2720", "34", "37", "6011", "65", "62", "36", "3528", "60", "50"]


def masked(card: str) -> str:
    return "*" * (len(card) - 4) + card[-4:]


def with_check_digit(digits: str) -> str:
    return next(digits + check for check in "0123456789" if _valid(digits + check))


def _valid(digits: str) -> bool:
    total = sum(
        sum(divmod(int(digit) * 2, 10)) if index % 2 else int(digit) for index, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """Numbers as they are given out: a scheme's first digits, its length, the check digit right."""
    prefix = draw(st.sampled_from(PREFIXES))
    length = {"34": 15, "37": 15, "36": 14}.get(prefix) or draw(st.integers(16, 19))
    rest = draw(st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    return with_check_digit(prefix + rest)


@pytest.mark.parametrize("card", CARDS)
def test_published_test_numbers_are_masked(card: str) -> None:
    assert is_card_number(card)
    assert mask_words(f"mi tarjeta es {card}, gracias") == f"mi tarjeta es {masked(card)}, gracias"
    assert mask_value(card) == masked(card)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("4111.1111.1111.1111", "****.****.****.1111"),
        ("4111\u00a01111\u00a01111\u00a01111", "****\u00a0****\u00a0****\u00a01111"),
        ("4111 1111\n1111 1111", "**** ****\n**** 1111"),
        ("4111 - 1111 - 1111 - 1111", "**** - **** - **** - 1111"),
        ("tarjeta:4111111111111111exp12/28", "tarjeta:************1111exp12/28"),
        ("4111 1111 1111 1111 12/28 123", "**** **** **** 1111 12/28 123"),
        ("2 noches 4111 1111 1111 1111", "2 noches **** **** **** 1111"),
        ("2 4111 1111 1111 1111", "2 **** **** **** 1111"),
        ("41111111111111111228", "************11111228"),
        ("4111111111111111 5555555555554444", "************1111 ************4444"),
        ("+4111111111111111", "+************1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
        ("\uff14\uff11" + "1" * 14, "*" * 12 + "1111"),
    ],
)
def test_every_way_to_write_one_is_seen(written: str, stored: str) -> None:
    assert mask_words(written) == stored


@given(card_numbers(), st.sampled_from(["", " ", "-", ".", "\u00a0"]), st.data())
def test_a_card_number_never_survives(card: str, separator: str, data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([4, 5, 6, 20]))
    written = separator.join(card[i : i + size] for i in range(0, len(card), size)) if separator else card
    before, after = data.draw(st.sampled_from([("", ""), ("pago con ", " por favor"), ("(", ")"), ("nº ", ".")]))
    stored = mask_words(before + written + after)
    digits = [character for character in stored if character.isdigit()]
    assert "".join(digits) == card[-4:]
    assert len(stored) == len(before + written + after)


@given(card_numbers())
def test_a_wrong_check_digit_is_no_card_number(card: str) -> None:
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert mask_value(wrong) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "del 3 al 6 de diciembre, 2 adultos",
        "mi teléfono es +52 1 55 1234 5678",
        "+4915112345678",
        "+4915112345675",
        "4915112345675",  # a German number that happens to satisfy the check digit
        "525512345678",
        "2026-12-03 2026-12-06",
        "total 4284.00 MXN",
        "R1001",
        "",
        "0000000000000000",
    ],
)
def test_what_a_receptionist_needs_is_left_alone(text: str) -> None:
    assert mask_words(text) == text


@pytest.mark.parametrize(
    "text", ["hld_4111111111111111", "a4111111111111111", "US.4111111111111111", "4111111111111111b"]
)
def test_digits_inside_ids_are_left_alone_in_values(text: str) -> None:
    assert mask_value(text) == text


@given(st.text())
def test_text_keeps_its_length_and_all_that_is_no_digit(text: str) -> None:
    stored = mask_words(text)
    assert len(stored) == len(text)
    assert all(new in (old, "*") and (new == old or old.isdecimal()) for old, new in zip(text, stored, strict=True))


@given(st.binary())
def test_bytes_keep_their_length(data: bytes) -> None:
    assert len(mask_bytes(data)) == len(data)


def test_a_card_number_inside_serialized_text_is_masked() -> None:
    assert (
        mask_bytes(b"\x0a\x1dpago con 4111111111111111 hoy\x10\xff") == b"\x0a\x1dpago con ************1111 hoy\x10\xff"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_json_stays_json_of_the_same_shape(content: object) -> None:
    text = json.dumps(content)
    assert type(json.loads(mask_json(text))) is type(content)


def test_json_is_masked_in_its_strings_and_otherwise_untouched() -> None:
    untouched = '{ "t": 4111111111111111,  "ok": "sí" }'
    assert mask_json(untouched) == untouched
    assert json.loads(mask_json('{"a": ["4111 1111 1111 1111"]}')) == {"a": ["**** **** **** 1111"]}
