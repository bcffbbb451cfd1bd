"""States only move forward, tries follow the channel's table, paces are kept."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.channels.whatsapp.codes import meaning_of
from services.gateway.domain.inbox import RetryPolicy
from services.gateway.domain.outbox import (
    Advice,
    Again,
    DeliveryState,
    GiveUp,
    Rejected,
    SendRetryPolicy,
    Unknown,
    advance,
)

POLICY = SendRetryPolicy(max_tries=4)
SOON = timedelta(seconds=1)
WORDS = ["sent", "delivered", "read", "played"]


@pytest.mark.parametrize("order", list(itertools.permutations(WORDS)))
def test_whatever_the_order_of_statuses_the_furthest_counts(order: tuple[str, ...]) -> None:
    state = DeliveryState.QUEUED
    for word in order:
        state = advance(state, word)
    assert state is DeliveryState.READ


@given(st.lists(st.sampled_from([*WORDS, "failed", "deleted", "warning", "?"]), max_size=12))
def test_no_status_ever_takes_a_message_back(words: list[str]) -> None:
    rank = {DeliveryState.QUEUED: 0, DeliveryState.SENT: 1, DeliveryState.FAILED: 2}
    rank |= {DeliveryState.DELIVERED: 3, DeliveryState.READ: 4}
    state = DeliveryState.QUEUED
    for word in words:
        after = advance(state, word)
        assert rank[after] >= rank[state]
        state = after


@pytest.mark.parametrize(
    ("code", "http", "advice"),
    [
        (130429, 429, Advice.RETRY),
        (131056, 400, Advice.RETRY_PACED),
        (131048, 400, Advice.STOP_PROACTIVE),
        (131064, 400, Advice.STOP_PROACTIVE),
        (131047, 400, Advice.GIVE_UP),
        (131026, 400, Advice.GIVE_UP),
        (131049, 400, Advice.GIVE_UP),
        (131050, 400, Advice.GIVE_UP),
        (130472, 400, Advice.GIVE_UP),
        (131051, 400, Advice.GIVE_UP),
        (131053, 400, Advice.RETRY),
        (131062, 400, Advice.GIVE_UP),
        (131000, 500, Advice.RETRY),
        (131016, 503, Advice.RETRY),
        (133016, 400, Advice.RETRY),
        (131008, 400, Advice.FIX),
        (131009, 400, Advice.FIX),
        (132001, 404, Advice.FIX),
        (132999, 400, Advice.FIX),
        (131031, 403, Advice.PAGE),
        (131042, 400, Advice.PAGE),
        (368, 403, Advice.PAGE),
        (190, 401, Advice.PAGE),
        (987654, 400, Advice.FIX),
        (987654, 500, Advice.RETRY),
        (None, 502, Advice.RETRY),
        (None, 429, Advice.RETRY),
        (None, 401, Advice.PAGE),
        (None, 400, Advice.FIX),
    ],
)
def test_every_code_of_the_table_has_its_advice(code: int | None, http: int, advice: Advice) -> None:
    assert meaning_of(code, http)[1] is advice


@pytest.mark.parametrize("advice", [Advice.GIVE_UP, Advice.FIX, Advice.STOP_PROACTIVE])
def test_what_can_never_arrive_is_given_up_at_once(advice: Advice) -> None:
    step = POLICY.after(Rejected(code="131026", word="undeliverable", advice=advice), age=SOON, tries=1, chance=0)
    assert step == GiveUp(reason="131026 undeliverable")


def test_too_many_to_one_guest_waits_six_seconds_or_more() -> None:
    step = POLICY.after(Rejected(code="131056", word="", advice=Advice.RETRY_PACED), age=SOON, tries=1, chance=0)
    assert isinstance(step, Again)
    assert step.wait >= timedelta(seconds=6)


def test_the_other_sides_wish_to_wait_is_kept() -> None:
    refusal = Rejected(code="130429", word="", advice=Advice.RETRY, retry_after=timedelta(seconds=90))
    assert POLICY.after(refusal, age=SOON, tries=1, chance=0) == Again(wait=timedelta(seconds=90))


def test_no_answer_is_tried_again_and_marked() -> None:
    step = POLICY.after(Unknown(word="no answer"), age=SOON, tries=1, chance=0)
    assert step == Again(wait=timedelta(seconds=0.5), possibly_repeated=True)


@pytest.mark.parametrize("outcome", [Unknown(word="x"), Rejected(code="1", word="x", advice=Advice.RETRY)])
def test_tries_end(outcome: Rejected | Unknown) -> None:
    steps = [POLICY.after(outcome, age=SOON, tries=tries, chance=0.5) for tries in (1, 2, 3, 4)]
    assert [isinstance(step, GiveUp) for step in steps] == [False, False, False, True]


@given(tries=st.integers(1, 200), chance=st.floats(0, 1, exclude_max=True))
def test_waits_grow_are_spread_and_have_a_ceiling(tries: int, chance: float) -> None:
    policy = RetryPolicy(max_tries=1000)
    wait, longest = policy.wait(tries, chance), policy.wait(tries, 0.999999)
    assert wait is not None
    assert longest is not None
    assert policy.base / 2 <= wait <= policy.cap
    assert longest / 2 <= wait + timedelta(milliseconds=1)


def test_a_turn_is_parked_after_its_last_try() -> None:
    assert [RetryPolicy(max_tries=2).wait(tries, 0) is None for tries in (1, 2)] == [False, True]


@pytest.mark.parametrize("advice", [Advice.PAGE, Advice.UNREACHABLE])
def test_what_is_no_fault_of_the_message_is_tried_for_a_day(advice: Advice) -> None:
    refusal = Rejected(code="190", word="token expired", advice=advice)
    assert isinstance(POLICY.after(refusal, tries=900, age=timedelta(hours=23), chance=0), Again)
    assert isinstance(POLICY.after(refusal, tries=900, age=timedelta(hours=24), chance=0), GiveUp)
