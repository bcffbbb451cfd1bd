"""What guests edit or take back, in every make of the inbox."""

from tests.support.channel_stores import database, stores
from tests.support.gateway_stores import NOW, OTHER_GUEST, SECOND, Stores, edited, revoked, said, texts

__all__ = ["database", "stores"]


async def test_an_edit_reaches_a_turn_that_has_not_started(stores: Stores) -> None:
    await stores.receive(said("del 3 al 5", "m1"), said("somos 2", "m2", at=1), edited("m1", "del 3 al 6", "e1", at=2))
    turn = await stores.claim(NOW + SECOND)
    assert texts(turn) == ["del 3 al 6", "somos 2"]
    assert [(message.message_id, message.edited) for message in turn.messages] == [("m1", True), ("m2", False)]


async def test_an_edit_of_something_handled_is_a_message_of_its_own(stores: Stores) -> None:
    await stores.answered("Hola")
    await stores.receive(edited("m-Hola", "otra pregunta", "e1"), now=NOW + SECOND)
    turn = await stores.claim(NOW + 5 * SECOND)
    [message] = turn.messages
    assert (texts(turn), message.edited, message.reply_to_message_id) == (["otra pregunta"], True, "m-Hola")


async def test_what_was_revoked_before_its_turn_is_never_seen(stores: Stores) -> None:
    await stores.receive(said("me equivoqué", "m1"), said("hola", "m2", at=1), revoked("m1", "r1", at=2))
    assert texts(await stores.claim(NOW + SECOND)) == ["hola"]


async def test_a_conversation_of_which_all_was_revoked_is_passed_over(stores: Stores) -> None:
    await stores.receive(said("nada", "m1"), revoked("m1", "r1", at=1))
    await stores.receive(said("hello", "m2", sender=OTHER_GUEST), now=NOW + SECOND / 2)
    assert texts(await stores.claim(NOW + 2 * SECOND)) == ["hello"]
    assert await stores.inbox.claim(holder="one", now=NOW + 3 * SECOND) is None
    assert (await stores.inbox.backlog()).pending_messages == 0


async def test_a_revoke_that_overtakes_its_message_still_takes_it_back(stores: Stores) -> None:
    await stores.receive(revoked("m1", "r1", at=1))
    assert await stores.inbox.claim(holder="one", now=NOW + 2 * SECOND) is None
    await stores.receive(said("me equivoqué", "m1"), now=NOW + 3 * SECOND)
    assert await stores.inbox.claim(holder="one", now=NOW + 9 * SECOND) is None
