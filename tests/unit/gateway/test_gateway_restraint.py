"""Guests in a hurry are slowed down and told once; robots are put aside; nothing is lost."""

from services.gateway.domain.message import Button
from services.gateway.domain.rates import Rate
from services.gateway.limits import Tier
from tests.support.gateway_house import House
from tests.support.gateway_stores import OTHER_GUEST, said, written

GUEST_RATE = Rate(per_second=10 / 60, burst=20)
NOTICE = Rate(per_second=1 / 3600, burst=1)
RATES = {Tier.GUEST: GUEST_RATE, Tier.NOTICE: NOTICE}
AUTOMATIC = "Estoy fuera de la oficina hasta el lunes."


def is_notice(text: str) -> bool:
    return text.startswith("Recibo todos tus mensajes")


async def test_a_guest_over_the_limit_gets_one_notice_and_loses_no_message() -> None:
    house = House(burst=1000, rates=RATES)
    for number in range(60):
        await house.receive(said(f"{number}", f"m{number}", at=number / 2))
        await house.advance(0.5)
    await house.advance(60)
    assert [word for words in house.words() for word in words] == [str(number) for number in range(60)]
    assert sum(is_notice(text) for text in house.graph.texts()) == 1


async def test_over_the_limit_messages_are_answered_together_every_few_seconds() -> None:
    house = House(burst=1000, rates=RATES)
    for number in range(20):
        await house.receive(said(f"{number}", f"a{number}"))
    await house.advance(1)
    before = len(house.turns)
    for number in range(40):
        await house.receive(said(f"{number}", f"b{number}"))
        await house.advance(0.5)
    # Twenty seconds at one message in six: three turns, or four with the one at the edge.
    assert 2 <= len(house.turns) - before <= 4


async def test_another_guest_is_not_slowed_down() -> None:
    house = House(rates=RATES)
    for number in range(40):
        await house.receive(said(f"{number}", f"m{number}"))
    await house.receive(said("yo no", "o1", sender=OTHER_GUEST))
    await house.advance(1)
    assert ["yo no"] in house.words()


async def test_a_burst_within_the_limit_is_told_nothing() -> None:
    house = House(rates=RATES)
    for number in range(20):
        await house.receive(said(f"{number}", f"m{number}"))
    await house.advance(1)
    assert not any(map(is_notice, house.graph.texts()))


async def test_an_automatic_answer_again_and_again_is_put_aside_and_can_be_replayed() -> None:
    house = House(burst=1000, rates={Tier.SAME_WORDS: Rate(per_second=1 / 3600, burst=3)})
    for number in range(6):
        await house.receive(said(AUTOMATIC, f"m{number}"))
        await house.advance(2)
    assert house.words() == [[AUTOMATIC]] * 3
    assert (await house.stores.inbox.backlog()).parked_turns == 3
    for _ in range(3):
        await house.stores.inbox.replay_parked(now=house.clock.now())
        await house.advance(2)
    # A person's wish is not judged again.
    assert house.words() == [[AUTOMATIC]] * 6


async def test_short_words_and_taps_may_be_said_as_often_as_one_likes() -> None:
    house = House(burst=1000, rates={Tier.SAME_WORDS: Rate(per_second=1 / 3600, burst=1)})
    for number in range(4):
        await house.receive(said("sí", f"m{number}"))
        await house.advance(2)
        await house.receive(written(Button(button_id="a-long-button-id-of-ours", title="Confirmar"), f"b{number}"))
        await house.advance(2)
    assert len(house.turns) == 8
