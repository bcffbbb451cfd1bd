"""One line, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.session.domain.phone import digits_of, e164, line_of

DIGIT = st.sampled_from("0123456789")


def digits(count: int, first: str = "0123456789") -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(first), *[DIGIT] * (count - 1)).map("".join)


@pytest.mark.parametrize(
    ("written", "official"),
    [
        ("5215512345678", "+525512345678"),
        ("525512345678", "+525512345678"),
        ("+52 1 55 1234-5678", "+525512345678"),
        ("0052 55 1234 5678", "+525512345678"),
        ("551187654321", "+5511987654321"),
        ("+55 (11) 98765-4321", "+5511987654321"),
        ("551132654321", "+551132654321"),  # a landline of São Paulo
        ("5511953265432", "+5511953265432"),  # a mobile number made after the ninth digit came
        ("5491123456789", "+5491123456789"),
        ("+54 11 15 2345-6789", "+5491123456789"),
        ("54 9 341 15 234-5678", "+5493412345678"),
        ("+54 2966 15 234567", "+5492966234567"),
        ("541123456789", "+541123456789"),
        ("+44 7700 900123", "+447700900123"),
        ("34600111222", "+34600111222"),
    ],
)
def test_numbers_become_what_the_itu_writes(written: str, official: str) -> None:
    assert e164(written) == official


@pytest.mark.parametrize("written", ["", "12345", "AMAZON", "US.13491208", "+0123456789", "1" * 16, "a@example.com"])
def test_what_is_no_number_has_no_line(written: str) -> None:
    assert digits_of(written) is None
    assert line_of(written) is None
    assert e164(written) == ""


@given(digits(10, "123456789"))
def test_a_mexican_line_is_one_with_and_without_the_old_1(national: str) -> None:
    assert line_of(f"521{national}") == line_of(f"+52{national}") == f"52{national}"


@given(digits(2, "123456789"), digits(8, "6789"))
def test_a_brazilian_mobile_is_one_with_and_without_the_ninth_digit(area: str, subscriber: str) -> None:
    assert line_of(f"55{area}{subscriber}") == line_of(f"+55{area}9{subscriber}")


@given(digits(2, "123456789"), digits(8, "2345"))
def test_a_brazilian_landline_is_not_the_mobile_that_has_a_9_before_it(area: str, subscriber: str) -> None:
    assert line_of(f"55{area}{subscriber}") != line_of(f"55{area}9{subscriber}")


@given(st.sampled_from(["11", "341", "351", "299", "2966", "3783"]), st.data())
def test_an_argentine_mobile_is_one_from_abroad_and_from_within(area: str, data: st.DataObject) -> None:
    subscriber = data.draw(digits(10 - len(area), "23456789"))
    forms = [f"549{area}{subscriber}", f"+54{area}{subscriber}", f"54{area}15{subscriber}", f"549{area}15{subscriber}"]
    assert {line_of(form) for form in forms} == {f"54{area}{subscriber}"}


@given(st.text(alphabet="0123456789 +-().", max_size=24))
def test_a_number_is_the_same_line_after_it_was_normalised(written: str) -> None:
    line = line_of(written)
    if line is not None:
        assert line_of(line) == line
        assert line_of(e164(written)) == line


@given(digits(8, "123456789"), digits(8, "123456789"))
def test_two_lines_stay_two(one: str, other: str) -> None:
    for prefix in ("5255", "5511", "5411", "34"):
        same = line_of(f"{prefix}{one}") == line_of(f"{prefix}{other}")
        assert same == (one == other)
