"""Puts the console together."""

from __future__ import annotations

from mesh.runtime import Runtime
from starlette.routing import BaseRoute, Route

from services.gateway.console.conversation import ConversationPages
from services.gateway.console.entry import Entry
from services.gateway.console.events import EventStream
from services.gateway.console.hotel_pages import HotelPages
from services.gateway.console.manager_pages import ManagerPages
from services.gateway.console.places import Places
from services.gateway.console.queue import QueuePages
from services.gateway.console.recovery_pages import RecoveryPages
from services.gateway.console.shell import Shell
from services.gateway.console.texts import Texts
from services.gateway.console.visit import FormProof
from services.gateway.staff.compose import Staff
from services.gateway.staff.settings import StaffSettings
from services.gateway.static_file import StaticFile

_FILES = {
    "console.css": "text/css",
    "icon.svg": "image/svg+xml",
    "shell.js": "text/javascript",
    "live.js": "text/javascript",
    "queue.js": "text/javascript",
    "conversation.js": "text/javascript",
    "figures.js": "text/javascript",
}


def compose(runtime: Runtime, settings: StaffSettings, staff: Staff) -> list[BaseRoute]:
    """Its routes."""
    secure = settings.env != "dev" if settings.console_secure_cookie is None else settings.console_secure_cookie
    shell = Shell(
        access=staff.access,
        texts=Texts(),
        proof=FormProof(secret=settings.jwt_secret_key.get_secret_value()),
        secure=secure,
        clock=runtime.clock,
    )
    places = Places(hotel=staff.hotel, users=staff.users, clock=runtime.clock)
    events = EventStream(
        shell=shell,
        live=staff.live,
        poll_seconds=settings.console_poll_seconds,
        # A stream that ends is opened again by the page, at a replica that is ready.
        open_for_streams=lambda: runtime.health.ready,
    )
    return [
        *Entry(shell=shell, users=staff.users).routes(),
        *QueuePages(shell=shell, desk=staff.desk, places=places).routes(),
        *ConversationPages(shell=shell, desk=staff.desk, places=places, review=staff.review).routes(),
        *HotelPages(shell=shell, lookup=staff.lookup, places=places).routes(),
        *ManagerPages(shell=shell, figures=staff.figures_reader, review=staff.review, places=places).routes(),
        *RecoveryPages(shell=shell, recovery=staff.recovery, places=places).routes(),
        *events.routes(),
        *(
            Route(f"/console/static/{name}", StaticFile(__package__ or "", f"static/{name}", kind).serve)
            for name, kind in _FILES.items()
        ),
    ]
