"""Mail that no person wrote, or that is our own. Answering it is how two robots talk to each other all night."""

from __future__ import annotations

import re
from collections.abc import Collection
from email.message import EmailMessage

from services.gateway.channels.email.headers import address_in, header, headers

_NOT_INBOX = frozenset({"SENT", "DRAFT", "DRAFTS", "SPAM", "TRASH", "CHAT"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_ROBOT_HEADERS = ("List-Id", "X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
# What mail servers put before the subject of an answer that nobody wrote, where they do not mark it otherwise.
_AWAY = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|respuesta autom[aá]tica|"
    r"fuera de (?:la )?oficina|resposta autom[aá]tica|réponse automatique|automatische antwort)\s*[:：(-]",
    re.IGNORECASE,
)
_DAEMONS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|no-?responder|bounces?)(?:[+._-].*)?@")


def why_not(letter: EmailMessage, *, labels: Collection[str], own: Collection[str]) -> str:
    """Why a mail is not for the conversation, in a word; empty for a mail a person may have written."""
    sender, _ = address_in(header(letter, "From"))
    precedence = header(letter, "Precedence").strip().lower()
    auto_submitted = header(letter, "Auto-Submitted").partition(";")[0].strip().lower()
    reasons = {
        "not_inbox": not _NOT_INBOX.isdisjoint(label.upper().lstrip("\\") for label in labels),
        "no_sender": not sender,
        "own_address": sender in own,
        "auto_submitted": auto_submitted not in ("", "no"),
        "bulk": precedence in _BULK,
        "list_or_auto_reply": any(header(letter, name) for name in _ROBOT_HEADERS),
        "out_of_office": _AWAY.match(header(letter, "Subject")) is not None,
        "empty_return_path": any(value.strip() in ("<>", "") for value in headers(letter, "Return-Path")),
        "daemon": letter.get_content_type() == "multipart/report" or _DAEMONS.match(sender) is not None,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")
