"""Words of replies: every figure has a source, every language has every wording, and nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from mesh.values import Money

from services.orchestrator.domain.effects import Choice, Reply
from services.orchestrator.domain.proof import Sourced, Unproven
from services.orchestrator.wording import BrokenWording, Wording
from tests.unit.orchestrator.talk import WORDING

TODAY = date(2026, 11, 20)
FORMATS = """
day: d
day_with_year: "d y"
short_day: d
short_day_with_year: "d y"
time: "HH:mm"
moment: d
money: "0"
"""


def wording(folder: Path, **languages: str) -> Wording:
    """Wordings of file `test` by language."""
    for language, text in languages.items():
        (folder / language).mkdir()
        (folder / language / "test.yaml").write_text(text)
        (folder / language / "formats.yaml").write_text(FORMATS)
    return Wording(folder)


def spoken(reply: Reply, *, language: str = "es", words: Wording = WORDING) -> str:
    return words.speak([reply], language=language, region="MX", today=TODAY).text


def test_the_wordings_that_ship_have_no_fault_and_both_languages() -> None:
    assert set(WORDING.languages) >= {"es", "en"}


def test_a_wording_that_one_language_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenWording, match=r"en has no test\.b"):
        wording(tmp_path, es="a: x\nb: y", en="a: x")


def test_a_figure_written_into_a_wording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenWording, match="digit"):
        wording(tmp_path, es="a: call 911")


def test_a_figure_without_a_source_is_not_said(tmp_path: Path) -> None:
    words = wording(tmp_path, es='a: "{{ price }}"')
    with pytest.raises(Unproven):
        spoken(Reply(template="test.a", values={"price": "only 100 MXN"}), words=words)


def test_a_sum_must_be_sourced_to_be_said(tmp_path: Path) -> None:
    words = wording(tmp_path, es='a: "{{ price | money }}"')
    with pytest.raises(Unproven):
        spoken(Reply(template="test.a", values={"price": "100"}), words=words)


def test_a_missing_value_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    words = wording(tmp_path, es='a: "hola {{ name }}"')
    with pytest.raises(UndefinedError):
        spoken(Reply(template="test.a"), words=words)


def test_every_figure_said_is_on_record_with_its_source() -> None:
    at = datetime(2026, 11, 20, 16, tzinfo=UTC)
    reply = Reply(
        template="cancellation.done",
        values={"code": Sourced(content="R1001", source="reservation:R1001", read_time=at)},
    )
    said = WORDING.speak([reply], language="en", region="MX", today=TODAY)
    assert [(claim.words, claim.source, claim.read_time) for claim in said.claims] == [
        ("R1001", "reservation:R1001", at)
    ]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("es", "del jueves 31 de diciembre al sábado 2 de enero de 2027, 2 noches"),
        ("en", "Thursday, December 31 to Saturday, January 2, 2027, 2 nights"),
    ],
)
def test_dates_carry_their_weekday_and_next_year_its_number(language: str, wanted: str) -> None:
    values = {
        "check_in": Sourced(content=date(2026, 12, 31), source="guest:m1"),
        "check_out": Sourced(content=date(2027, 1, 2), source="guest:m1"),
        "nights": Sourced(content=2, source="guest:m1"),
        "again": False,
    }
    assert wanted in spoken(Reply(template="stay.ask_adults", values=values), language=language)


@pytest.mark.parametrize(("language", "wanted"), [("es", "1 noche"), ("en", "1 night")])
def test_one_is_one(language: str, wanted: str) -> None:
    values = {
        "night": Sourced(content=date(2026, 12, 31), source="restriction:FAM"),
        "least": Sourced(content=1, source="restriction:FAM"),
        "first": Sourced(content=date(2026, 12, 31), source="restriction:FAM"),
        "last": Sourced(content=date(2027, 1, 1), source="restriction:FAM"),
    }
    assert f"{wanted}." in spoken(Reply(template="stay.too_short", values=values), language=language)


def test_sums_have_cents_and_a_currency(tmp_path: Path) -> None:
    words = wording(tmp_path, es='a: "{{ price | money }}"')
    (tmp_path / "es" / "formats.yaml").write_text(FORMATS.replace('money: "0"', 'money: "#,##0.00"'))
    words = Wording(tmp_path)
    fee = Sourced(content=Money.of("4284", "MXN"), source="quote:q")
    assert spoken(Reply(template="test.a", values={"price": fee}), words=words) == "4,284.00 MXN"


def test_a_long_wait_is_told_in_hours() -> None:
    minutes = Sourced(content=300, source="handoff:complaint")
    said = dict.fromkeys(("praised", "over", "money", "manager", "on_call", "where", "repeated"), False)
    values = {**said, "minutes": minutes}
    assert "5 horas" in spoken(Reply(template="complaint.sorry", values=values))


def test_times_are_told_on_a_clock_of_24_hours() -> None:
    values = {"from_time": Sourced(content=time(15), source="property:check_in_time")}
    assert "15:00" in spoken(Reply(template="inquiry.check_in_time", values=values), language="en")


def test_titles_are_handed_over_whole_and_cut_by_the_channel_alone() -> None:
    long = "habitación familiar con vista al jardín"
    name = Sourced(content=long, source="property:room_type/FAM")
    reply = Reply(template="courtesy.all_right", choices=(Choice(id="type:FAM", title="named", values={"name": name}),))
    said = WORDING.speak([reply], language="es", region="MX", today=TODAY)
    assert said.choices[0][1] == "Habitación familiar con vista al jardín"


def test_a_written_title_longer_than_the_smallest_button_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "es"
    folder.mkdir()
    (folder / "formats.yaml").write_text('money: "#,##0.00"\n')
    (folder / "choices.yaml").write_text('person: "Hablar con una persona de recepción"\n')
    with pytest.raises(BrokenWording, match="longer than 20"):
        Wording(tmp_path)


def test_several_replies_of_a_turn_are_one_message_with_the_choices_of_the_open_question() -> None:
    yes = (Choice(id="yes:", title="yes"),)
    replies = [
        Reply(template="courtesy.all_right", choices=yes),
        Reply(
            template="stay.ask_dates",
            values={"unsure": False, "month": None, "nights_known": False},
            asks=("check_in",),
        ),
    ]
    said = WORDING.speak(replies, language="es", region="MX", today=TODAY)
    assert said.text.count("\n\n") == 1
    assert said.choices == ()


def test_a_language_nobody_wrote_is_answered_in_one_that_is_there() -> None:
    assert spoken(Reply(template="courtesy.goodbye"), language="fr")
