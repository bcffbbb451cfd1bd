"""The console with 1,000 conversations that wait: how soon its queue is painted, and how soon a page shows a change."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

import grpc.aio
import httpx
import pytest
from hotel.common.v1 import channel_pb2, handoff_pb2
from hotel.session.v1 import session_pb2 as pb
from hotel.session.v1 import session_pb2_grpc
from playwright.sync_api import Page

from deploy.local.terminal import say
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show
from tests.support.browser import DESKTOP, browser, find_chromium, visitor
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.staff import PASSWORD, hire_by_command

CONVERSATIONS = 1_000
_LOADS, _CHANGES = 15, 15
_AT_ONCE = 16
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def section(options: Options) -> Outcome:
    """The whole mesh, a real browser, and a colleague beside it."""
    try:
        find_chromium()
    except pytest.skip.Exception as missing:
        say(f"\n{missing}")
        return Outcome()
    say(f"\nstarting the mesh, with {CONVERSATIONS} conversations that wait for a person …")
    with local_mesh(options.scratch / "console") as mesh:
        session_id = asyncio.run(_fill(mesh.told["SESSION_ADDRESS"]))
        hire_by_command(mesh, {"ana": "agent", "luz": "manager"})
        with browser() as launched, visitor(launched, DESKTOP, mesh.http_url) as page:
            painted = _paints(page)
            shown = _changes(mesh, page, session_id)
    show(
        f"the console with {CONVERSATIONS} conversations in its queue",
        ["what", "times", *(f"{name} ms" for name in PERCENTILES)],
        [
            ["first paint of the queue", str(len(painted)), *in_ms(painted)],
            ["a colleague's note, from its form to another page", str(len(shown)), *in_ms(shown)],
        ],
    )
    return Outcome(figures={"first_paint_ms": named(painted), "live_ms": named(shown)})


async def _fill(address: str) -> str:
    """Puts hand-offs into the store; returns the id of one conversation."""
    slots = asyncio.Semaphore(_AT_ONCE)
    async with grpc.aio.insecure_channel(address) as channel:
        stub = session_pb2_grpc.SessionServiceStub(channel)

        async def hand_off(number: int) -> str:
            identity = channel_pb2.ChannelIdentity(
                channel=channel_pb2.CHANNEL_WHATSAPP, address=f"52155{10_000_000 + number}"
            )
            asked = pb.GetOrCreateSessionRequest(
                property_id="alameda", identity=identity, display_name=f"Guest {number}"
            )
            async with slots:
                session = (await stub.GetOrCreateSession(asked, timeout=30.0)).session
                handoff = session.handoff
                handoff.state, handoff.desk = handoff_pb2.Handoff.STATE_OPEN, handoff_pb2.Handoff.DESK_RECEPTION
                handoff.priority, handoff.sla_minutes = handoff_pb2.Handoff.PRIORITY_NORMAL, 15
                handoff.reason, handoff.summary = "human_request", "wants to talk to somebody"
                handoff.open_time.FromSeconds(int(time.time()) - number)
                handoff.due_time.FromSeconds(int(time.time()) + 900 - number)
                await stub.UpdateSession(
                    pb.UpdateSessionRequest(request_id=f"h{number}", session=session), timeout=30.0
                )
            return str(session.session_id)

        return (await asyncio.gather(*(hand_off(number) for number in range(CONVERSATIONS))))[0]


def _paints(page: Page) -> Sequence[float]:
    page.goto("/console")
    page.get_by_label("Correo").fill("ana@alameda.test")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    painted = []
    for _ in range(_LOADS):
        page.goto("/console/queue")
        page.locator("a[data-case]").first.wait_for()
        painted.append(float(page.evaluate(_FIRST_PAINT)))
    return painted


def _changes(mesh: LocalMesh, page: Page, session_id: str) -> Sequence[float]:
    path = f"/console/conversations/{session_id}"
    page.goto(path)
    shown = []
    with httpx.Client(base_url=mesh.http_url, headers={"Origin": mesh.http_url}, timeout=20.0) as colleague:
        colleague.post("/console/login", data={"email": "luz@alameda.test", "password": PASSWORD})
        found = _CSRF.search(colleague.get(path).text)
        assert found is not None, "the colleague is not signed in"
        for number in range(_CHANGES):
            words = f"note number {number} of the bench"
            began = time.perf_counter()
            colleague.post(f"{path}/note", data={"csrf": found.group(1), "text": words})
            page.get_by_text(words).wait_for()
            shown.append((time.perf_counter() - began) * 1000)
    return shown
