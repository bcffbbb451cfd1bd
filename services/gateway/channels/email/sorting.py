"""Mails as deliveries: what is for the conversation, what is kept, and which mail an answer will answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.gateway.channels.email.bounces import Bounce
from services.gateway.channels.email.headers import without_reply_marks
from services.gateway.channels.email.letter import Letter, read_letter
from services.gateway.channels.email.ports import Mail, Thread
from services.gateway.channels.events import event_of
from services.gateway.domain.message import (
    Channel,
    Content,
    Delivery,
    Identity,
    InboundMessage,
    Media,
    StatusUpdate,
    Text,
    Unsupported,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A mail as it is stored; `thread` belongs to `key` and is None when nobody will be answered."""

    delivery: Delivery
    key: str = ""
    guest: str = ""
    thread: Thread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortingPolicy:
    """`owners` maps addresses of ours to properties; `servers` are those whose Authentication-Results are believed;
    `relays` are domains that hand on guests' mail.
    """

    owners: Mapping[str, str]
    servers: Collection[str]
    relays: Collection[str] = ()


def sort(mail: Mail, *, mailbox: str, policy: SortingPolicy, now: datetime, traceparent: str = "") -> Sorted:
    """Reads one mail of a mailbox of ours. Never raises for what a mail holds."""
    property_id = policy.owners[mailbox]
    try:
        letter = read_letter(
            mail.raw, labels=mail.labels, own=policy.owners.keys(), servers=policy.servers, relays=policy.relays
        )
    except Exception as error:
        # One mail that breaks the parser must not hold up those behind it; it stays in the mailbox for people.
        told = {"mail_id": mail.mail_id, "fault": type(error).__name__}
        event = event_of(Channel.EMAIL, "unreadable_mail", told, property_id=property_id)
        return Sorted(delivery=Delivery(events=(event,), traceparent=traceparent))
    key = key_of(letter.message_id or f"mail:{mail.mail_id}", mailbox)
    if letter.ignored:
        told = {"mail_id": mail.mail_id, "message_id": letter.message_id, "from": letter.address}
        event = event_of(Channel.EMAIL, f"ignored.{letter.ignored}", told, property_id=property_id)
        statuses = _failure(letter.bounce, now)
        return Sorted(delivery=Delivery(events=(event,), statuses=statuses, traceparent=traceparent))
    sender = Identity(channel=Channel.EMAIL, address=letter.address)
    messages = tuple(
        InboundMessage(
            message_id=key if number == 0 else f"{key} {number}",
            property_id=property_id,
            account=mailbox,
            sender=sender,
            send_time=min(letter.send_time or now, now),
            receive_time=now,
            body=content,
            display_name=letter.display_name,
            sender_unverified=not letter.verified,
            signals=letter.signals if number == 0 else (),
        )
        for number, content in enumerate(_contents(letter, mail))
    )
    thread = Thread(
        message_id=letter.message_id,
        references=letter.references,
        subject=letter.subject,
        thread_id=mail.thread_id,
    )
    return Sorted(
        delivery=Delivery(messages=messages, traceparent=traceparent), key=key, guest=letter.address, thread=thread
    )


def key_of(message_id: str, mailbox: str) -> str:
    """Our id of a mail: a Message-ID is the sender's and may reach two mailboxes of ours, which are two messages."""
    return f"{message_id[:400]} {mailbox}"


def _failure(bounce: Bounce | None, now: datetime) -> tuple[StatusUpdate, ...]:
    if bounce is None:
        return ()
    return (
        StatusUpdate(
            channel=Channel.EMAIL,
            channel_message_id=bounce.message_id,
            status="failed",
            time=now,
            message_id=bounce.message_id,
            failure_code=bounce.code,
            failure_word=bounce.word,
        ),
    )


def _contents(letter: Letter, mail: Mail) -> list[Content]:
    # A subject is the guest's words where they wrote it: that of an answer, or of what is handed on, is the thread's.
    own_subject = letter.subject if without_reply_marks(letter.subject) == letter.subject else ""
    words = letter.text or own_subject
    files: list[Content] = [
        Media(
            kind=attachment.kind,
            media_id=f"{mail.mail_id}/{attachment.part}",
            mime_type=attachment.mime_type,
            file_name=attachment.file_name,
        )
        for attachment in letter.attachments
    ]
    if words:
        return [Text(text=words, subject=letter.subject, quoted_text=letter.quoted_text), *files]
    return files or [Unsupported(kind="empty")]
