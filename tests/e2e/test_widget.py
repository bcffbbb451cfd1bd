"""The chat on hotels' own sites, in a real browser: pages of other origins with a strict policy, third-party storage.

A site that is listed shows its hotel's chat and nobody else's; a site that is not gets neither the page nor a word.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hotel.common.v1 import channel_pb2, message_pb2
from hotel.gateway.v1 import messaging_pb2, messaging_pb2_grpc
from playwright.async_api import Browser, Error, Page, async_playwright, expect

from tests.support.browser import DESKTOP, find_chromium
from tests.support.gateway import Gateway, eventually, migrated, running_gateway
from tests.support.stores import Databases

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What a page of the site's own could ask of the chat's calls.
CALL = """
async (gateway) => {
  const session = await fetch(gateway + "/webchat/session?property=alameda", { method: "POST" });
  const { token } = await session.json();
  const answer = await fetch(gateway + "/webchat/events", {
    headers: { Authorization: "Bearer " + token, "Last-Event-ID": "0" },
  });
  const reader = answer.body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return answer.headers.get("Content-Type") + " " + new TextDecoder().decode(value);
}
"""
FORGE = """
(gateway) => fetch(gateway + "/webchat/messages", {
  method: "POST", mode: "no-cors", credentials: "include", headers: { "Content-Type": "text/plain" },
  body: JSON.stringify({ id: "forged", text: "CANCELE" }),
}).then((answer) => answer.type)
"""


@dataclass
class Site:
    """A hotel's web server. `/` has the widget behind the policy that our README asks for; `/plain` has nothing."""

    gateway: str = ""
    property_id: str = "alameda"
    origin: str = ""

    def page(self, path: str) -> tuple[dict[str, str], str]:
        if path == "/plain":
            return {}, "<!doctype html><title>Plain</title>"
        policy = f"default-src 'none'; script-src {self.gateway}; frame-src {self.gateway}"
        script = f'<script src="{self.gateway}/webchat/widget.js" data-property="{self.property_id}" async></script>'
        body = (
            f'<!doctype html><html lang="es"><title>Hotel</title><link rel="icon" href="data:,">{script}<p>Bienvenidos'
        )
        return {"Content-Security-Policy": policy + "; img-src data:"}, body


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    """One that is listed for its hotel, one listed for another hotel, one that is not listed."""
    found = {name: Site() for name in ("listed", "elsewhere", "stranger")}
    servers = [_serve(site) for site in found.values()]
    yield found
    for server in servers:
        server.shutdown()
        server.server_close()


def _serve(site: Site) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers, body = site.page(self.path)
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Another site than the gateway's 127.0.0.1, so that its cookies and storage are a third party's.
    site.origin = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(database: str, redis_url: str, sites: dict[str, Site]) -> AsyncIterator[Gateway]:
    origins = f"{sites['listed'].origin}=alameda,{sites['elsewhere'].origin}=jacarandas"
    async with running_gateway(database, redis_url, webchat_origins=origins, channels="webchat") as running:
        for site in sites.values():
            site.gateway = str(running.http.base_url).rstrip("/")
        yield running


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield launched
        await launched.close()


async def at(chromium: Browser, address: str) -> tuple[Page, list[str]]:
    """A visitor of their own at an address, and what the page complains about."""
    context = await chromium.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="es-MX")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    return page, complaints


async def test_a_guest_chats_on_the_hotels_own_site(
    gateway: Gateway, chromium: Browser, sites: dict[str, Site]
) -> None:
    page, complaints = await at(chromium, sites["listed"].origin)
    await page.get_by_role("button", name="Abrir el chat con el hotel").click()
    chat = page.frame_locator("iframe")
    await expect(chat.get_by_text("En línea")).to_be_visible()
    await chat.get_by_label("Su mensaje").fill("¿Hay lugar?")
    await page.keyboard.press("Enter")
    await expect(chat.locator(".message.hotel", has_text="¿Hay lugar?")).to_be_visible()

    # An answer while it is closed is told on the button; the frame keeps its words from the page around it.
    await page.keyboard.press("Escape")
    await _send(gateway, message_pb2.Attachment(content=PIXEL, mime_type="image/png", file_name="mapa.png"))
    await expect(page.locator(".dot")).to_be_visible()
    assert (
        await page.evaluate("document.querySelector('div').shadowRoot.querySelector('iframe').contentDocument") is None
    )
    assert "lugar" not in await page.content()

    # After a reload the visitor is known, though this browser blocks what third parties keep; nothing said is lost.
    await page.reload()
    await page.get_by_role("button", name="Abrir el chat con el hotel").click()
    await expect(chat.locator(".message.guest", has_text="¿Hay lugar?")).to_be_visible()
    picture = chat.get_by_role("img", name="mapa.png")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 1)
    [cookie] = await page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("visitor-alameda", True, "None")

    # A file of another host is a link that tells that host nothing.
    await _send(gateway, message_pb2.Attachment(url="https://cdn.example/carta.pdf", mime_type="application/pdf"))
    link = chat.get_by_role("link", name="document.pdf (cdn.example)")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert complaints == []


async def _send(gateway: Gateway, attachment: message_pb2.Attachment) -> None:
    """A file from another system to the one visitor there is."""
    visitor = gateway.desk.calls[0].messages[0].sender  # at rest their address is sealed
    identity = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WEBCHAT, address=visitor.address)
    stub: Any = messaging_pb2_grpc.MessagingServiceStub(gateway.mesh.channel("gateway"))
    request = messaging_pb2.SendMessageRequest(
        request_id=f"r-{attachment.mime_type}", property_id="alameda", identity=identity,
        content=message_pb2.OutboundMessage(text="Mire.", language="es", attachment=attachment),
    )  # fmt: skip
    await stub.SendMessage(request)


@pytest.mark.parametrize("name", ["listed", "stranger", "elsewhere"])
async def test_only_the_hotels_own_site_gets_the_page_or_a_word(
    gateway: Gateway, chromium: Browser, sites: dict[str, Site], name: str
) -> None:
    base = str(gateway.http.base_url).rstrip("/")
    page, complaints = await at(chromium, f"{sites[name].origin}/plain")
    if name == "listed":
        # Its own scripts may call as well, and read the stream.
        assert (await page.evaluate(CALL, base)).startswith("text/event-stream")
        return
    if name == "elsewhere":
        assert await page.evaluate(CALL, base) == 'application/json {"error":"token_missing_or_over"}'
    else:
        with pytest.raises(Error, match="Failed to fetch"):
            await page.evaluate(CALL, base)
    # What a page may send without asking first arrives, and is refused.
    assert await page.evaluate(FORGE, base) == "opaque"
    assert await gateway.rows("SELECT 1 FROM inbound_messages") == []

    await page.goto(sites[name].origin)
    await page.get_by_role("button", name="Abrir el chat con el hotel").click()

    async def refused() -> bool:
        return any("frame-ancestors" in complaint for complaint in complaints)

    await eventually(refused, what="the browser refuses the frame")
    assert [await frame.locator("#words").count() for frame in page.frames] == [0] * len(page.frames)
