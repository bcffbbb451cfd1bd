"""Bookings from the first word to the code: one question at a time, a clear yes, and nothing before it."""

from __future__ import annotations

from tests.unit.orchestrator.talk import Talk, heard


async def test_a_booking_takes_one_question_a_turn() -> None:
    talk = Talk()
    turn = await talk.say("Hola, buenas", heard("greeting"))
    assert "IA" in turn.text
    assert turn.pms == []
    assert turn.state.language == "es"
    turn = await talk.say("quisiera reservar una habitación", heard("reservation_request"))
    assert turn.asks == ("check_in",)
    turn = await talk.say(
        "del 3 al 6 de diciembre", heard("provide_info", check_in="2026-12-03", check_out="2026-12-06")
    )
    assert turn.asks == ("adults",)
    assert turn.slots == {"check_in": "2026-12-03", "check_out": "2026-12-06", "nights": "3"}
    turn = await talk.say("somos dos adultos", heard("provide_info", adults="2"))
    assert turn.slots["children"] == "0"
    assert "Doble" in turn.text
    assert "4,284.00" in turn.text
    assert "48" in turn.text
    assert turn.pms == []
    turn = await talk.say(
        "la doble flexible está bien", heard("provide_info", "confirm", room_type="DBL", rate_plan="FLEX")
    )
    assert turn.asks == ("guest_name",)
    assert turn.pms == ["hold.create"]
    turn = await talk.say("Carlos Méndez", heard("provide_info", guest_name="Carlos Méndez"))
    assert turn.asks == ("confirm",)
    assert turn.pms == []
    assert "jueves 3 de diciembre" in turn.text
    assert "domingo 6 de diciembre" in turn.text
    assert "4,284.00" in turn.text
    turn = await talk.say("sí, confirmo", heard("confirm"))
    assert turn.pms == ["reservation.create"]
    code = next(code for code in talk.pms.reservations if not code.startswith("R100"))
    assert code in turn.text


async def test_everything_in_one_message_goes_straight_to_the_summary() -> None:
    talk = Talk()
    turn = await talk.say(
        "Hi! Double room for 2 adults, Dec 8 to Dec 10, flexible rate please. Name is Emily Clark.",
        heard(
            "reservation_request",
            lang="en",
            check_in="2026-12-08",
            check_out="2026-12-10",
            adults="2",
            room_type="DBL",
            rate_plan="FLEX",
            guest_name="Emily Clark",
        ),
    )
    assert turn.asks == ("confirm",)
    assert turn.pms == ["hold.create"]
    assert "2,856.00" in turn.text
    assert "AI" in turn.text
    assert len(turn.outcome.texts) == 1
    turn = await talk.say("yes please book it", heard("confirm", "reservation_request", lang="en"))
    assert turn.pms == ["reservation.create"]
    assert "confirmed" in turn.text


async def test_a_correction_keeps_everything_else() -> None:
    talk = Talk()
    turn = await talk.say(
        "necesito una doble del 3 al 5 de diciembre para 2",
        heard("reservation_request", check_in="2026-12-03", check_out="2026-12-05", adults="2", room_type="DBL"),
    )
    assert "2,856.00" in turn.text
    turn = await talk.say("no, perdón, 3 noches", heard("deny", "provide_info", nights="3"))
    assert turn.slots["check_out"] == "2026-12-06"
    assert "4,284.00" in turn.text
    assert turn.pms == []
    turn = await talk.say("y mejor dos camas", heard("provide_info", room_type="TWN"))
    assert turn.slots["room_type"] == "TWN"
    assert turn.slots["nights"] == "3"
    assert "4,284.00" in turn.text
