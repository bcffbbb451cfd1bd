"""What a turn brought against what was wanted: numbers as numbers, dates in any clear form, and only what is named."""

from __future__ import annotations

from datetime import datetime

import pytest
from hotel.common.v1 import handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb

from services.orchestrator.rehearse.checks import Seen, check
from services.orchestrator.rehearse.wording_facts import says


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Total: 4,284.00 MXN", 4284.00),
        ("Total: 4.284,00 BRL", 4284.00),
        ("Total: 4284 MXN", "4284.00"),
        ("48 hours before", "48"),
        ("costs nothing (0.00 MXN)", 0),
        ("ages 5, 9", 5),
        ("del jueves 3 de diciembre al domingo 6", "2026-12-03"),
        ("del 3 al 6 de diciembre", "2026-12-03"),
        ("Thursday, December 3 to Sunday, December 6", "2026-12-06"),
        ("December 3rd", "2026-12-03"),
        ("Dec 3 – 6", "2026-12-03"),
        ("3 dic", "2026-12-03"),
        ("3 de dezembro", "2026-12-03"),
        ("03/12/2026", "2026-12-03"),
        ("2026-12-03", "2026-12-03"),
        ("Habitación DOBLE", "habitacion doble"),
        ("María López", "maria lopez"),
        ("Total: 4\u00a0284,00 EUR", 4284),
        ("Total: 4\u202f284,00 EUR", "4284.00"),
        ("2 300 pesos", 2),
        ("$4,284.00 MXN", "4284.00 MXN"),
        ("MXN 4,284.00", "$4,284"),
        ("una penalización del 50 %", "50%"),
        ("a las 3:00 p. m.", "15:00"),
        ("after 3 pm", "15:00"),
        ("desde las 15 h", "15:00"),
        ("at 11", 11),
        ("por el +44 7700 900123", "447700900123"),
        ("del jueves 3 al domingo 6 de diciembre", "2026-12-03"),
        ("from the 3rd to the 6th of December", "2026-12-03"),
        ("entre el 3 y el 6 de diciembre", "2026-12-06"),
        ("December 3, 2026", "2026-12-03"),
        ("Dec. 3", "2026-12-03"),
        ("3-6 dic", "2026-12-06"),
        ("1º de dezembro", "2026-12-01"),
        ("Casa\u00a0Río   Verde", "casa rio verde"),
    ],
)
def test_a_fact_is_found_in_whatever_clear_form_it_is_said(text: str, fact: object) -> None:
    assert says(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Total: 14,284.00 MXN", 4284.00),
        ("Total: 4,284.50 MXN", 4284.00),
        ("13 de diciembre", "2026-12-03"),
        ("3 de noviembre", "2026-12-03"),
        ("December 30", "2026-12-03"),
        ("R10012", 1001),
        ("suite", "doble"),
        ("3 de diciembre de 2027", "2026-12-03"),
        ("3/12/2027", "2026-12-03"),
        ("3:30 pm", "15:00"),
        ("3 am", "15:00"),
        ("3:00 pm", "3:00"),
        ("EUR 4,284.00", "4284 MXN"),
        ("150 %", "50%"),
        ("2 300 pesos", 23),
    ],
)
def test_something_else_is_not_taken_for_it(text: str, fact: object) -> None:
    assert not says(text, fact)


def seen(**outcome: object) -> Seen:
    return Seen(replies=["Total 10 MXN"], outcomes=[pb.Outcome(**outcome)])  # type: ignore[arg-type]


def test_only_what_is_named_is_checked_and_one_reply_is_expected() -> None:
    assert check(seen(language="en"), {}) == []
    assert check(Seen(), {}) == ["0 replies, wanted 1"]
    assert check(Seen(), {"replies": 0}) == []


@pytest.mark.parametrize(
    "want",
    [
        {"intent": "greeting"},
        {"intents": ["greeting", "confirm"]},
        {"slots": {"adults": 2}},
        {"asks": ["adults"]},
        {"says": [11]},
        {"never_says": [10]},
        {"lang": "es"},
        {"lang": ["es", "pt"]},
        {"pms": ["hold.create"]},
        {"handoff": {"to": "reception"}},
        {"replies": 2},
        {"says": ["confirmation_code"]},
        {"variants": {"ai_upselling": "on"}},
        {"choices": ["Yes"]},
        {"scheduled_for": "2026-12-09T08:00:00-06:00"},
    ],
)
def test_what_did_not_come_is_a_problem(want: dict[str, object]) -> None:
    assert len(check(seen(language="en"), want)) >= 1


def test_what_came_is_none() -> None:
    outcome = pb.Outcome(
        language="en",
        intents=[pb.UnderstoodIntent(name="confirm")],
        slots={"adults": "2", "child_ages": "5,9"},
        asks=["confirm"],
        pms_operations=[
            pb.PmsOperation(operation="hold.create", succeeded=False),
            pb.PmsOperation(operation="reservation.create", reference="K7PX2M", succeeded=True),
        ],
        handoff=handoff_pb2.Handoff(
            state=handoff_pb2.Handoff.STATE_OPEN,
            desk=handoff_pb2.Handoff.DESK_RECEPTION,
            priority=handoff_pb2.Handoff.PRIORITY_NORMAL,
            sla_minutes=15,
        ),
        variants={"ai_upselling": "on"},
    )
    after = datetime.fromisoformat("2026-12-09T08:00:00-06:00")
    brought = Seen(replies=["Code K7PX2M, 10 MXN"], outcomes=[outcome], choices=[("yes:1", "Yes")], send_after=after)
    want = {
        "intent": "confirm",
        "slots": {"adults": 2, "child_ages": [5, 9]},
        "asks": ["confirm"],
        "says": [10, "confirmation_code"],
        "never_says": [11],
        "lang": ["es", "en"],
        "pms": ["reservation.create"],
        "handoff": {"to": "reception", "priority": "normal", "sla_minutes": 15},
        "variants": {"ai_upselling": "on"},
        "choices": ["yes"],
        "scheduled_for": "2026-12-09T08:00:00-06:00",
    }
    assert check(brought, want) == []


def test_several_values_of_which_one_is_right() -> None:
    outcome = {"language": "pt-BR", "intents": [pb.UnderstoodIntent(name="greeting")], "asks": ["check_in"]}
    want = {"intent": ["goodbye", "greeting"], "lang": "pt", "replies": [1, 2], "says": [["11", "10"]]}
    assert check(seen(**outcome), {**want, "asks": ["dates"]}) == []
    assert len(check(seen(**outcome), {"intent": ["goodbye"], "says": [["11", "12"]], "replies": [0, 2]})) == 3
    assert check(seen(**outcome), {"asks": [], "never_asks": ["check_in"]}) == [
        "asks for check_in", "asks ['check_in'], wanted nothing",
    ]  # fmt: skip


def test_a_code_made_earlier_is_the_confirmation_code_until_another_is() -> None:
    assert check(Seen(replies=["It is K7PX2M"], codes=["K7PX2M"]), {"says": ["confirmation_code"]}) == []
    assert check(Seen(replies=["It is K7PX2M"], codes=["K7PX2M"]), {"never_says": ["confirmation_code"]}) != []
    assert check(Seen(replies=["I do not know"]), {"never_says": ["confirmation_code"]}) == []


def test_reads_are_free_unless_they_are_named() -> None:
    operations = [pb.PmsOperation(operation=name, succeeded=True) for name in ("offers.search", "hold.create")]
    assert check(seen(pms_operations=operations), {"pms": ["hold.create"]}) == []
    assert check(seen(pms_operations=operations), {"pms": ["offers.search", "hold.create"]}) == []
    assert check(seen(pms_operations=operations), {"pms": ["hold.create", "offers.search"]}) != []


def test_asking_for_what_is_known_is_a_problem() -> None:
    outcome = {"asks": ["check_in", "adults"], "slots": {"check_in": "2026-12-03"}}
    assert check(seen(**outcome), {"asks": ["adults"]}) == ["asks for ['check_in'], which is known"]


def test_a_hand_off_that_should_not_be_is_a_problem_until_it_is_given_back() -> None:
    opened = handoff_pb2.Handoff(state=handoff_pb2.Handoff.STATE_OPEN)
    assert check(seen(handoff=opened), {"handoff": False}) == ["there is a hand-off"]
    released = handoff_pb2.Handoff(state=handoff_pb2.Handoff.STATE_RELEASED)
    assert check(seen(handoff=released), {"handoff": False}) == []
