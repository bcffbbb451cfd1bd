"""What is left of a call's time goes along with the calls it makes."""

import time

import pytest
from mesh import deadline
from mesh.errors import DeadlineExceeded


def test_outside_a_call_the_clients_own_limit_holds() -> None:
    assert deadline.remaining() is None
    assert deadline.shaved(3.0) == 3.0


def test_inside_a_call_the_lesser_of_both_holds_less_a_margin() -> None:
    token = deadline._END.set(time.monotonic() + 1.0)
    try:
        assert deadline.shaved(0.2) == 0.2
        assert 0.9 < deadline.shaved(10.0) <= 1.0 - deadline.MARGIN_SECONDS
    finally:
        deadline._END.reset(token)


def test_with_next_to_nothing_left_no_call_is_begun() -> None:
    token = deadline._END.set(time.monotonic() + deadline.MARGIN_SECONDS)
    try:
        with pytest.raises(DeadlineExceeded):
            deadline.shaved(10.0)
    finally:
        deadline._END.reset(token)
