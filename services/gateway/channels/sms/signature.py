"""Whether Twilio made a call: HMAC-SHA1 of the public address and the parameters under one of our auth tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlsplit

from services.gateway.channels.public_address import port_variants

Parameters = Sequence[tuple[str, str]]


def is_signed(url: str, parameters: Parameters, header: str | None, tokens: Sequence[bytes]) -> bool:
    """Checks `X-Twilio-Signature` for the address with and without its port. Every token is tried, so that one can be
    rotated; each comparison takes constant time. A call by GET has its parameters in the address and none here.
    """
    claimed = (header or "").strip()
    if not claimed.isascii() or not claimed:
        return False
    verdicts = [
        hmac.compare_digest(sign(variant, parameters, token), claimed)
        for variant in port_variants(url)
        for token in tokens
    ]
    return any(verdicts)


def is_body_of(url: str, body: bytes) -> bool:
    """Whether the signed address vouches for a body that is no form: it carries the body's SHA-256."""
    claimed = dict(parse_qsl(urlsplit(url).query)).get("bodySHA256", "")
    return claimed.isascii() and hmac.compare_digest(hashlib.sha256(body).hexdigest(), claimed.lower())


def sign(url: str, parameters: Parameters, token: bytes) -> str:
    """The header Twilio would send; for rehearsals and tests."""
    signed = url + "".join(_in_order(parameters))
    return base64.b64encode(hmac.new(token, signed.encode(errors="surrogateescape"), hashlib.sha1).digest()).decode()


def _in_order(parameters: Parameters) -> Iterable[str]:
    """By name, not by name and value together; the values of a repeated name sorted, each once."""
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    for name in sorted(values):
        for value in sorted(values[name]):
            yield name + value
