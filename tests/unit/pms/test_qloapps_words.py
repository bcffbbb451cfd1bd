"""What is said to QloApps and what its answers mean: loose types, names, bodies, states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import read
from services.pms.adapters.qloapps import answers
from services.pms.adapters.qloapps.availability import StayRate
from services.pms.adapters.qloapps.bodies import WantedRoom, net_of, new_booking, plain, replaced_booking, source_of
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.failures import AskedTooOften, KeyRefused, Rejected, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.guests import clean_name, email_of, phone_of, real_email, same_customer
from services.pms.adapters.qloapps.mirror import payment_of, state_of
from services.pms.adapters.qloapps.parsing import (
    Customer,
    SeenOrder,
    amount,
    customer_of,
    day,
    instant,
    keyed,
    line_of,
    text,
    whole,
)
from services.pms.domain.reservation import Booker, Identity, PaymentState, ReservationState
from services.pms.domain.stay import Occupancy, Stay

PRIME = Path(__file__).parents[2] / "data" / "qloapps" / "prime.yaml"
HOTEL = Connection(
    property_id="prime", base_url="http://x", hotel_id=1, currency="USD", room_types={"GEN": 1}, api_key="k" * 32
)
STAY = Stay(date(2026, 12, 10), date(2026, 12, 12))
LINE = {
    "id": "3", "id_product": "2", "id_order": "3", "id_room": "6", "id_status": "1", "room_num": "DR-101",
    "date_from": "2026-12-10 00:00:00", "date_to": "2026-12-12 00:00:00", "total_price_tax_excl": "1750.000000",
    "total_price_tax_incl": "1820.000000", "is_refunded": "0", "is_cancelled": "0", "is_back_order": "0",
    "adults": "2", "children": "1", "child_ages": "[7]",
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "number"), [("1", 1), (1, 1), ("1.000000", 1), ("", 0), (None, 0), (False, 0), ("0", 0)]
)
def test_ids_are_numbers_however_they_come(value: object, number: int) -> None:
    assert whole(value) == number


@pytest.mark.parametrize("value", ["abc", [], {}])
def test_what_is_no_number_is_not_guessed(value: object) -> None:
    with pytest.raises(Unreachable):
        whole(value if isinstance(value, str) else str(value))


def test_sums_dates_and_times_are_exact() -> None:
    assert (amount("1500.000000"), amount(1153.85), amount(None)) == (Decimal(1500), Decimal("1153.85"), 0)
    assert day("2026-12-10 00:00:00") == date(2026, 12, 10)
    assert instant("2026-11-22 07:18:16", "America/Chicago") == datetime(2026, 11, 22, 13, 18, 16, tzinfo=UTC)
    with pytest.raises(Unreachable):
        day("2027-02-30")


def test_html_and_languages_are_taken_off() -> None:
    assert text("<div>\n <p>Caf&eacute; &amp; bar</p><br />open</div>") == "Café & bar\nopen"
    assert text([{"id": 1, "value": "<b>Suite</b>"}, {"id": 2, "value": "x"}]) == "Suite"
    assert keyed([]) == {}


def test_a_line_is_read_from_text() -> None:
    line = line_of(LINE)
    assert (line.stay, line.occupancy, line.room_number, line.net) == (STAY, Occupancy(2, (7,)), "DR-101", 1750)
    assert line.live
    assert not line_of({**LINE, "is_back_order": "1"}).live


def test_children_without_ages_count_as_the_oldest() -> None:
    assert line_of({**LINE, "children": "2", "child_ages": "[]"}).occupancy == Occupancy(2, (17, 17))
    assert line_of({**LINE, "children": "0", "child_ages": "nonsense"}).occupancy == Occupancy(2)


def test_a_customers_password_is_not_taken_over() -> None:
    row = {"id": 3, "firstname": "Ana", "lastname": "Ruiz", "email": "a@x.com", "phone": "+1", "passwd": "5f4dcc3b"}
    assert "5f4dcc3b" not in repr(customer_of(row))


def order(state: int = 1, paid: str = "0", **line: str) -> SeenOrder:
    seen = line_of({**LINE, **line})
    return SeenOrder(
        order_id=3, reference="LANKSBXXN", state=state, source="", customer_id=3, total=Decimal(1820),
        paid=Decimal(paid), added="", updated="", lines=(seen,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (order(), ReservationState.CONFIRMED),
        (order(id_status="2"), ReservationState.IN_HOUSE),
        (order(id_status="3"), ReservationState.CHECKED_OUT),
        (order(4, is_cancelled="1", is_refunded="1"), ReservationState.CANCELED),
        (order(5, is_refunded="1"), ReservationState.CANCELED),
        (order(1, is_back_order="1", is_refunded="1"), ReservationState.CANCELED),  # a hidden loser
        (order(1, is_cancelled="1", is_refunded="1"), ReservationState.CANCELED),  # brought back without its room
    ],
)
def test_orders_and_lines_together_say_where_a_booking_stands(seen: SeenOrder, state: ReservationState) -> None:
    assert state_of(seen) is state


@pytest.mark.parametrize(
    ("seen", "payment"),
    [
        (order(), PaymentState.UNPAID),
        (order(8, "1000"), PaymentState.PARTIAL),
        (order(2, "1820"), PaymentState.PAID),
        (order(10), PaymentState.PAID),
        (order(1, "1820"), PaymentState.PAID),
        (order(5, "1820"), PaymentState.REFUNDED),
    ],
)
def test_what_was_paid(seen: SeenOrder, payment: PaymentState) -> None:
    assert payment_of(seen) is payment


# Guests.


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("María José", "María José"),
        ("C4rl", "C rl"),
        ("D'Ávila-Núñez Jr.", "D'Ávila-Núñez Jr."),
        ("☕ Zoë 🎉", "Zoë"),
        ("<b>Ana</b>", "b Ana b"),
        ("1234", "Guest"),
        ("", "Guest"),
        ("a" * 50, "a" * 32),
        ("李雷", "李雷"),
    ],
)
def test_names_have_letters_blanks_and_little_else(name: str, sent: str) -> None:
    assert clean_name(name, "Guest") == sent


def test_a_guest_without_an_address_always_gets_the_same_one_and_nobody_elses() -> None:
    by_whatsapp = Booker(given_name="A", identity=Identity(channel="WHATSAPP", address="5215512345678"))
    by_phone = Booker(given_name="B", phone_number="+5215512345678", email="not an address")
    other = Booker(given_name="A", phone_number="+525500000001")
    made = email_of(by_phone, "prime", "res_1")
    assert made == email_of(replace(by_phone, phone_number="+525512345678"), "prime", "res_2")
    assert made != email_of(other, "prime", "res_1")
    assert made != email_of(by_phone, "another", "res_1")
    assert email_of(by_whatsapp, "prime", "res_1").endswith("@guests.invalid")
    assert email_of(Booker(given_name="A", email="Ana@Example.com"), "prime", "r") == "ana@example.com"
    assert (real_email(made), real_email("a@x.com")) == ("", "a@x.com")


def test_a_phone_is_always_sent() -> None:
    known = Customer(customer_id=1, given_name="A", family_name="", email="a@x.com", phone_number="+34 600")
    assert phone_of(Booker(given_name="A", phone_number="+52 55<1>"), known) == "+52 551"
    assert phone_of(Booker(given_name="A"), known) == "+34 600"
    assert phone_of(Booker(given_name="A"), None) == "+0000000000"
    assert same_customer(replace(known, phone_number=""))["phone"]


# Bodies.


def test_a_booking_says_adult_and_the_price_of_the_stay() -> None:
    room = WantedRoom(type_id=1, stay=STAY, occupancy=Occupancy(1, (7,)), net=Decimal(2500))
    body = new_booking(
        HOTEL, source="whatsapp:op_1", customer={"phone": "1"}, rooms=[room, room], remark="late <b>☕🎉"
    )
    (group,) = body["associations"]["room_types"]
    assert (group["checkin_date"], group["checkout_date"], group["number_of_rooms"]) == ("2026-12-10", "2026-12-12", 2)
    assert group["rooms"][0] == {"adult": 1, "child": 1, "child_ages": [7], "unit_price_without_tax": 2500.0}
    assert (body["booking_status"], body["payment_status"]) == (1, 3)
    assert "<" not in body["remark"]


def test_a_change_never_says_a_status_and_repeats_every_line() -> None:
    kept = WantedRoom(type_id=1, stay=STAY, occupancy=Occupancy(2), net=None, room_id=3, services=((9, 1),))
    more = replace(kept, stay=STAY.shifted(2), net=Decimal(100), services=())
    body = replaced_booking(HOTEL, customer={}, rooms=[kept, more])
    assert "booking_status" not in body
    first, second = body["associations"]["room_types"]
    assert first["rooms"][0]["services"] == [{"id_service": 9, "quantity": 1}]
    assert ("unit_price_without_tax" in first["rooms"][0], second["rooms"][0]["id_room"]) == (False, 3)


def test_what_is_promised_is_what_their_tax_makes_of_it() -> None:
    assert net_of(Decimal("2600.00"), Decimal("0.04")) == 2500
    net = net_of(Decimal("4284.00"), Decimal("0.04"))
    assert abs(net * Decimal("1.04") - 4284) < Decimal("0.00001")


def test_a_source_carries_the_operation_and_the_attempt() -> None:
    assert source_of("WHATSAPP", "op_1", 0) == "whatsapp:op_1"
    assert source_of("web chat!", "op_1", 2) == "webchat:op_1.3"
    assert source_of("", "op_1", 0) == "agent:op_1"
    assert plain("x" * 2000) == "x" * 1000


# Answers.


def said(status: int, body: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, text=body, headers=headers)


ERRORS = '{"errors":[{"code":404,"message":"Requested room(s) not available"}]}'


@pytest.mark.parametrize(
    ("response", "error", "finished"),
    [
        (said(500, '{"errors":[{"code":5,"message":"[PHP Notice #8]"}]}'), UnknownOutcome, True),
        (said(500), UnknownOutcome, True),
        (said(200, "Fatal error"), UnknownOutcome, True),
        (said(200, "Invalid new order status"), UnknownOutcome, True),
        (said(200, '{"booking":{"id'), UnknownOutcome, True),
        (said(200, '{"errors":[]}'), UnknownOutcome, True),
        (said(502, "<html>"), UnknownOutcome, False),
        (said(504, "<html>"), UnknownOutcome, False),
        (said(302), Unreachable, None),
        (said(401, "401 Unauthorized"), KeyRefused, None),
        (said(405, ERRORS), KeyRefused, None),
        (said(429, "", **{"Retry-After": "7"}), AskedTooOften, None),
        (said(400, ERRORS), Rejected, None),
        (said(404), Rejected, None),
    ],
)
def test_what_an_answer_to_a_write_means(
    response: httpx.Response, error: type[Exception], finished: bool | None
) -> None:
    with pytest.raises(error) as raised:
        answers.content_of_write(response)
    assert getattr(raised.value, "finished", None) == finished
    if isinstance(raised.value, AskedTooOften):
        assert raised.value.retry_after == 7


def test_refusals_for_want_of_rooms_are_told_apart() -> None:
    assert Rejected(400, ("Requested room(s) not available.",)).sold_out
    assert Rejected(400, ("Requested room(s) not available",)).sold_out
    assert not Rejected(400, ("Customer not found.",)).sold_out


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (said(500, "{}"), Unreachable),
        (said(200, "Fatal error"), Unreachable),
        (said(302), Unreachable),
        (said(401), KeyRefused),
        (said(429), AskedTooOften),
        (said(400, ERRORS), Rejected),
    ],
)
def test_what_an_answer_to_a_read_means(response: httpx.Response, error: type[Exception]) -> None:
    with pytest.raises(error):
        answers.content_of_read(response)


def test_nothing_found_is_no_error() -> None:
    assert answers.content_of_read(said(404)) is None
    assert answers.content_of_read(said(200, "[]")) == []


def test_the_key_is_not_shown() -> None:
    assert "kkkk" not in repr(HOTEL)


def test_a_rounded_tax_is_the_hotels_own_where_they_agree() -> None:
    hotel = configuration_of(read(PRIME)).hotel  # 4 %
    rounded = StayRate(room_ids=(1,), net=Decimal("1153.85"), gross=Decimal("1200.00"))
    assert rounded.tax_rate(hotel) == Decimal("0.04")
    other = StayRate(room_ids=(1,), net=Decimal(100), gross=Decimal(119))
    assert other.tax_rate(hotel) == Decimal("0.19")
    assert StayRate(room_ids=(), net=Decimal(0), gross=Decimal(0)).tax_rate(hotel) == 0
