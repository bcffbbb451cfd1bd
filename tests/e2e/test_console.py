"""A guest asks for a person; somebody at the desk signs in, takes the conversation, answers and gives it back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.support.browser import DESKTOP, PHONE, browser, fits, keep, visitor
from tests.support.files import PDF
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.phone import Phone
from tests.support.polling import wait_until
from tests.support.staff import hire_by_command

PASSWORD = "un caballo, una pila"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
HOSTILE = "<img src=x onerror=alert(1)>\"'`${7*7}{{7*7}}"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(
        tmp_path_factory.mktemp("console"), "--single", SCHEDULER_SECONDS="0.5", RATE_LIMIT_SAME_WORDS="1/h burst 1"
    ) as running:
        hire_by_command(running, {"ana": "agent", "eva": "admin"}, password=PASSWORD)
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


def sign_in(page: Page, name: str = "ana") -> None:
    page.goto("/console")
    page.get_by_label("Correo").fill(f"{name}@alameda.test")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("heading", name="Por atender")).to_be_visible()


@pytest.mark.parametrize("size", list(SIZES))
def test_a_hand_off_from_sign_in_to_release_and_the_guest_reads_the_words_once(
    mesh: LocalMesh, chromium: Browser, size: str
) -> None:
    phone = Phone(mesh, "5215512340001" if size == "desktop" else "5215512340002", f"María {size}")
    words = f"Le escribe Ana: ya va el técnico a su habitación ({size})."
    with visitor(chromium, SIZES[size], mesh.http_url) as page:
        sign_in(page)
        keep(page, f"queue-empty-{size}")
        phone.say("quiero hablar con una persona de recepción")
        # The page is told by itself.
        row = page.get_by_role("link", name=f"María {size}")
        expect(row).to_be_visible()
        assert fits(page)
        keep(page, f"queue-{size}")
        row.click()
        expect(page.get_by_text("quiero hablar con una persona de recepción")).to_be_visible()
        expect(page.get_by_text("Se puede escribir hasta")).to_be_visible()
        keep(page, f"conversation-open-{size}")
        page.get_by_role("button", name="Tomar").click()
        expect(page.get_by_text("La tienes tú")).to_be_visible()
        page.wait_for_load_state()  # keys are the script's, which comes after the words
        page.get_by_label("Respuesta", exact=True).fill(words)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Mensaje enviado.")).to_be_visible()
        wait_until(lambda: phone.times(words) == 1, what="the guest has the words")
        # The receptionist is silent meanwhile, and what the guest writes is seen at once.
        before = len(phone.received())
        phone.say("gracias, aquí espero")
        expect(page.get_by_text("gracias, aquí espero")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Enviar")).to_be_in_viewport()
        keep(page, f"conversation-answered-{size}")
        assert fits(page)
        page.locator("summary", has_text="Nota interna").click()
        page.get_by_placeholder("Solo la ve el equipo").fill("el técnico es Raúl")
        page.get_by_role("button", name="Guardar nota").click()
        expect(page.get_by_text("el técnico es Raúl")).to_be_visible()
        page.get_by_role("button", name="Devolver al asistente").click()
        expect(page.get_by_text("La atiende el asistente")).to_be_visible()
        assert len(phone.received()) == before
        phone.say("¿a qué hora es el desayuno?")
        wait_until(lambda: len(phone.received()) > before, what="the receptionist answers again")
        assert phone.times(words) == 1
        assert phone.times("Raúl") == 0
        keep(page, f"conversation-released-{size}")
        # Nobody waits for a person; the desk takes the conversation all the same, and gives it back.
        page.get_by_role("button", name="Tomar la conversación").click()
        expect(page.get_by_text("La tienes tú")).to_be_visible()
        before = len(phone.received())
        phone.say("¿y hay alberca?")
        expect(page.get_by_text("¿y hay alberca?")).to_be_visible()
        page.wait_for_load_state()
        page.get_by_label("Respuesta", exact=True).fill("Sí, en la azotea.")
        plan: FilePayload = {"name": "plano.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.get_by_label("Archivo").set_input_files(plan)
        page.get_by_label("Respuesta", exact=True).press("Control+Enter")
        wait_until(lambda: phone.times("plano.pdf") == 1, what="the guest has the desk's file")
        expect(page.get_by_text(f"📎 plano.pdf ({len(PDF)})")).to_be_visible()
        assert phone.times("Sí, en la azotea.") == 1
        assert len(phone.received()) == before + 2
        page.get_by_role("button", name="Devolver al asistente").click()
        expect(page.get_by_text("La atiende el asistente")).to_be_visible()
        for words in (f"maria {size}", "A QUE HORA ES EL DESAYUNO"):
            page.goto(f"/console/search?q={words}")
            expect(page.get_by_role("link", name=f"María {size}").first).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Goes there by the Tab key, as somebody without a mouse; where the keyboard is must be seen on the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # past the last element the keyboard is with the browser, and comes back at the first
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", page.evaluate(
            "document.activeElement.outerHTML"
        )
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not come to {wanted}")


def test_a_hand_off_is_taken_answered_and_given_back_without_a_mouse(mesh: LocalMesh, chromium: Browser) -> None:
    phone, words = Phone(mesh, "5215512340003", "Teo Luna"), "Buenas noches, soy Ana."
    with visitor(chromium, DESKTOP, mesh.http_url) as page:
        page.goto("/console")
        page.get_by_label("Correo").focus()
        page.keyboard.type("ana@alameda.test")
        tab_to(page, page.get_by_label("Contraseña"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        phone.say("quiero hablar con una persona")
        row = page.get_by_role("link", name="Teo Luna")
        expect(row).to_be_visible()
        tab_to(page, row)
        page.keyboard.press("Enter")
        take = page.get_by_role("button", name="Tomar")
        expect(take).to_be_visible()
        tab_to(page, take)
        # What comes meanwhile puts new content in place of the old, and takes nobody's place away.
        phone.say("es por la factura")
        expect(page.get_by_text("es por la factura")).to_be_visible()
        expect(take).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("La tienes tú")).to_be_visible()
        page.wait_for_load_state()
        page.keyboard.press("r")
        expect(page.get_by_label("Respuesta", exact=True)).to_be_focused()
        page.keyboard.type(words)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Mensaje enviado.")).to_be_visible()
        wait_until(lambda: phone.times(words) == 1, what="the guest has the words")
        tab_to(page, page.get_by_role("button", name="Devolver al asistente"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("La atiende el asistente")).to_be_visible()


def test_what_was_put_aside_is_tried_again(mesh: LocalMesh, chromium: Browser) -> None:
    phone = Phone(mesh, "5215512340008", "Robot Dos")
    with visitor(chromium, PHONE, mesh.http_url) as page:
        sign_in(page, "eva")
        phone.repeat("¿a qué hora abre la alberca del hotel?")
        row = page.locator("a[data-case]")
        page.goto("/console/dead-letters")
        until_shown(page, row)
        keep(page, "dead-letters-phone")
        row.click()
        expect(page.get_by_text("¿a qué hora abre la alberca")).to_be_visible()
        assert fits(page)
        keep(page, "dead-letter-phone")
        before = len(phone.received())
        page.get_by_role("button", name="Intentar otra vez").click()
        expect(page.get_by_text("Todos los mensajes se respondieron.")).to_be_visible()
        wait_until(lambda: len(phone.received()) > before, what="the turn is answered")


def test_a_correction_is_proposed_reviewed_and_downloaded_with_its_dialogue(mesh: LocalMesh, chromium: Browser) -> None:
    phone, words = Phone(mesh, "5215512340007", "Lucía Prats"), "¿me consiguen una cuna para el bebé?"
    phone.say(words)
    wait_until(lambda: bool(phone.received()), what="the guest is answered")
    with visitor(chromium, DESKTOP, mesh.http_url) as page:
        sign_in(page, "eva")
        page.goto("/console/search?q=lucia prats")
        page.get_by_role("link", name="Lucía Prats").click()
        expect(page.get_by_text(words)).to_be_visible()
        conversation = page.url
        page.locator(".why > summary").first.click()
        page.locator(".correct > summary").first.click()
        chosen = page.locator("select[name=intent]").first
        propose = page.locator("form:has(select[name=intent]) button").first
        chosen.select_option("compliment")
        propose.focus()
        phone.say("¿y una bañera para el bebé?")
        expect(page.get_by_text("¿y una bañera para el bebé?")).to_be_visible()
        expect(chosen).to_have_value("compliment")
        expect(propose).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").get_by_text("Corrección propuesta.")).to_be_visible()
        page.goto("/console/proposals")
        expect(page.get_by_text(words)).to_be_visible()
        keep(page, "proposals-desktop")
        page.get_by_role("button", name="Aceptar").click()
        expect(page.get_by_text(words)).to_have_count(0)
        files = page.request.get("/console/proposals/accepted.yaml").text()
        assert "services/nlp/data/es/compliment.yaml" in files
        assert "tests/data/dialogues/staff.yaml" in files
        page.goto("/console/canned")
        page.get_by_label("Título").fill("Bienvenida")
        page.get_by_label("Español").fill("Con gusto le ayudo.")
        page.get_by_role("button", name="Guardar").click()
        expect(page.get_by_role("status")).to_be_visible()
        page.goto(conversation)
        page.wait_for_load_state()
        page.get_by_role("button", name="Tomar").click()
        page.wait_for_load_state()
        page.locator("#canned").select_option(label="Bienvenida")
        expect(page.get_by_label("Respuesta", exact=True)).to_have_value("Con gusto le ayudo.")
        for path in ("figures", "stays", "canned", "account"):
            page.goto(f"/console/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert fits(page)
            keep(page, f"{path}-desktop")


def until_shown(page: Page, wanted: Locator) -> None:
    """A page that does not keep itself live is loaded until it has something."""

    def there() -> bool:
        page.reload()
        return wanted.count() > 0

    wait_until(there, what="a row in the list")


def test_a_guest_who_writes_markup_is_shown_as_words(mesh: LocalMesh, chromium: Browser) -> None:
    phone = Phone(mesh, "5215512340009", HOSTILE)
    with visitor(chromium, DESKTOP, mesh.http_url) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a script of a guest's ran: {dialog.message}"))
        sign_in(page)
        phone.say(f"quiero hablar con una persona {HOSTILE} </textarea><svg/onload=alert(2)>")
        page.locator("a[data-case]").filter(has_text="{{7*7}}").first.click()
        expect(page.get_by_text("quiero hablar con una persona", exact=False).first).to_be_visible()
        assert "49" not in page.locator(".thread .bubble.guest").first.inner_text()
        assert page.locator(".thread img, .thread svg, .thread script, h1 img").count() == 0


def test_forms_need_our_origin_and_the_token_of_the_sign_in(mesh: LocalMesh, chromium: Browser) -> None:
    with visitor(chromium, DESKTOP, mesh.http_url) as page:
        sign_in(page)
        (cookie,) = [one for one in page.context.cookies() if one["name"] == "staff"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    cookies = {"staff": cookie["value"]}
    url = f"{mesh.http_url}/console/account/language"
    ours = {"Origin": mesh.http_url}
    for headers, fields in (({}, {}), ({"Origin": "https://evil.example"}, {}), ({"Origin": "null"}, {}), (ours, {})):
        answer = httpx.post(url, data={"language": "en", **fields}, headers=headers, cookies=cookies)
        assert answer.status_code == 403, headers
    for target in ("https://evil.example", "//evil.example", "/console/login", "/\\evil.example", "/console/\r\nX: y"):
        body = {"email": "ana@alameda.test", "password": PASSWORD}
        entered = httpx.post(f"{mesh.http_url}/console/login", params={"next": target}, data=body, headers=ours)
        assert entered.headers["location"] == "/console/queue", target
