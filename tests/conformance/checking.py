"""Checks, and what runs them: each in a visit of its own, taken back at its end whatever happened."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import grpc.aio

from tests.conformance.expecting import NotAsDocumentedError
from tests.conformance.visit import Ground, NothingToCheckError, Visit

CHECK_SECONDS = 120.0
TOPICS = ("catalogue", "searching", "quoting", "holding", "booking", "changing", "listing", "guests", "house")
TOPICS += ("watching", "crowd", "malformed")


@dataclass(frozen=True, slots=True)
class Check:
    """One promise of the contract."""

    line: str
    work: Callable[[Visit], Awaitable[None]]
    staff: bool


_checks: list[Check] = []


def check(promise: str, *, staff: bool = False) -> Callable[[Callable[[Visit], Awaitable[None]]], None]:
    """Registers a check under its module's name. `staff`: it does what cannot be taken back."""

    def register(work: Callable[[Visit], Awaitable[None]]) -> None:
        topic = work.__module__.rpartition(".")[2]
        _checks.append(Check(line=f"{topic}: {promise}", work=work, staff=staff))

    return register


def all_checks() -> list[Check]:
    """Every check, by topic."""
    for topic in TOPICS:
        importlib.import_module(f"tests.conformance.{topic}")
    return list(_checks)


class Kit:
    """Runs the checks one after the other and counts."""

    def __init__(
        self, channel: grpc.aio.Channel, *, property_id: str = "", staff: bool = False, only: str = ""
    ) -> None:
        self.passed = 0
        self.failed = 0
        self._channel = channel
        self._property_id = property_id
        self._staff = staff
        self._only = only

    async def run(self, report: Callable[[str], None]) -> None:
        """Reports a line a check. Raises NothingToCheckError when the service does not answer or sells nothing."""
        ground = await Ground.survey(self._channel, self._property_id)
        for each in all_checks():
            if self._only not in each.line or (each.staff and not self._staff):
                continue
            problem = await _problem(each, ground)
            self.passed += not problem
            self.failed += bool(problem)
            report(f"FAIL  {each.line}\n      {problem}" if problem else f"ok    {each.line}")


async def _problem(each: Check, ground: Ground) -> str:
    """What was not as documented; empty when all was."""
    visit = Visit(ground)
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await each.work(visit)
        problem = ""
    except NotAsDocumentedError as error:
        problem = str(error)
    except NothingToCheckError as error:
        problem = f"could not be checked: {error}"
    except grpc.aio.AioRpcError as error:
        problem = f"unexpected {error.code().name}: {error.details()}"
    except TimeoutError:
        problem = f"no answer in {CHECK_SECONDS:.0f} s"
    except Exception as error:  # an answer that the check could not even read
        problem = f"unreadable answer: {type(error).__name__}: {error}"
    if leftovers := await visit.take_back():
        problem = "; ".join([*filter(None, [problem]), f"could not be taken back: {', '.join(leftovers)}"])
    return problem
