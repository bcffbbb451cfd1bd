"""Rates as settings write them, and buckets of one process."""

import pytest

from services.gateway.domain.rates import Bucket, Rate, TokenBuckets, read_rate


@pytest.mark.parametrize(
    ("text", "per_second", "burst"),
    [
        ("10/min burst 20", 10 / 60, 20),
        ("100/min burst 150", 100 / 60, 150),
        ("1000/h burst 1200", 1000 / 3600, 1200),
        ("60/min", 1, 60),
        (" 80/s ", 80, 80),
    ],
)
def test_rates_are_read_as_they_are_said(text: str, per_second: float, burst: int) -> None:
    assert read_rate(text) == Rate(per_second=per_second, burst=burst)


def test_nothing_is_no_limit() -> None:
    assert read_rate("") is None


@pytest.mark.parametrize("text", ["10", "ten/min", "10/day", "0/s", "10/min burst", "-1/s", "10/min burst 2.5"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not like"):
        read_rate(text)


def test_buckets_of_those_long_gone_are_forgotten() -> None:
    buckets = TokenBuckets(capacity=2)
    a, b, c = (Bucket(key=key, rate=Rate(per_second=1, burst=1)) for key in "abc")
    for bucket in (a, b, c):
        buckets.take([bucket], 0.0)
    assert [buckets.take([bucket], 0.0).taken for bucket in (b, c, a)] == [0, 0, 1]
