"""Slips of the keyboard in common words are put right, names and other words are not, and positions stay true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.nlp.domain.slips import put_right
from tests.unit.nlp.reading import RULES, context, found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("the doulbe then", "the double then"),
        ("go ahead and canecl it", "go ahead and cancel it"),
        ("what's your cancllation policy", "what's your cancellation policy"),
        ("a reserrvation", "a reservation"),
        ("¿y etsacionamiento?", "¿y estacionamiento?"),
        ("mi espsoa y yo", "mi esposa y yo"),
        ("BERAKFAST", "breakfast"),
        ("hab p/ 2 c/ desayuno xfa", "hab para 2 con desayuno por favor"),
        ("cual es la + barata", "cual es la más barata"),
        ("rooms 4 2 w/ breakfast", "rooms for 2 with breakfast"),
        ("2 nites me n my gf", "2 nights me and my girlfriend"),
    ],
)
def test_slips_are_put_right(written: str, meant: str) -> None:
    assert put_right(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "trade, camino, alegría, teens, preciso",  # words of their own
        "he llegado cansado y la reserva procede",
        "a nombre de Carlos Gracia y Ana Laguna",
        "for Mr Barin Cancle",  # names
        "ann@exmaple.com R1001 +5215512345678",
        "w/c 12 April, c/u 2 adultos + 1 niño, Dec 4 2 nights, 2x1, p/p",  # short forms of something else
        "for Ke Oy and Bo Xa",
    ],
)
def test_what_is_meant_as_it_stands_stays(text: str) -> None:
    assert put_right(text).text == text


def test_what_is_found_stands_where_it_was_written() -> None:
    message = "una habitacin famliiar del 5 al 7 de diciembre para dos personsa, soy Ana Ruiz"
    analysis = RULES.analyse(message, context())
    entities = analysis.entities
    assert all(message[e.span.start : e.span.end] == e.text for e in entities)
    assert {"room_type=FAM", "adults=2", "guest_name=Ana Ruiz"} <= found(message)
    assert [e.text for e in entities if e.type == "room_type"] == ["habitacin famliiar"]
    told = [analysis.content[e.told.start : e.told.end] for e in entities if e.told]
    assert {"habitacion familiar", "Ana Ruiz"} <= set(told)


@given(
    st.lists(
        st.sampled_from(["doulbe", "cancllation", "reserrvation", "dos", "Ana", "ñ", "🙏", "  ", "\n"]), max_size=12
    )
)
def test_every_entity_of_any_message_is_a_stretch_of_it(words: list[str]) -> None:
    message = " ".join(words)
    for entity in RULES.analyse(message, context()).entities:
        assert message[entity.span.start : entity.span.end] == entity.text
