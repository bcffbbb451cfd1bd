"""The gauge that says what share of the last minute's answers failed by our fault."""

import pytest
from mesh.error_rate import RecentAnswers
from mesh.memory import limit_bytes


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_no_answers_are_no_errors() -> None:
    assert RecentAnswers().rate() == 0.0


def test_the_rate_is_that_of_the_last_minute() -> None:
    time = Time()
    recent = RecentAnswers(time)
    for fault in (True, False, False, False):
        recent.count(fault=fault)
    assert recent.rate() == 0.25
    time.now += 59
    recent.count(fault=False)
    assert recent.rate() == 0.2
    time.now += 2
    assert recent.rate() == 0.0


def test_what_is_kept_does_not_grow() -> None:
    time = Time()
    recent = RecentAnswers(time)
    for _ in range(10_000):
        recent.count(fault=False)
        time.now += 0.5
    assert len(recent._slices) <= 13


@pytest.mark.parametrize(
    ("text", "limit"), [("268435456\n", 268435456.0), ("max\n", float("inf")), ("9223372036854771712\n", float("inf"))]
)
def test_the_memory_limit_is_the_containers(tmp_path, text: str, limit: float) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "memory.max"
    file.write_text(text)
    assert limit_bytes((tmp_path / "none", file)) == limit
    assert limit_bytes((tmp_path / "none",)) == float("inf")
