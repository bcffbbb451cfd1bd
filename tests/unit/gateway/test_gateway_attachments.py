"""Files that go to guests: what may be sent, how WhatsApp gets it once, what becomes of it by SMS, who may fetch it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from mesh.clock import ManualClock
from mesh.values import derived_id

from services.gateway.adapters.rows import outbound_from_text, outbound_to_text
from services.gateway.adapters.wire import attachment_of
from services.gateway.channels.sms.attaching import Attaching
from services.gateway.channels.sms.render import Part
from services.gateway.channels.whatsapp.render import render, template
from services.gateway.channels.whatsapp.uploads import refusal_of
from services.gateway.domain.attachment import FILE_TYPES, Attachment, faults_of
from services.gateway.domain.message import Choice, OutboundMessage
from services.gateway.domain.outbox import Accepted, Advice, Rejected, SendOutcome
from services.gateway.sandbox.rules import UPLOAD_LIMITS
from services.gateway.sandbox.rules import faults_of as graph_faults
from tests.support.channel_rig import NOW
from tests.support.channel_rigs import EmailRig, GenericRig, WebChatRig, WhatsAppRig
from tests.support.files import OGG, PDF, PNG, WEBP, Drawer, document, elsewhere, picture

MOST = 5 * 1024 * 1024
OUT = derived_id("out", "1")


@pytest.mark.parametrize(
    ("attachment", "fields"),
    [
        (picture(), set()),
        (document(), set()),
        (elsewhere(), set()),
        (attachment_of(PDF, mime_type="image/png", file_name=""), {"content"}),
        (attachment_of(b"<script>", mime_type="text/html", file_name=""), {"mime_type"}),
        (attachment_of(b"<svg/>", mime_type="image/svg+xml", file_name=""), {"mime_type"}),
        (attachment_of(b"a\x00b", mime_type="text/plain", file_name=""), {"content"}),
        (attachment_of(b"", mime_type="image/png", file_name=""), {"source"}),
        (attachment_of(PNG + bytes(MOST), mime_type="image/png", file_name=""), {"content"}),
        (attachment_of(PNG, mime_type="image/png", file_name="x" * 200), {"file_name"}),
        (elsewhere("http://cdn.example/a.png"), {"url"}),
        (elsewhere("https://user:secret@cdn.example/a.png"), {"url"}),
        (elsewhere("https://cdn.example/a b.png"), {"url"}),
        (elsewhere("https://[/a.png"), {"url"}),
        (elsewhere("javascript:alert(1)"), {"url"}),
        (replace(picture(), url="https://cdn.example/a.png"), {"source"}),
    ],
)
def test_only_what_is_what_it_says_may_be_sent(attachment: Attachment, fields: set[str]) -> None:
    assert set(faults_of(attachment, most_bytes=MOST)) == fields


def test_a_name_is_one_line_without_a_path_and_there_always_is_one() -> None:
    named = attachment_of(PDF, mime_type="Application/PDF; x=1", file_name="C:\\tmp\\..\\cuenta\r\n.pdf")
    assert (named.mime_type, named.name) == ("application/pdf", "cuenta .pdf")
    assert attachment_of(PDF, mime_type="application/pdf", file_name="").name == "document.pdf"


def test_a_row_keeps_a_file_without_its_bytes() -> None:
    content = OutboundMessage(text="Aquí está.", attachment=document())
    text = outbound_to_text(content)
    assert "PDF-1.7" not in text
    assert outbound_from_text(text) == content
    assert outbound_from_text('{"text":"de antes"}') == OutboundMessage(text="de antes")


def test_every_type_that_whatsapp_is_said_to_carry_is_taken_there() -> None:
    carried = {kind for kind in FILE_TYPES if not refusal_of(attachment_of(b"", mime_type=kind, file_name="", url="x"))}
    assert carried == {kind.partition(";")[0] for kind in UPLOAD_LIMITS}
    assert refusal_of(attachment_of(PNG + bytes(MOST), mime_type="image/png", file_name=""))
    assert refusal_of(attachment_of(WEBP + bytes(102_400), mime_type="image/webp", file_name=""))


@pytest.mark.parametrize(
    ("text", "kind", "types"),
    [
        ("El mapa.", "image/png", ["image"]),
        ("x" * 1025, "image/png", ["image", "text"]),
        ("Escuche.", "audio/ogg", ["audio", "text"]),
        ("", "image/webp", ["sticker"]),
        ("x" * 5000, "application/pdf", ["document", "text", "text"]),
    ],
)
def test_words_are_the_caption_where_there_is_one(text: str, kind: str, types: list[str]) -> None:
    attachment = attachment_of(b"", mime_type=kind, file_name="", url="https://cdn.example/x")
    item = WhatsAppRig().item(text, attachment=attachment)
    payloads = render(item, {"link": "https://cdn.example/x"})
    assert [payload["type"] for payload in payloads] == types
    assert [fault for payload in payloads for fault in graph_faults(payload)] == []
    assert [p["biz_opaque_callback_data"] for p in payloads][-1] == item.message_id


def test_outside_the_window_a_file_is_the_header_of_its_template() -> None:
    content = OutboundMessage(text="", template_name="invoice", template_arguments=("Ana",), attachment=document())
    item = replace(WhatsAppRig().item(), content=content)
    payload = template(item, {"id": "9"})
    header, body = payload["template"]["components"]
    assert header == {
        "type": "header",
        "parameters": [{"type": "document", "document": {"id": "9", "filename": "cuenta.pdf"}}],
    }
    assert body["parameters"] == [{"type": "text", "text": "Ana"}]
    assert graph_faults(payload) == []


class Meta(WhatsAppRig):
    """Refuses what `script` says, call by call: a code for a refusal, None for silence, 0 to take it."""

    def __init__(self, *script: int | None) -> None:
        super().__init__()
        self.script = list(script)
        self.paths: list[str] = []

    def http(self, answer: Any) -> httpx.AsyncClient:
        async def scripted(request: httpx.Request) -> httpx.Response:
            self.paths.append(request.url.path.rpartition("/")[2])
            code = self.script.pop(0) if self.script else 0
            if code is None:
                raise httpx.ReadTimeout("silence")
            if code:
                return httpx.Response(400, json={"error": {"code": code}})
            return await answer(request)

        return httpx.AsyncClient(transport=httpx.MockTransport(scripted))

    async def try_(self, tries: int = 1, attachment: Attachment | None = None) -> SendOutcome:
        return await self.adapter.send(self.item("El mapa", attachment=attachment or picture(), tries=tries))


async def test_a_file_is_uploaded_once_and_named_by_its_id() -> None:
    meta = Meta()
    for _ in range(2):
        assert isinstance(await meta.try_(), Accepted)
    assert meta.paths == ["media", "messages", "messages"]
    await meta.try_(attachment=picture(content=PNG + b"2"))
    assert meta.paths[3:] == ["media", "messages"]
    # Meta forgets it after a month.
    meta.clock.advance(timedelta(days=8))
    await meta.adapter.send(meta.item(attachment=picture(), last_inbound_time=meta.clock.now()))
    assert meta.paths[5:] == ["media", "messages"]


async def test_an_upload_without_an_answer_has_reached_nobody() -> None:
    outcome = await Meta(None).try_()
    assert isinstance(outcome, Rejected)
    assert outcome.advice is Advice.RETRY


@pytest.mark.parametrize("code", [131052, 131053])
async def test_a_file_that_meta_could_not_take_is_handed_over_once_more(code: int) -> None:
    meta = Meta(0, code, 0, code)
    first, second = await meta.try_(1), await meta.try_(2)
    assert isinstance(first, Rejected)
    assert isinstance(second, Rejected)
    assert (first.advice, second.advice) == (Advice.RETRY, Advice.GIVE_UP)
    assert meta.paths == ["media", "messages", "media", "messages"]


async def test_a_refused_upload_sends_no_words_either() -> None:
    meta = Meta(190)
    outcome = await meta.try_()
    assert isinstance(outcome, Rejected)
    assert (outcome.advice, meta.paths) == (Advice.PAGE, ["media"])


async def test_a_voice_note_says_that_it_is_opus() -> None:
    meta = Meta()
    await meta.try_(attachment=attachment_of(OGG, mime_type="audio/ogg", file_name=""))
    assert [file.mime_type for file in await meta.files_sent()] == ["audio/ogg; codecs=opus"]


MAP = "https://hotel.example/files/"


@pytest.mark.parametrize(
    ("address", "attachment", "expected", "billed"),
    [
        ("+15125550100", picture(), [("El mapa.", True)], ("mms",)),
        ("+15125550100", document(), [("El mapa.", True)], ("mms",)),
        ("whatsapp:+525512345678", picture(), [("El mapa.", True)], ()),
        ("whatsapp:+525512345678", document(), [("", True), ("El mapa.", False)], ()),
    ],
)
def test_a_file_by_sms_goes_where_carriers_take_it(
    address: str, attachment: Attachment, expected: list[tuple[str, bool]], billed: tuple[str, ...]
) -> None:
    attaching = Attaching(files=Drawer(clock=ManualClock(NOW)).files, mms=("+1",))
    content = OutboundMessage(text="El mapa.", language="es", attachment=attachment)
    parts = attaching.render(OUT, NOW, content, address)
    assert [(part.body, part.media_url.startswith(MAP)) for part in parts] == expected
    assert attaching.billed(OUT, NOW, content, address) == billed


def test_elsewhere_its_address_stands_below_the_words_and_is_the_same_at_every_try() -> None:
    clock = ManualClock(NOW)
    attaching = Attaching(files=Drawer(clock=clock).files, mms=("+1",))
    content = OutboundMessage(text="El mapa.", language="es", attachment=picture())
    [part] = attaching.render(OUT, NOW, content, "+525512345678")
    assert part.body.startswith(f"El mapa.\n\n{MAP}")
    assert part.media_url == ""
    clock.advance(timedelta(hours=1))
    assert attaching.render(OUT, NOW, content, "+525512345678") == [part]
    assert attaching.billed(OUT, NOW, content, "+525512345678") == ("sms",)


@pytest.mark.parametrize(
    ("attachment", "address", "base", "refused"),
    [
        (picture(), "+15125550100", "", True),
        (elsewhere(), "+15125550100", "", False),
        (document(content=PDF + bytes(700_000)), "+15125550100", MAP, True),
        (document(content=PDF + bytes(700_000)), "+525512345678", MAP, False),
        (picture(content=PNG + bytes(700_000)), "+15125550100", MAP, False),
        (document(content=PDF + bytes(MOST)), "whatsapp:+525512345678", MAP, False),
        (picture(content=PNG + bytes(MOST)), "whatsapp:+525512345678", MAP, True),
    ],
)
def test_a_file_that_cannot_go_by_sms_is_refused_with_a_reason(
    attachment: Attachment, address: str, base: str, refused: bool
) -> None:
    attaching = Attaching(files=Drawer(clock=ManualClock(NOW), base=base).files, mms=("+1",))
    assert bool(attaching.refusal_of(attachment, address)) is refused


def test_a_file_of_nobody_by_sms_is_words_alone() -> None:
    attaching = Attaching(files=Drawer(clock=ManualClock(NOW)).files, mms=("+1",))
    assert attaching.render(OUT, NOW, OutboundMessage(text="hola"), "+1512") == [Part(body="hola")]


async def test_an_address_is_good_for_its_message_and_for_a_time() -> None:
    clock = ManualClock(NOW)
    rig = WebChatRig(clock=clock)
    rig.item(attachment=document("cuenta nº 3.pdf"))
    path = rig.drawer.files.path_of(OUT, NOW)
    answer = await rig.drawer.fetch(path)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PDF, "application/pdf")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''cuenta%20n%C2%BA%203.pdf"
    other = path.replace(OUT, derived_id("out", "2"))
    longer = path.replace(path.split(".")[1], str(int(path.split(".")[1]) + 1))
    for forged in (other, longer, path[:-1] + ("0" if path[-1] != "0" else "1"), "/files/x", path + "0"):
        assert (await rig.drawer.fetch(forged)).status_code == 404
    clock.advance(timedelta(days=7))
    assert (await rig.drawer.fetch(path)).status_code == 404


async def test_an_address_of_a_message_that_is_gone_finds_nothing() -> None:
    rig = WebChatRig()
    rig.item(attachment=document())
    path = rig.drawer.files.path_of(OUT, NOW)
    rig.drawer.tables.outbox.clear()
    assert (await rig.drawer.fetch(path)).status_code == 404


async def test_the_chat_page_shows_pictures_of_ours_and_only_links_to_others() -> None:
    rig = WebChatRig()
    for number, attachment in enumerate((picture(), document(), elsewhere())):
        await rig.adapter.send(rig.item(attachment=attachment, message_id=derived_id("out", str(number))))
    files = [json.loads(event.payload)["file"] for _, _, _, event in rig.tables.chats]
    assert [file["picture"] for file in files] == [True, False, False]
    assert files[2]["url"] == "https://cdn.example/mapa.png"


async def test_an_attached_channel_gets_the_bytes_where_nobody_can_fetch_them() -> None:
    rig = GenericRig()
    rig.drawer.files._base = ""
    await rig.adapter.send(rig.item(attachment=picture()))
    [file] = rig.posted[0]["attachments"]
    assert (file["size"], file["content"][:8], "url" in file) == (len(PNG), "iVBORw0K", False)


async def test_a_mail_has_its_choices_and_its_file() -> None:
    rig = EmailRig()
    choices = (Choice(id="a", title="Doble"),)
    assert isinstance(await rig.adapter.send(rig.item("¿Cuál?", choices=choices, attachment=document())), Accepted)
    assert "1) Doble" in rig.sent()[0]
    assert [file.content for file in await rig.files_sent()] == [PDF]
