"""Hand-offs taken and given back, and the lists that staff and the scheduler read: what every store has to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from mesh.errors import NotFound, Refused

from services.session.domain.handoff import HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import (
    claim_handoff,
    release_handoff,
)
from services.session.ports import NEVER_DUE, HandoffQuery, SessionQuery, request_of
from tests.contract.session_stores import (
    DAY,
    FULL,
    NOW,
    OPEN,
    Stores,
    session_addresses,
    session_url,
    stores,
    update,
)

__all__ = ["session_addresses", "session_url", "stores"]


async def test_a_handoff_is_claimed_by_one_and_released_by_the_same(stores: Stores) -> None:
    session = (await stores.open()).session
    await stores.sessions.update(update(session, replace(FULL, handoff=OPEN)))

    async def change(rule, agent: str, request_id: str):
        request = request_of("change", request_id, agent)
        return await stores.sessions.change(request, session.session_id, lambda d: rule(d, agent), NOW)

    claimed = await change(claim_handoff, "Ana", "c1")
    assert claimed.dialogue.handoff == replace(OPEN, state=HandoffState.CLAIMED, agent="Ana")
    assert await change(claim_handoff, "Ana", "c1") == claimed
    assert await change(claim_handoff, "Ana", "c2") == claimed, "harmless for the one who has it"
    for rule in (claim_handoff, release_handoff):
        with pytest.raises(Refused) as caught:
            await change(rule, "Luis", f"c3-{rule.__name__}")
        assert caught.value.reason == "HANDOFF_CLAIMED"
        assert caught.value.metadata["agent"] == "Ana"
    released = await change(release_handoff, "Ana", "r1")
    assert released.dialogue.handoff is not None
    assert released.dialogue.handoff.state is HandoffState.RELEASED
    with pytest.raises(NotFound):
        await change(release_handoff, "Ana", "r2")
    assert (await stores.sessions.get(session.session_id)).session == released


async def test_sessions_are_listed_newest_activity_first_page_by_page(stores: Stores) -> None:
    made = []
    for number in range(5):
        identity = ChannelIdentity(channel=Channel.EMAIL, address=f"g{number}@example.com")
        now = NOW + timedelta(minutes=number // 2)
        made.append((await stores.open(identity, now=now)).session)
    expected = sorted(made, key=lambda s: (s.last_activity_time, s.session_id), reverse=True)
    seen: list = []
    while page := await stores.sessions.list(
        SessionQuery(
            now=NOW,
            limit=2,
            after=(seen[-1].last_activity_time, seen[-1].session_id) if seen else None,
        )
    ):
        seen.extend(page)
    assert seen == expected


async def test_hand_offs_are_listed_the_most_urgent_first_page_by_page(stores: Stores) -> None:
    wanted = [  # priority, minutes until due; the last one has been given back
        (Priority.NORMAL, 60),
        (Priority.URGENT, 15),
        (Priority.URGENT, 5),
        (Priority.LOW, None),
        (Priority.NORMAL, 10),
    ]
    for number, (priority, minutes) in enumerate(wanted):
        session = (await stores.open(ChannelIdentity(channel=Channel.EMAIL, address=f"h{number}@example.com"))).session
        due = NOW + timedelta(minutes=minutes) if minutes is not None else None
        handoff = replace(OPEN, priority=priority, due_time=due, summary=str(number))
        if number == 4:
            handoff = replace(handoff, state=HandoffState.CLAIMED, agent="Ana")
        await stores.sessions.update(update(session, replace(FULL, handoff=handoff), request_id=f"u{number}"))
    given_back = (await stores.open()).session
    released = replace(OPEN, state=HandoffState.RELEASED)
    await stores.sessions.update(update(given_back, replace(FULL, handoff=released), request_id="u9"))

    seen: list[str] = []
    after = None
    while page := await stores.sessions.handoffs(HandoffQuery(limit=2, after=after)):
        for held in page:
            handoff = held.session.dialogue.handoff
            assert handoff is not None
            assert held.guest.guest_id == held.session.guest_id
            assert not held.session.dialogue.memory_json
            seen.append(handoff.summary)
            after = (int(handoff.priority), handoff.due_time or NEVER_DUE, held.session.session_id)
    assert seen == ["2", "1", "4", "0", "3"]

    async def summaries(**filters) -> list[str]:
        return [
            h.session.dialogue.handoff.summary for h in await stores.sessions.handoffs(HandoffQuery(limit=9, **filters))
        ]

    assert await summaries(agent="Ana") == ["4"]
    assert await summaries(states=(HandoffState.OPEN,)) == ["2", "1", "0", "3"]
    assert await summaries(property_id="elsewhere") == []
    counts = await stores.sessions.count_handoffs("")
    assert counts[HandoffState.OPEN] == 4
    assert counts[HandoffState.CLAIMED] == 1
    assert not await stores.sessions.count_handoffs("elsewhere")


async def test_sessions_are_found_by_each_filter(stores: Stores) -> None:
    with_handoff = await stores.sessions.update(update((await stores.open()).session, FULL))
    idle = await stores.open(ChannelIdentity(channel=Channel.EMAIL, address="a@b.mx"), property_id="centro")

    async def found(**filters) -> list[str]:
        now = filters.pop("now", NOW)
        return [s.session_id for s in await stores.sessions.list(SessionQuery(now=now, limit=10, **filters))]

    assert await found(property_id="centro") == [idle.session.session_id]
    assert await found(guest_id=with_handoff.guest_id) == [with_handoff.session_id]
    assert await found(handoff_state=HandoffState.OPEN) == [with_handoff.session_id]
    assert await found(handoff_state=HandoffState.CLAIMED) == []
    assert len(await found(active_only=True)) == 2
    assert await found(active_only=True, now=NOW + DAY) == []
    assert await found(due_before=NOW + timedelta(minutes=15)) == []
    assert await found(due_before=NOW + timedelta(minutes=16)) == [with_handoff.session_id]
