"""Features both ways: one thing more offered once, languages followed, voice notes understood; variants on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mesh.flags import Decision

from services.orchestrator.domain.features import AUDIO, MANY_LANGUAGES, SAFE, UPSELLING
from services.orchestrator.domain.hotel import Fact
from services.orchestrator.listening import Words
from tests.unit.orchestrator import alameda
from tests.unit.orchestrator.talk import Talk, Turn, heard
from tests.unit.orchestrator.test_turns import WHOLE, YES


@dataclass(slots=True)
class Switches:
    """Features as a test sets them; the rest as they are where nothing is said."""

    on: Mapping[str, bool]
    asked: list[dict[str, str]] = field(default_factory=list)

    def decide_all(self, *, guest: str, **attributes: str) -> dict[str, Decision]:
        self.asked.append({"guest": guest, **attributes})
        return {name: Decision(value, "on" if value else "off") for name, value in {**SAFE, **self.on}.items()}


def talk(**on: bool) -> Talk:
    return Talk(features=Switches(on=on))


async def booked(guest: Talk) -> Turn:
    await guest.say("todo", WHOLE)
    return await guest.say("sí", YES)


async def test_one_thing_more_is_offered_after_a_booking_and_it_is_a_fact_of_the_hotel() -> None:
    turn = await booked(talk(**{UPSELLING: True}))
    assert turn.pms == ["reservation.create"]
    assert alameda.HOTEL.facts["parking"].texts["en"] in turn.text
    assert turn.asks == ("upsell",)
    assert any(claim.source.startswith("fact:parking") for claim in turn.outcome.claims)


async def test_it_is_never_offered_twice() -> None:
    guest = talk(**{UPSELLING: True})
    await booked(guest)
    assert "120" not in (await booked(guest)).text


async def test_without_the_feature_nothing_is_offered() -> None:
    assert "120" not in (await booked(talk(**{UPSELLING: False}))).text


async def test_nothing_is_offered_after_a_complaint() -> None:
    guest = talk(**{UPSELLING: True})
    await guest.say("qué mal servicio", heard("complaint"))
    assert "120" not in (await booked(guest)).text


async def test_a_hotel_without_such_a_fact_offers_nothing() -> None:
    guest = talk(**{UPSELLING: True})
    wifi = {"wifi": Fact(topic="wifi", texts={"es": "El wifi es gratis."})}
    guest.pms.property = replace(alameda.HOTEL, facts=wifi)
    turn = await booked(guest)
    assert turn.asks == ()


async def test_a_yes_to_the_offer_goes_to_reception_and_promises_nothing() -> None:
    guest = talk(**{UPSELLING: True})
    await booked(guest)
    turn = await guest.say("sí", YES)
    assert turn.state.handoff.desk == "reception"
    assert turn.slots["topic"] == "parking"
    assert turn.pms == []


async def test_the_language_is_followed_or_not() -> None:
    hello = heard("greeting", lang="en")
    assert (await talk(**{MANY_LANGUAGES: True}).say("hello", hello)).state.language == "en"
    assert (await talk(**{MANY_LANGUAGES: False}).say("hello", hello)).state.language == "es"


async def test_a_voice_note_is_understood_or_the_guest_is_asked_to_write() -> None:
    for on in (True, False):
        guest = talk(**{AUDIO: on})
        guest.nlp.script["quiero la doble"] = WHOLE
        turn = await guest.send(Words(message_id="v1", text="quiero la doble", spoken=True))
        assert ("adults" in turn.slots) is on
        assert ("escribe" in turn.text) is not on


async def offers_more(on: bool) -> str:
    return (await booked(talk(**{UPSELLING: on}))).text


async def greets(on: bool) -> str:
    return (await talk(**{MANY_LANGUAGES: on}).say("hello", heard("greeting", lang="en"))).text


async def hears(on: bool) -> str:
    guest = talk(**{AUDIO: on})
    guest.nlp.script["quiero la doble"] = WHOLE
    return (await guest.send(Words(message_id="v1", text="quiero la doble", spoken=True))).text


async def test_every_flag_of_the_service_makes_a_difference_and_is_tried_both_ways() -> None:
    """A flag that is declared and stands not in this table is not tested."""
    table = {UPSELLING: offers_more, MANY_LANGUAGES: greets, AUDIO: hears}
    assert set(table) == set(SAFE)
    for name, told in table.items():
        assert await told(True) != await told(False), name


async def test_variants_are_on_record_and_decided_for_the_guest_at_the_property_on_the_channel() -> None:
    guest = talk(**{UPSELLING: True})
    turn = await guest.say("hola", heard("greeting"))
    assert turn.outcome.variants == {MANY_LANGUAGES: "on", UPSELLING: "on", AUDIO: "on"}
    asked = guest.features.asked[0]
    assert (asked["property_id"], asked["channel"]) == ("alameda", "whatsapp")
    assert asked["guest"].startswith("gst")
