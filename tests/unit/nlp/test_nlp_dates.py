"""Rules of dates and nights. The clock stands at Friday 2026-11-20, 10:00 in Mexico City."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.nlp.domain.calendar import easter, nth_weekday
from tests.unit.nlp.reading import found, read, short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("del 3 al 6 de diciembre", {"check_in=2026-12-03", "check_out=2026-12-06"}),
        ("Dec 8 to Dec 10", {"check_in=2026-12-08", "check_out=2026-12-10"}),
        ("8-9 December", {"check_in=2026-12-08", "check_out=2026-12-09"}),
        ("del 24 al 26", {"check_in=2026-11-24", "check_out=2026-11-26"}),
        ("del 10 al 23", {"check_in=2026-12-10", "check_out=2026-12-23"}),
        ("from the 16th to the 30th", {"check_in=2026-12-16", "check_out=2026-12-30"}),
        ("Saturday to Tuesday", {"check_in=2026-11-21", "check_out=2026-11-24"}),
        ("entre el 17 y 21 de mayo", {"check_in=2027-05-17", "check_out=2027-05-21"}),
        ("del 7 al 21 del mes que viene", {"check_in=2026-12-07", "check_out=2026-12-21"}),
        ("del 28 al 3 de enero", {"check_in=2026-12-28", "check_out=2027-01-03"}),
        ("20 de diciembre al 5 de enero", {"check_in=2026-12-20", "check_out=2027-01-05"}),
        ("Jan 5, 2027 - Jan 9, 2027", {"check_in=2027-01-05", "check_out=2027-01-09"}),
        ("del veintiocho de diciembre al dos de enero", {"check_in=2026-12-28", "check_out=2027-01-02"}),
        ("checking in Monday, leaving Thursday", {"check_in=2026-11-23", "check_out=2026-11-26"}),
        ("las noches del 3 y 4 de diciembre", {"check_in=2026-12-03", "check_out=2026-12-05"}),
        ("next week from Monday to Thursday", {"check_in=2026-11-23", "check_out=2026-11-26"}),
        ("this Friday for the weekend", {"check_in=2026-11-20", "check_out=2026-11-22"}),
        ("para el finde del 12 de diciembre", {"check_in=2026-12-11", "check_out=2026-12-13"}),
        ("quiero reservar los días 12, 13 y 14 de enero", {"check_in=2027-01-12", "check_out=2027-01-14"}),
        ("del lunes al jueves de la semana que viene", {"check_in=2026-11-23", "check_out=2026-11-26"}),
        ("2026-12-03 al 2026-12-05", {"check_in=2026-12-03", "check_out=2026-12-05"}),
        ("viernes y sábado de la semana entrante", {"check_in=2026-11-27", "check_out=2026-11-29"}),
        ("del primero al cinco de enero", {"check_in=2027-01-01", "check_out=2027-01-05"}),
        ("checking in 12/28, out 1/2", {"check_in=2026-12-28", "check_out=2027-01-02"}),
        ("entrando el 18-12 y saliendo el 21-12", {"check_in=2026-12-18", "check_out=2026-12-21"}),
        ("entrada 05/12/2026 salida 09/12/2026", {"check_in=2026-12-05", "check_out=2026-12-09"}),
        ("la primera semana de febrero, de domingo a domingo", {"check_in=2027-02-07", "check_out=2027-02-14"}),
        ("Tuesday to Thursday of the first week of December", {"check_in=2026-12-01", "check_out=2026-12-03"}),
        ("Thursday night to Sunday morning", {"check_in=2026-11-26", "check_out=2026-11-29"}),
        ("hasta el 15, llegando el 12", {"check_in=2026-12-12", "check_out=2026-12-15"}),
        ("día 5 entrada día 7 salida", {"check_in=2026-12-05", "check_out=2026-12-07"}),
        ("el finde después de este", {"check_in=2026-11-27", "check_out=2026-11-29"}),
        ("a long weekend in February, Thursday to Sunday", {"month=2027-02"}),
    ],
)
def test_a_range_is_an_arrival_and_a_departure(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mañana por 3 noches", {"check_in=2026-11-21", "nights=3", "check_out=2026-11-24"}),
        ("13 nights starting tomorrow", {"nights=13", "check_in=2026-11-21", "check_out=2026-12-04"}),
        ("a week from January 3rd 2027", {"check_in=2027-01-03", "nights=7", "check_out=2027-01-10"}),
        ("a couple of nights from the 4th", {"check_in=2026-12-04", "nights=2", "check_out=2026-12-06"}),
        ("una semana desde el 5 de enero", {"check_in=2027-01-05", "nights=7", "check_out=2027-01-12"}),
        ("a week from tomorrow for 3 nights", {"check_in=2026-11-28", "nights=3", "check_out=2026-12-01"}),
        ("de mañana en ocho, 3 noches", {"check_in=2026-11-28", "nights=3", "check_out=2026-12-01"}),
        ("tonight plus the next two nights", {"check_in=2026-11-20", "nights=3", "check_out=2026-11-23"}),
        ("esta noche y las dos siguientes", {"check_in=2026-11-20", "nights=3", "check_out=2026-11-23"}),
        ("fortnight from 10 January", {"nights=14", "check_in=2027-01-10", "check_out=2027-01-24"}),
        (
            "mid march, say the 14th, 4 nights",
            {"month=2027-03", "check_in=2027-03-14", "nights=4", "check_out=2027-03-18"},
        ),
        ("el miércoles que viene no, el otro, una noche", {"check_in=2026-12-02", "nights=1", "check_out=2026-12-03"}),
    ],
)
def test_nights_and_a_start_give_the_departure(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la noche del 31 de diciembre", {"night=2026-12-31", "check_out=2027-01-01"}),
        ("una habitación para esta noche", {"night=2026-11-20", "check_out=2026-11-21"}),
        ("a room tonight", {"night=2026-11-20", "check_out=2026-11-21"}),
    ],
)
def test_a_single_night_ends_the_morning_after(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", ["entrada el 12 de diciembre y salida el 10", "arriving Dec 12, departing Dec 10"])
def test_a_departure_before_the_arrival_is_reported_and_never_swapped(text: str) -> None:
    assert found(text) == {"check_in=2026-12-12!reversed", "check_out=2026-12-10!reversed"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31 de febrero", "check_in=2027-02-31!impossible"),
        ("the 31st of November", "check_in=2026-11-31!impossible"),
        ("5 de enero de 2025", "check_in=2025-01-05!past"),
        ("we arrived yesterday", "check_in=2026-11-19!past"),
    ],
)
def test_impossible_and_past_dates_are_reported_and_never_moved(text: str, expected: str) -> None:
    assert expected in found(text)


def test_a_day_that_has_just_passed_is_reported_as_past_and_not_moved_by_a_year() -> None:
    assert "check_in=2026-11-18!past" in found("una doble el 18 de noviembre")
    assert found("a room from Nov 10 to Nov 12") == {"check_in=2026-11-10!past", "check_out=2026-11-12!past"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("para Navidad, del 24 al 27", {"holiday=christmas", "check_in=2026-12-24", "check_out=2026-12-27"}),
        ("en Semana Santa, del 22 al 25", {"holiday=holy_week", "check_in=2027-03-22", "check_out=2027-03-25"}),
        ("over New Year, 30th to 2nd", {"holiday=new_year", "check_in=2026-12-30", "check_out=2027-01-02"}),
        ("en febrero, del 12 al 15", {"month=2027-02", "check_in=2027-02-12", "check_out=2027-02-15"}),
        ("somewhere in January, 9th to 12th", {"month=2027-01", "check_in=2027-01-09", "check_out=2027-01-12"}),
    ],
)
def test_a_named_feast_or_month_says_which_days_the_range_means(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", ["dec 8-10", "DEC 8-10", "Dec 8 - 10", "check in dec 8, out on the 10th", "8-10 dec"])
def test_a_month_before_the_days_counts_for_both(text: str) -> None:
    assert found(text) == {"check_in=2026-12-08", "check_out=2026-12-10"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("una noche más", {"extra_nights=1"}),
        ("quiero otra noche", {"extra_nights=1"}),
        ("can we stay two more nights?", {"extra_nights=2"}),
        ("dos noches más por favor", {"extra_nights=2"}),
        ("an extra night please", {"extra_nights=1"}),
    ],
)
def test_more_nights_are_told_as_such_and_give_no_departure(text: str, expected: set[str]) -> None:
    assert found(text) == expected
    assert found(text, check_in=date(2026, 12, 3), check_out=date(2026, 12, 5)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday and Saturday nights", {"check_in=2026-11-20", "check_out=2026-11-22"}),
        ("Saturday week for 2 nights", {"check_in=2026-11-28", "nights=2", "check_out=2026-11-30"}),
        ("two nights from tonight", {"check_in=2026-11-20", "nights=2", "check_out=2026-11-22"}),
        ("tomorrow night", {"night=2026-11-21", "check_out=2026-11-22"}),
        ("12/05 to 12/08 please, a room", {"check_in=2026-12-05?", "check_out=2026-12-08?"}),
    ],
)
def test_nights_and_weeks_as_the_english_say_them(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_numeric_dates_are_ambiguous_in_english_only() -> None:
    english = read("a double on 03/12 please").entities[-1]
    assert english.ambiguous
    assert set(english.alternatives) == {"2026-12-03", "2027-03-12"}
    assert "check_in=2026-12-03" in found("una doble el 03/12 por favor")


def test_a_day_above_twelve_settles_the_order_of_both_dates() -> None:
    assert found("a room 08/12 to 13/12 please") == {"check_in=2026-12-08", "check_out=2026-12-13"}
    assert found("a room 12/24 to 12/27 please") == {"check_in=2026-12-24", "check_out=2026-12-27"}


def test_a_weekday_that_does_not_fit_its_date_gives_both_readings() -> None:
    entity = read("el viernes 5 de diciembre").entities[0]
    assert entity.alternatives == ("2026-12-05", "2026-12-04")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("para nochevieja", {"night=2026-12-31", "check_out=2027-01-01", "holiday=new_years_eve"}),
        ("en semana santa", {"check_in=2027-03-21", "check_out=2027-03-28", "holiday=holy_week"}),
        ("Christmas Eve", {"night=2026-12-24", "check_out=2026-12-25", "holiday=christmas_eve"}),
        ("this weekend", {"check_in=2026-11-20", "check_out=2026-11-22"}),
        ("el próximo finde", {"check_in=2026-11-27", "check_out=2026-11-29"}),
        ("el primer fin de semana de febrero", {"check_in=2027-02-05", "check_out=2027-02-07"}),
    ],
)
def test_holidays_and_weekends_are_named_as_dates(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_this_weekend_said_on_a_sunday_is_the_coming_one() -> None:
    sunday = datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert {short(e) for e in read("este fin de semana", now=sunday).entities} == {
        "check_in=2026-11-27",
        "check_out=2026-11-29",
    }


def test_today_is_the_hotels_own_date() -> None:
    already_saturday_in_utc = datetime(2026, 11, 21, 4, tzinfo=UTC)
    entity = read("una habitación para mañana", now=already_saturday_in_utc).entities[0]
    assert entity.value == "2026-11-21"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the week before Christmas, Monday to Friday", {"check_in=2026-12-14", "check_out=2026-12-18"}),
        ("la semana antes de navidad, de lunes a viernes", {"check_in=2026-12-14", "check_out=2026-12-18"}),
        ("la semana siguiente a año nuevo, de martes a jueves", {"check_in=2027-01-05", "check_out=2027-01-07"}),
        ("the weekend before Christmas", {"check_in=2026-12-18", "check_out=2026-12-20"}),
    ],
)
def test_weeks_are_named_by_the_feast_beside_them(text: str, expected: set[str]) -> None:
    assert found(text) - {"holiday=christmas", "holiday=new_year"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("llego el viernes en la noche", {"check_in=2027-03-12"}),
        ("mejor el jueves", {"check_in=2027-03-11"}),
        ("llegamos el jueves y nos vamos el lunes", {"check_in=2027-03-11", "check_out=2027-03-15"}),
        ("salgo el domingo", {"check_out=2027-03-14"}),
        ("leaving Friday", {"check_out=2027-03-19"}),
        ("checking out Tuesday", {"check_out=2027-03-16"}),
        ("this friday instead", {"check_in=2026-11-20"}),
        ("el próximo viernes", {"check_in=2026-11-27"}),
    ],
)
def test_weekdays_alone_are_those_beside_the_stay_that_is_known(text: str, expected: set[str]) -> None:
    assert found(text, check_in=date(2027, 3, 12), check_out=date(2027, 3, 15)) == expected


def test_bare_days_are_read_near_the_stay_that_is_known() -> None:
    stay = {"check_in": date(2026, 12, 31), "check_out": date(2027, 1, 1)}
    assert found("ok entonces del 30 al 2", **stay) == {"check_in=2026-12-30", "check_out=2027-01-02"}


def test_nights_alone_move_the_departure_of_the_known_stay() -> None:
    assert found("no, perdón, 3 noches", check_in=date(2026, 12, 3)) == {"nights=3", "check_out=2026-12-06"}


def test_the_following_one_is_the_same_weekdays_a_week_later() -> None:
    stay = {"check_in": date(2026, 12, 4), "check_out": date(2026, 12, 6)}
    assert found("¿y para el próximo?", **stay) == {"check_in=2026-12-11", "check_out=2026-12-13"}


def test_a_bare_number_answers_what_was_asked() -> None:
    assert found("12", "check_in") == {"check_in=2026-12-12"}
    assert found("12", "check_out") == {"check_out=2026-12-12"}
    assert found("3", "nights") == {"nights=3"}
    assert found("12") == set()


@pytest.mark.parametrize(
    "text",
    [
        "abren 24/7?",
        "¿el desayuno es de 7 a 10?",
        "room on the 5th floor",
        "por la mañana",
        "gracias, hasta mañana",
        "2-3 people",
        "from 8 to 10 people",
        "how much a night?",
        "the first time I came",
        "May I have 2 towels?",
        "they moved us three times in two days",
        "could we stay until three on the last day",
        "1/2 hora",
        "tengo 4 maletas",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert not {e for e in found(text) if e.startswith(("check_in", "check_out", "night=", "date"))}


def test_a_role_word_counts_from_the_verb_but_a_preposition_only_beside_the_date() -> None:
    assert found("we have to sleep in town on Thursday") == {"check_in=2026-11-26"}
    assert found("me quedo hasta el jueves") == {"check_out=2026-11-26"}
    assert "check_in=2026-12-06" in found("can you shift our arrival to Sunday the 6th")


def test_typed_slips_do_not_hide_a_month() -> None:
    assert found("del 3 al 6 de dicimebre") == {"check_in=2026-12-03", "check_out=2026-12-06"}


def test_spans_count_characters_of_what_was_written() -> None:
    text = "¡Olé! 👍🏽 del 3 al 6 de\u00a0diciembre"
    entity = next(e for e in read(text).entities if short(e) == "check_out=2026-12-06")
    assert text[entity.span.start : entity.span.end] == "6 de\u00a0diciembre"


@pytest.mark.parametrize(
    ("year", "on"), [(2024, date(2024, 3, 31)), (2027, date(2027, 3, 28)), (2030, date(2030, 4, 21))]
)
def test_easter(year: int, on: date) -> None:
    assert easter(year) == on


def test_the_fifth_friday_may_not_exist() -> None:
    assert nth_weekday(2026, 12, 4, 5) is None
    assert nth_weekday(2026, 12, 4, -1) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a room for Saturday and Sunday", {"check_in=2026-11-21", "check_out=2026-11-23"}),
        ("las noches del 11, 12 y 13 de enero", {"check_in=2027-01-11", "check_out=2027-01-14"}),
        ("12-14/12", {"check_in=2026-12-12", "check_out=2026-12-14"}),
        ("the weekend before Easter", {"check_in=2027-03-19", "check_out=2027-03-21"}),
        ("Semana Santa, del jueves al domingo", {"check_in=2027-03-25", "check_out=2027-03-28", "holiday=holy_week"}),
        ("the week of the 15th of March, Monday to Friday", {"check_in=2027-03-15", "check_out=2027-03-19"}),
        ("en dos semanas, el sábado", {"check_in=2026-12-05"}),
        ("the 5th or the 12th of December", {"check_in=2026-12-05", "date=2026-12-12"}),
    ],
)
def test_lists_weeks_and_feasts_say_which_days_are_meant(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("could I move it from the 3rd to the 10th of July?", {"date=2027-07-03", "check_in=2027-07-10"}),
        ("can I move my booking to December 10 to 13?", {"check_in=2026-12-10", "check_out=2026-12-13"}),
        ("podemos salir el 15 en lugar del 14", {"check_out=2026-12-15", "date=2026-12-14"}),
        ("gracias, hasta mañana", {"date=2026-11-21"}),
    ],
)
def test_the_day_that_is_given_up_is_no_stay(text: str, expected: set[str]) -> None:
    assert found(text) <= expected
    assert {e for e in expected if not e.startswith("date=")} <= found(text)
