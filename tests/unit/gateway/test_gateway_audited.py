"""Every route of staff's is in the table of what the audit log has, or in the list of why not."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from services.gateway.admin import accounts, conversations, hotel, operations, wording
from services.gateway.console.conversation import ConversationPages
from services.gateway.console.entry import Entry
from services.gateway.console.events import EventStream
from services.gateway.console.hotel_pages import HotelPages
from services.gateway.console.manager_pages import ManagerPages
from services.gateway.console.queue import QueuePages
from services.gateway.console.recovery_pages import RecoveryPages
from services.gateway.staff.audited import AUDITED, UNWRITTEN
from services.gateway.staff.domain.audit import Action

NOBODY: Any = None
SHELL: Any = SimpleNamespace(page=lambda handler: handler, form=lambda handler: handler)

# Written by what no route asks for.
BESIDE_ROUTES = {Action.SIGN_IN_FAILED, Action.TOKEN_REUSED}


def console() -> list[BaseRoute]:
    return [
        *Entry(shell=SHELL, users=NOBODY).routes(),
        *QueuePages(shell=SHELL, desk=NOBODY, places=NOBODY).routes(),
        *ConversationPages(shell=SHELL, desk=NOBODY, places=NOBODY, review=NOBODY).routes(),
        *HotelPages(shell=SHELL, lookup=NOBODY, places=NOBODY).routes(),
        *ManagerPages(shell=SHELL, figures=NOBODY, review=NOBODY, places=NOBODY).routes(),
        *RecoveryPages(shell=SHELL, recovery=NOBODY, places=NOBODY).routes(),
        *EventStream(shell=SHELL, live=NOBODY, poll_seconds=1, open_for_streams=NOBODY).routes(),
    ]


def admin() -> list[BaseRoute]:
    door: Any = lambda: None  # noqa: E731 (who may come in is another test's)
    return [
        *accounts.routes(NOBODY, door, NOBODY).routes,
        *hotel.hotel_routes(NOBODY, door).routes,
        *conversations.conversation_routes(NOBODY, door).routes,
        *operations.operation_routes(NOBODY, door, operations=NOBODY, clock=NOBODY).routes,
        *wording.flag_routes(NOBODY, door, file=NOBODY).routes,
        *wording.wording_routes(NOBODY, door).routes,
    ]


def named(routes: list[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        assert isinstance(route, Route | APIRoute)
        yield from (f"{method} {prefix}{route.path}" for method in route.methods or () if method != "HEAD")


def test_every_route_is_written_down_or_has_a_reason() -> None:
    there = {*named(console()), *named(admin(), "/admin/v1")}
    assert there == {*AUDITED, *UNWRITTEN}
    assert not {*AUDITED} & {*UNWRITTEN}


def test_whatever_changes_something_is_written_down() -> None:
    changing = {route for route in UNWRITTEN if not route.startswith("GET ")}
    assert changing == {"POST /console/account/language", "POST /admin/v1/tokens/refresh"}


def test_every_action_is_somebodys() -> None:
    assert {*AUDITED.values()} | BESIDE_ROUTES == {*Action}
