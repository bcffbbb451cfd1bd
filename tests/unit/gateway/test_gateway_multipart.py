"""Forms with files: as browsers and our own client write them, and what is none."""

import httpx
import pytest
from mesh.errors import Invalid
from starlette.requests import Request

from services.gateway.console.visit import read_form
from services.gateway.multipart import Part, parts_of
from tests.support.files import PDF, PNG


def request(content_type: str, body: bytes) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}, receive)


def written(content: bytes, name: str = "mapa.png", **fields: str) -> tuple[str, bytes]:
    made = httpx.Request("POST", "https://h.example", data=fields, files={"file": (name, content, "image/png")})
    return made.headers["content-type"], made.read()


@pytest.mark.parametrize("content", [PNG, PDF, b"\r\n", b"--", bytes(range(256)) * 3 + b"\r\n--x\r\n"])
def test_every_byte_of_a_file_is_kept(content: bytes) -> None:
    found = parts_of(*written(content, text="hola"))
    assert found == {
        "text": Part(content=b"hola", mime_type="text/plain"),
        "file": Part(content=content, file_name="mapa.png", mime_type="image/png"),
    }


async def test_a_form_has_its_fields_and_its_file() -> None:
    fields, file = await read_form(request(*written(PNG, text="¿Así? ñ\0", csrf="c")))
    assert fields == {"text": "¿Así? ñ", "csrf": "c"}
    assert file is not None
    assert file.content == PNG


async def test_a_name_in_utf8_as_browsers_write_it_is_read() -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="Habitaci\xc3\xb3n 2.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-\r\n--b--\r\n"
    )
    _, file = await read_form(request("multipart/form-data; boundary=b", body))
    assert file is not None
    assert (file.file_name, file.content) == ("Habitación 2.pdf", b"%PDF-")


async def test_no_file_chosen_is_no_file() -> None:
    empty = b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n'
    assert await read_form(request("multipart/form-data; boundary=b", empty)) == ({}, None)
    assert await read_form(request("application/x-www-form-urlencoded", b"a=1&b=")) == ({"a": "1", "b": ""}, None)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"a=1"),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000),
        ("application/x-www-form-urlencoded", b"\xff"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n\xff\r\n--b--'),
    ],
)
async def test_what_is_no_form_or_too_large_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Invalid):
        await read_form(request(kind, body))
