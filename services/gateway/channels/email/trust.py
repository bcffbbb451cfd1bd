"""Whether a mail really is from the address in its From: by what our own mail server found, and nobody else's word."""

from __future__ import annotations

import re
from collections.abc import Collection
from email.message import EmailMessage

from services.gateway.channels.email.headers import address_in, domain_of, header, headers

_COMMENT = re.compile(r"\([^()]*\)")
_PROPERTY = re.compile(r"\b(header\.(?:from|d|i))\s*=\s*\"?([^\s;\"]+)")


def is_verified(letter: EmailMessage, *, servers: Collection[str]) -> bool:
    """Whether DMARC passed for the domain of From, or DKIM with a signature of that domain.

    Only the topmost `Authentication-Results` counts, and only when its server is one of `servers`: ours writes above
    whatever the sender wrote. More than one From is no From.
    """
    if len(list(headers(letter, "From"))) != 1:
        return False
    domain = domain_of(address_in(header(letter, "From"))[0])
    server, _, results = _COMMENT.sub(" ", header(letter, "Authentication-Results")).lower().partition(";")
    if not domain or server.split(" ")[0].strip() not in servers:
        return False
    return any(_vouches(result.strip(), domain) for result in results.split(";"))


def _vouches(result: str, domain: str) -> bool:
    found = dict(_PROPERTY.findall(result))
    if re.match(r"dmarc\s*=\s*pass\b", result):
        return found.get("header.from") == domain
    if re.match(r"dkim\s*=\s*pass\b", result):
        signed = (found.get("header.d") or domain_of(found.get("header.i", ""))).lstrip("@")
        return bool(signed) and "." in signed and (domain == signed or domain.endswith("." + signed))
    return False
