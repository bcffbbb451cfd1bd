"""Headers read without trusting that they are well formed: every reader answers something and never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses

from services.gateway.domain.cleaning import storable

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_REPLY_PREFIXES = re.compile(r"(?:\s*(?:re|rv|res|fwd?|aw|enc)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
# Our Message-IDs are made of the outbox id.
_OUR_ID = re.compile(r"<(out_[0-9a-f]{20})@[^<>\s]+>")
_MAX_ADDRESS = 320


def header(letter: EmailMessage, name: str) -> str:
    """The first header of that name, unfolded and decoded; empty when there is none."""
    return next(headers(letter, name), "")


def headers(letter: EmailMessage, name: str) -> Iterator[str]:
    """Every header of that name, topmost first."""
    wanted = name.lower()
    for given, raw in letter.raw_items():
        if given.lower() == wanted:
            yield " ".join(_decoded(letter, given, raw).split())


def address_in(value: str) -> tuple[str, str]:
    """The first address in a header, in lower case, and the name beside it; both empty when there is none."""
    for name, address in getaddresses([value]):
        found = _ADDRESS.fullmatch(storable(address, limit=_MAX_ADDRESS))
        if found is not None:
            return found.group().lower(), name
    loose = _ADDRESS.search(value[:4000])
    return (storable(loose.group(), limit=_MAX_ADDRESS).lower(), "") if loose is not None else ("", "")


def message_ids(value: str) -> tuple[str, ...]:
    """The ids in a `Message-ID`, `In-Reply-To` or `References` header, each with its angle brackets."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(storable(value, limit=20_000))))


def our_mails_in(value: str) -> list[str]:
    """The outbox ids of mails of ours that are named in a header or in the head of a mail."""
    return _OUR_ID.findall(value)


def without_reply_marks(subject: str) -> str:
    """A subject without the `Re:` and `Fwd:` that answering and handing on put before it, in several languages."""
    marks = _REPLY_PREFIXES.match(subject)
    return subject[marks.end() :] if marks is not None else subject


def guessed(raw: bytes) -> str:
    """Words whose charset is wrong or missing: UTF-8 says so itself, of the others Windows' is the most common."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def domain_of(address: str) -> str:
    """What stands behind the last @."""
    return address.rpartition("@")[2]


def _decoded(letter: EmailMessage, name: str, raw: str) -> str:
    try:
        found = str(letter.policy.header_fetch_parse(name, raw))
    except Exception:
        # The standard parser gives up on some malformed headers; their bytes as text serve as well.
        found = "\ufffd"
    if "\ufffd" not in found or (str(raw).isascii() and found != "\ufffd"):
        return found
    return guessed(str(raw).encode("utf-8", "surrogateescape"))
