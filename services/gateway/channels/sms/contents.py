"""What is in a message: words, pictures, voice, places, taps."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from services.gateway.channels import reading
from services.gateway.channels.events import form_json
from services.gateway.domain.cleaning import clean_line, clean_text, storable
from services.gateway.domain.message import (
    Button,
    Content,
    Location,
    Media,
    MediaKind,
    Structured,
    Text,
    Unsupported,
    Voice,
)

# The only host that our credentials are sent to.
MEDIA_HOST = "api.twilio.com"
_MAX_MEDIA = 10
_BASE64 = re.compile(r"[A-Za-z0-9+/]{6,}={0,2}")
_UNPADDED_LENGTH = 16
_KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO}

Parameters = Mapping[str, str]


def contents_of(parameters: Parameters) -> list[Content]:
    """Everything the guest sent in one message, at least one thing; the words stand with the first picture."""
    words = clean_text(decoded(parameters.get("Body", "")))
    tap = _tap(parameters, words)
    if tap is not None:
        return [tap]
    form = parameters.get("InteractiveData", "").strip()
    if form:
        return [Structured(kind="form", json=form_json(form))]
    place = _place(parameters)
    media = list(_media(parameters, words))
    found: list[Content] = [*([place] if place is not None else []), *media]
    if words and not any(isinstance(content, Media) for content in media):
        found.insert(0, Text(text=words))
    return found or [Unsupported(kind=storable(parameters.get("MessageType", ""), limit=32) or "empty")]


def decoded(body: str) -> str:
    """The words; some carriers hand them over in base64. A single long word is taken for what it is."""
    packed = "".join(body.split())
    if len(packed) % 4 or not _BASE64.fullmatch(packed):
        return body
    if not packed.endswith("=") and len(packed) < _UNPADDED_LENGTH:
        return body
    try:
        # Carriers cut such bodies at a length in bytes: half a character at the end is given up, not the message.
        words = codecs.getincrementaldecoder("utf-8")().decode(base64.b64decode(packed, validate=True))
    except (binascii.Error, UnicodeDecodeError):
        return body
    return words if words.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else body


def is_media_url(url: str) -> bool:
    """Whether an address is Twilio's own, over https: anything else never gets our credentials."""
    try:
        parts = urlsplit(url)
        named = (parts.scheme, parts.hostname, parts.port or 443, parts.username)
    except ValueError:
        return False
    return named == ("https", MEDIA_HOST, 443, None)


def _tap(parameters: Parameters, words: str) -> Button | None:
    for id_name, title_name in (("ButtonPayload", "ButtonText"), ("ListId", "ListTitle")):
        title = clean_line(parameters.get(title_name, ""))
        # A quick reply without a payload of its own is known by its title, as on WhatsApp itself.
        button_id = clean_line(parameters.get(id_name, ""), limit=200) or title[:200]
        if button_id:
            return Button(button_id=button_id, title=title or clean_line(words))
    return None


def _place(parameters: Parameters) -> Location | None:
    latitude = reading.degrees(parameters, "Latitude", most=90.0)
    longitude = reading.degrees(parameters, "Longitude", most=180.0)
    if latitude is None or longitude is None:
        return None
    label = clean_line(parameters.get("Label", "") or parameters.get("Address", ""))
    return Location(latitude=latitude, longitude=longitude, label=label)


def _media(parameters: Parameters, words: str) -> Iterator[Content]:
    caption = words
    for number in range(min(_count(parameters), _MAX_MEDIA)):
        url = storable(parameters.get(f"MediaUrl{number}", ""), limit=1024)
        mime_type = storable(parameters.get(f"MediaContentType{number}", ""), limit=128).lower()
        if not url:
            yield Unsupported(kind="media")
        elif mime_type.startswith("audio/"):
            yield Voice(media_id=url, mime_type=mime_type)
        else:
            kind = _KINDS.get(mime_type.partition("/")[0], MediaKind.DOCUMENT)
            yield Media(kind=kind, media_id=url, mime_type=mime_type, caption=caption)
            caption = ""


def _count(parameters: Parameters) -> int:
    given = parameters.get("NumMedia", "").strip()
    return int(given[:4]) if given.isascii() and given.isdigit() else 0
