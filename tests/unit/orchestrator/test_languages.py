"""A language is a folder of wordings: Portuguese came as files alone, and says everything the others say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from mesh.values import Money

from services.orchestrator.domain.effects import Reply
from services.orchestrator.domain.proof import Sourced
from services.orchestrator.rehearse.wording_facts import says
from tests.unit.orchestrator import alameda
from tests.unit.orchestrator.talk import WORDING, Talk, heard


def test_portuguese_is_there_with_every_wording_of_the_others() -> None:
    assert set(WORDING.languages) == {"en", "es", "pt"}


@pytest.mark.parametrize(
    ("language", "region", "written"),
    [("pt", "BR", "2.856,00 BRL"), ("es", "MX", "2,856.00 BRL"), ("en", "US", "2,856.00 BRL")],
)
def test_sums_are_written_as_the_language_and_region_write_them(language: str, region: str, written: str) -> None:
    source = "cancellation:R1001"
    stay = {
        "check_in": Sourced(content=date(2026, 12, 3), source=source),
        "check_out": Sourced(content=date(2026, 12, 5), source=source),
    }
    values = {
        "code": Sourced(content="R1001", source=source),
        "room": Sourced(content="duplo", source=source),
        "fee": Sourced(content=Money(Decimal("2856"), "BRL"), source=source),
        "free": False,
        **stay,
    }
    reply = Reply(template="cancellation.ask_yes", values=values)
    said = WORDING.speak([reply], language=language, region=region, today=date(2026, 11, 20))
    assert written in said.text
    assert says(said.text, "2026-12-03")
    assert says(said.text, 2856.00)


async def test_a_hotel_that_speaks_portuguese_books_in_it() -> None:
    talk = Talk()
    talk.pms.property = replace(alameda.HOTEL, languages=("es", "en", "pt"))
    turn = await talk.say(
        "duplo de 8 a 10 de dezembro para dois",
        heard("reservation_request", lang="pt", check_in="2026-12-08", check_out="2026-12-10", adults="2"),
    )
    assert turn.state.language == "pt"
    assert "noites" in turn.text
    assert "terça-feira, 8 de dezembro" in turn.text


async def test_a_hotel_without_portuguese_answers_in_a_language_it_has() -> None:
    turn = await Talk().say("olá", heard("greeting", lang="pt"))
    assert turn.state.language == "es"


async def test_a_person_is_promised_in_portuguese_by_when() -> None:
    talk = Talk()
    talk.pms.property = replace(alameda.HOTEL, languages=("pt",))
    turn = await talk.say("quero falar com uma pessoa", heard("human_request", lang="pt"))
    assert "15 minutos" in turn.text
    assert turn.state.handoff.due == alameda.START + timedelta(minutes=15)
