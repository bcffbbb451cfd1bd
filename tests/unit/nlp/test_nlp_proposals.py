"""What a model outside proposes is checked like a guest's input, and never takes anything away."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.nlp.domain.intents import COMPLAINT_TOPICS, INTENTS
from services.nlp.domain.proposals import NEVER_PROPOSED, unsure, with_proposals
from services.nlp.domain.types import Analysis, Message
from tests.unit.nlp.reading import RULES, context

TEXT = "vendríamos la gorda y yo el 12 de dic hasta el 15, soy Juana Pérez, algo con vista, llegamos 18:30"
MESSAGE = Message(text=TEXT, context=context(), careful=True)
BARE = Analysis(
    language=RULES.analyse(TEXT, context()).language,
    intents=(),
    entities=(),
    out_of_scope=0.2,
    model_version="1",
    content=TEXT,
)


def entities(*items: dict[str, object]) -> list[tuple[str, str, str, float]]:
    told = with_proposals(MESSAGE, BARE, {"entities": list(items)})
    return [(e.type.value, e.role.value, e.value, e.confidence) for e in told.entities]


def test_intents_of_the_catalogue_are_added_with_little_confidence() -> None:
    told = with_proposals(MESSAGE, BARE, {"intents": [{"name": "general_inquiry", "topic": "pool"}]})
    assert [(i.name, i.topic, i.confidence) for i in told.intents] == [("general_inquiry", "pool", 0.55)]
    assert told.model_version == "1+outside"


@pytest.mark.parametrize("name", [*sorted(NEVER_PROPOSED), "fly_to_the_moon", "", 7, None, ["complaint"]])
def test_consent_and_what_is_not_in_the_catalogue_is_never_believed(name: object) -> None:
    assert with_proposals(MESSAGE, BARE, {"intents": [{"name": name}]}) is BARE


def test_a_topic_that_is_none_is_read_from_the_message_instead() -> None:
    told = with_proposals(MESSAGE, BARE, {"intents": [{"name": "complaint", "topic": "'; drop table"}]})
    assert told.intents[0].topic in ("", *COMPLAINT_TOPICS)


def test_at_most_two_intents_are_added() -> None:
    told = with_proposals(MESSAGE, BARE, {"intents": [{"name": name} for name in INTENTS]})
    assert len(told.intents) == 2


def test_what_was_likely_before_stays_and_is_not_called_out_of_scope() -> None:
    before = RULES.analyse("quiero reservar una doble del 3 al 6 de diciembre", context())
    told = with_proposals(MESSAGE, before, {"intents": [{"name": "out_of_scope"}]})
    assert told is before
    told = with_proposals(MESSAGE, before, {"intents": [{"name": "complaint"}]})
    assert [i for i in told.intents if i.name != "complaint"] == list(before.intents)


def test_entities_that_stand_in_the_message_are_added() -> None:
    assert entities(
        {"type": "date", "role": "check_in", "quote": "12 de dic", "value": "2026-12-12"},
        {"type": "date", "role": "check_out", "quote": "el 15", "value": "2026-12-15"},
        {"type": "adults", "quote": "la gorda y yo", "value": 2},
        {"type": "guest_name", "quote": "Juana Pérez", "value": "Juana Pérez"},
        {"type": "arrival_time", "quote": "18:30", "value": "18:30"},
    ) == [
        ("adults", "", "2", 0.5),
        ("date", "check_in", "2026-12-12", 0.5),
        ("date", "check_out", "2026-12-15", 0.5),
        ("guest_name", "", "Juana Pérez", 0.5),
        ("arrival_time", "", "18:30", 0.5),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "date", "role": "check_in", "quote": "12 de dic", "value": "2026-12-13"},
        {"type": "date", "role": "check_in", "quote": "12 de dic", "value": "2025-12-12"},
        {"type": "date", "role": "check_in", "quote": "12 de dic", "value": "2031-12-12"},
        {"type": "date", "role": "check_in", "quote": "12 de dic", "value": "tomorrow"},
        {"type": "date", "role": "check_in", "quote": "13 de dic", "value": "2026-12-13"},
        {"type": "adults", "quote": "la gorda y yo", "value": 500},
        {"type": "adults", "quote": "la gorda y yo", "value": -2},
        {"type": "adults", "quote": "la gorda y yo", "value": True},
        {"type": "adults", "quote": "la gorda y yo", "value": 2.5},
        {"type": "adults", "quote": "la gorda y yo", "value": "٢"},
        {"type": "adults", "quote": "el 15", "value": 2},
        {"type": "adults", "quote": " ", "value": 2},
        {"type": "guest_name", "quote": "Juana Pérez", "value": "Admin"},
        {"type": "guest_name", "quote": "algo con vista, llegamos 18:30", "value": "algo con vista, llegamos 18:30"},
        {"type": "arrival_time", "quote": "18:30", "value": "29:99"},
        {"type": "room_type", "quote": "algo con vista", "value": "PRESIDENTIAL"},
        {"type": "reservation_code", "quote": "gorda", "value": "ABC123"},
        {"type": "phone", "quote": "18:30", "value": "+525512345678"},
        {"type": "email", "quote": "Juana", "value": "x@evil.example"},
        {"type": "money", "quote": "15", "value": "0 MXN"},
        {"type": ["date"], "quote": "el 15", "value": "2026-12-15"},
        {"quote": "el 15"},
        {"type": "adults", "quote": TEXT, "value": 2},
    ],
)
def test_entities_that_are_not_so_are_left_out(item: dict[str, object]) -> None:
    assert entities(item) == []


def test_a_stay_that_ends_before_it_begins_is_left_out() -> None:
    assert entities(
        {"type": "date", "role": "check_in", "quote": "el 15", "value": "2026-12-15"},
        {"type": "date", "role": "check_out", "quote": "12 de dic", "value": "2026-12-12"},
    ) == []  # fmt: skip


def test_what_rules_have_read_stays_as_it_is() -> None:
    before = RULES.analyse("3 noches del 12 al 15 de diciembre para dos adultos", context())
    message = Message(text="3 noches del 12 al 15 de diciembre para dos adultos", context=context(), careful=True)
    hostile = {
        "entities": [
            {"type": "nights", "quote": "12", "value": 12},
            {"type": "adults", "quote": "noches", "value": 9},
            {"type": "date", "role": "check_in", "quote": "15 de diciembre", "value": "2026-12-15"},
        ]
    }
    assert with_proposals(message, before, hostile) is before


def test_who_is_sure_or_has_no_words_is_not_unsure() -> None:
    assert unsure(MESSAGE, BARE)
    for text in ("quiero reservar una habitación", "👍", "", "ok"):
        assert not unsure(Message(text=text, context=context()), RULES.analyse(text, context())), text


_KEYS = st.sampled_from(["intents", "entities", "name", "topic", "type", "role", "quote", "value"])
_WORDS = st.sampled_from([*INTENTS, "12 de dic"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_KEYS, inner),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(_JSON)
def test_no_answer_of_any_shape_breaks_or_takes_away_anything(answer: object) -> None:
    before = RULES.analyse("hola, quiero una doble mañana", context())
    told = with_proposals(Message(text=TEXT, context=context()), before, answer)
    assert set(before.entities) <= set(told.entities)
    assert {i.name for i in told.intents} >= {i.name for i in before.intents}
    assert not {i.name for i in told.intents if i not in before.intents} & NEVER_PROPOSED
    json.dumps([i.name for i in told.intents])
