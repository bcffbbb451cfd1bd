"""The desk's pages while a service behind them does not answer: what can be shown stays, and what was typed is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, browser
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.phone import Phone
from tests.support.polling import wait_until
from tests.support.staff import hire_by_command

PASSWORD = "un caballo, una pila"
QUEUE = "/console/queue"
# A page looks again by itself, on a machine that is busy.
SOON = 30_000


@dataclass(frozen=True)
class Seen:
    """A page of somebody at the desk, the conversation of a guest who waits, and that guest's phone."""

    page: Page
    conversation: str
    phone: Phone
    faults: list[int]


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path_factory.mktemp("outages")) as running:
        hire_by_command(running, {"ana": "agent"}, password=PASSWORD)
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def seen(mesh: LocalMesh, chromium: Browser) -> Iterator[Seen]:
    phone = Phone(mesh, "5215512340031", "Nora Paz")
    phone.say("quiero hablar con una persona de recepción")
    context = chromium.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, base_url=mesh.http_url, locale="es-MX"
    )
    page, faults = context.new_page(), list[int]()
    page.on("response", lambda answer: faults.append(answer.status) if answer.status >= 400 else None)
    page.goto("/console")
    page.get_by_label("Correo").fill("ana@alameda.test")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("link", name="Nora Paz").click(timeout=SOON)
    page.get_by_role("button", name="Tomar").click()
    expect(page.get_by_text("La tienes tú")).to_be_visible()
    yield Seen(page=page, conversation=page.url, phone=phone, faults=faults)
    context.close()
    # A service that is away is no fault of ours: nothing but 503 was answered.
    assert set(faults) <= {503}


def test_without_the_reservations_the_conversation_stands_and_says_so(mesh: LocalMesh, seen: Seen) -> None:
    with mesh.frozen("pms"):
        seen.page.goto(seen.conversation)
        expect(seen.page.get_by_text("quiero hablar con una persona de recepción")).to_be_visible()
        expect(seen.page.get_by_text("no responde")).to_be_visible()
        seen.page.goto("/console/stays")
        expect(seen.page.get_by_role("alert")).to_be_visible()
    expect(seen.page.get_by_role("heading", name="Llegadas y salidas")).to_be_visible(timeout=SOON)


def test_without_the_conversations_what_is_shown_stays_and_what_was_typed_is_sent_once(
    mesh: LocalMesh, seen: Seen
) -> None:
    page, words = seen.page, "Buenas tardes, le atiende Ana."
    page.goto(QUEUE)
    expect(page.get_by_text("En vivo")).to_be_visible()
    with mesh.frozen("session"):
        expect(page.get_by_text("Sin datos nuevos por ahora")).to_be_visible(timeout=SOON)
        expect(page.get_by_role("link", name="Nora Paz")).to_be_visible()
    expect(page.get_by_text("En vivo")).to_be_visible(timeout=SOON)
    page.goto(seen.conversation)
    page.get_by_label("Respuesta", exact=True).fill(words)
    with mesh.frozen("session"):
        page.get_by_role("button", name="Enviar").click()
        expect(page.get_by_role("alert")).to_contain_text("Lo que escribiste sigue aquí")
        expect(page.get_by_role("textbox")).to_have_value(words)
    page.get_by_role("button", name="Volver a intentar").click()
    expect(page.get_by_text("Mensaje enviado.")).to_be_visible(timeout=SOON)
    wait_until(lambda: seen.phone.times(words) == 1, what="the guest has the words")
    with mesh.frozen("session"):
        page.goto(QUEUE)
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("link", name="Nora Paz")).to_be_visible(timeout=SOON)


def test_without_the_receptionist_the_desk_reads_and_looks_up(mesh: LocalMesh, seen: Seen) -> None:
    with mesh.frozen("orchestrator"):
        for path, shown in ((QUEUE, "Nora Paz"), (seen.conversation, "Nora Paz"), ("/console/search?q=nora", "Nora")):
            seen.page.goto(path)
            expect(seen.page.get_by_text(shown).first).to_be_visible()
        seen.page.goto("/console/stays")
        expect(seen.page.get_by_role("heading", name="Llegadas y salidas")).to_be_visible()
