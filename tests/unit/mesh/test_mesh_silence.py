"""When a connection is doubted."""

from datetime import UTC, datetime, timedelta

from mesh.clock import ManualClock
from mesh.silence import Silence


def silence() -> tuple[Silence, ManualClock]:
    clock = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))
    return Silence(calls=3, seconds=5.0, clock=clock), clock


def test_it_takes_several_calls_in_vain_and_some_seconds() -> None:
    ours, clock = silence()
    assert not ours.lasts()
    assert not ours.lasts()
    assert not ours.lasts()  # three at once are no long silence
    clock.advance(timedelta(seconds=5))
    assert ours.lasts()


def test_two_calls_are_too_few_however_long_they_took() -> None:
    ours, clock = silence()
    assert not ours.lasts()
    clock.advance(timedelta(minutes=1))
    assert not ours.lasts()
    assert ours.lasts()


def test_an_answer_breaks_it() -> None:
    ours, clock = silence()
    for _ in range(5):
        assert not ours.lasts()
        assert not ours.lasts()
        clock.advance(timedelta(seconds=10))
        ours.broken()


def test_after_the_doubt_it_begins_again() -> None:
    ours, clock = silence()
    ours.lasts()
    clock.advance(timedelta(seconds=6))
    assert not ours.lasts()
    assert ours.lasts()
    assert not ours.lasts()
