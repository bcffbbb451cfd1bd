"""What goes wrong on demand: single faults of chosen requests, and switches that stay on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.support.qloapps.wire import Request


class Effect(StrEnum):
    """What happens to a request that a fault meets."""

    RESET_BEFORE = "reset_before"  # the connection is gone before anything is done
    RESET_AFTER = "reset_after"  # done, and the connection is gone before the answer
    LATE = "late"  # the connection is gone; what was asked is done all the same, once `settled` is called
    SLOW = "slow"  # done, and answered too late
    HTML_AFTER = "html_after"  # done; the answer is `Fatal error` with status 200
    HTML_BEFORE = "html_before"  # nothing is done; the answer is the same
    EMPTY_AFTER = "empty_after"  # done; 500 without a body
    EMPTY_BEFORE = "empty_before"  # nothing is done; 500 without a body
    NOTICE_AFTER = "notice_after"  # done; 500 with a PHP notice, as under a strict php.ini
    BAD_GATEWAY = "bad_gateway"  # nothing is done; 502 from the proxy in front
    TOO_MANY = "too_many"  # nothing is done; 429 with Retry-After
    TRUNCATED_AFTER = "truncated_after"  # done; half of the JSON


@dataclass(slots=True)
class Fault:
    """Meets requests of a method and resource: not the first `skip` of them, then `times` of them."""

    effect: Effect
    method: str = ""
    resource: str = ""
    skip: int = 0
    times: int = 1
    seconds: float = 0.0

    def meets(self, request: Request) -> bool:
        if self.times <= 0 or self.method not in {"", request.method} or self.resource not in {"", request.resource}:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """Everything that may be switched on.

    `strict`: PHP reports notices, so that POST and GET of bookings answer 500 although they did their work.
    `rival`: called in the middle of a POST of a booking, between the choice of a room and its entry, with the chosen
    rooms: what another guest does in that moment. `hidden_losers`: the check at order time notices who came second.
    `reprices_kept_lines`: whether a PUT takes a new price for a line that it keeps.
    """

    strict: bool = False
    hidden_losers: bool = False
    reprices_kept_lines: bool = True
    think_seconds: float = 0.0
    rival: Callable[[list[int]], None] | None = None
    planned: list[Fault] = field(default_factory=list)

    def plan(self, effect: Effect, method: str = "", resource: str = "", **details: float) -> Fault:
        """Adds a fault; `skip`, `times` and `seconds` as in Fault."""
        fault = Fault(effect, method, resource, **details)  # type: ignore[arg-type]
        self.planned.append(fault)
        return fault

    def meeting(self, request: Request) -> Fault | None:
        return next((fault for fault in self.planned if fault.meets(request)), None)
