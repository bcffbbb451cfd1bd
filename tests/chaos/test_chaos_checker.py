"""The checker itself: it is content with a good history and complains about each doctored one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chaos.checker import BOOKED, CANCELED, CHANGED, INVARIANTS, PROMISED, violations
from tests.chaos.history import Booked, Call, History, Night, Said, Turn, Written

REPLIES = Path(__file__).parents[2] / "services" / "orchestrator" / "replies"
ANA, LUZ = "525500000001", "525500000002"
NIGHT = date(2027, 3, 1)
CODE = "¡Listo, su reserva está confirmada! Código: KT7M4Q\nDoble, del 1 al 2 de marzo."
GONE = "Done, your booking ZR5X2B is canceled. If you need anything else, I'm here."
PROMISE = "Of course, I'm passing you to somebody at reception. They will write within 15 minutes."


def _booked(code: str, guest: str, state: str) -> Booked:
    leaves = NIGHT + timedelta(days=1)
    return Booked(code=code, guest=guest, state=state, room_type="DBL", check_in=NIGHT, check_out=leaves)


GOOD = History(
    said=(
        Said(guest=ANA, message_id="a1", words="hola", window=0, accepted=True),
        Said(guest=ANA, message_id="a2", words="una doble", window=1, accepted=True),
        Said(guest=LUZ, message_id="l1", words="cancel it", window=0, accepted=True),
        Said(guest=LUZ, message_id="l2", words="a human", window=1, accepted=True, asks_for_person=True),
        Said(guest=LUZ, message_id="l3", words="never taken", window=2, accepted=False),
    ),
    turns=(
        Turn(turn_id="t1", guest=ANA, state="done", messages=("a1",)),
        Turn(turn_id="t2", guest=LUZ, state="done", messages=("l1",)),
        Turn(turn_id="t3", guest=ANA, state="done", messages=("a2",), tries=3),
        Turn(turn_id="t4", guest=LUZ, state="done", messages=("l2",)),
    ),
    outbox=(
        Written(message_id="r1", guest=ANA, text="Hola", state="sent", turn_id="t1"),
        Written(message_id="r2", guest=LUZ, text=GONE, state="delivered", turn_id="t2"),
        Written(message_id="r3", guest=ANA, text=CODE, state="read", turn_id="t3", possibly_repeated=True),
        Written(message_id="r4", guest=LUZ, text=PROMISE, state="failed", turn_id="t4", failure_reason="131026"),
    ),
    calls=(
        Call(message_id="r1", guest=ANA, taken=True),
        Call(message_id="r3", guest=ANA, taken=True),
        Call(message_id="r2", guest=LUZ, taken=True),
        Call(message_id="r3", guest=ANA, taken=True),
        Call(message_id="r4", guest=LUZ, taken=False, code=131026),
    ),
    reservations=(_booked("KT7M4Q", ANA, "CONFIRMED"), _booked("ZR5X2B", LUZ, "CANCELED")),
    nights=(Night(room_type="DBL", night=NIGHT, capacity=2, sold=1, held=1),),
    handoffs=frozenset({LUZ}),
    recovery={"readiness": 2.5},
)
KT, ZR = GOOD.reservations
SAID, TURNS, OUTBOX, CALLS = GOOD.said, GOOD.turns, GOOD.outbox, GOOD.calls

DOCTORED: dict[str, tuple[str, dict[str, Any]]] = {
    "a message in no turn": ("nothing lost", {"turns": TURNS[1:]}),
    "a turn that stays open": ("nothing lost", {"turns": (replace(TURNS[0], state="open"), *TURNS[1:])}),
    "a parked turn": ("nothing lost", {"turns": (*TURNS[:3], replace(TURNS[3], state="parked"))}),
    "a turn without an answer": ("nothing lost", {"outbox": OUTBOX[1:], "calls": CALLS[1:]}),
    "a reply that stays queued": ("nothing unsent", {"outbox": (replace(OUTBOX[0], state="queued"), *OUTBOX[1:])}),
    "a reply called sent that was not": ("nothing unsent", {"calls": CALLS[1:]}),
    "a reply given up for nothing": ("nothing unsent", {"calls": CALLS[:4]}),
    "a message in two turns": (
        "nothing twice",
        {"turns": (*TURNS[:2], replace(TURNS[2], messages=("a1", "a2")), TURNS[3])},
    ),
    "turns in another order": ("in order", {"turns": (TURNS[2], TURNS[1], TURNS[0], TURNS[3])}),
    "replies in another order": ("replies in order", {"calls": (CALLS[1], CALLS[0], *CALLS[2:])}),
    "a repeat that is not marked": (
        "no reply twice",
        {"outbox": (*OUTBOX[:2], replace(OUTBOX[2], possibly_repeated=False), OUTBOX[3])},
    ),
    "a message nobody wrote": ("no reply twice", {"calls": (*CALLS, Call(message_id="x", guest=ANA, taken=True))}),
    "a night too full": ("nothing oversold", {"nights": (replace(GOOD.nights[0], capacity=1),)}),
    "two reservations for one room": (
        "nothing oversold",
        {"nights": (replace(GOOD.nights[0], capacity=1, held=0),), "reservations": (KT, replace(ZR, state="PENDING"))},
    ),
    "counters that differ from the books": ("nothing oversold", {"nights": (replace(GOOD.nights[0], sold=0),)}),
    "a code nobody knows": ("nothing untrue", {"reservations": (ZR,)}),
    "a code of somebody else": ("nothing untrue", {"reservations": (replace(KT, guest=LUZ), ZR)}),
    "booked and canceled": ("nothing untrue", {"reservations": (replace(KT, state="CANCELED"), ZR)}),
    "canceled and still there": (
        "nothing untrue",
        {"reservations": (KT, replace(ZR, state="CONFIRMED")), "handoffs": frozenset()},
    ),
    "a reservation nobody was told of": (
        "nothing untold",
        {"reservations": (KT, ZR, replace(KT, code="QQ2345", check_in=date(2027, 4, 1), check_out=date(2027, 4, 2)))},
    ),
    "two rooms for one guest": (
        "nothing untold",
        {"reservations": (KT, ZR, replace(KT, code="QQ2345"))},
    ),
    "a promise nobody knows of": ("promises kept", {"handoffs": frozenset()}),
    "a wish for a person that was missed": (
        "promises kept",
        {"handoffs": frozenset(), "outbox": (*OUTBOX[:3], replace(OUTBOX[3], text="Breakfast is from 7."))},
    ),
    "a service that stays away": ("healthy again", {"recovery": {"readiness": None}}),
}


def test_a_good_history_has_no_violations() -> None:
    assert violations(GOOD) == []


@pytest.mark.parametrize("name", DOCTORED)
def test_a_doctored_history_is_found_out(name: str) -> None:
    invariant, change = DOCTORED[name]
    found = violations(replace(GOOD, **change))
    assert any(problem.startswith(f"{invariant}: ") for problem in found), found


def test_every_invariant_has_a_history_that_breaks_it() -> None:
    assert {invariant for invariant, _ in DOCTORED.values()} == set(INVARIANTS)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_wording_is_what_guests_are_told(language: str) -> None:
    """Were a template reworded, the checker would look for words that nobody says any more."""

    def text(file: str, name: str) -> str:
        words = yaml.safe_load((REPLIES / language / f"{file}.yaml").read_text())[name]
        return " ".join(str(words).replace("{{ code }}", "KT7M4Q").split())

    assert BOOKED.search(text("booking", "booked"))
    assert CANCELED.search(text("cancellation", "done"))
    assert CHANGED.search(text("modification", "done"))
    for file in (REPLIES / language).glob("*.yaml"):
        for name, words in yaml.safe_load(file.read_text()).items():
            if "minutes | wait" in str(words):
                assert PROMISED.search(text(file.stem, name)), (file.name, name)
