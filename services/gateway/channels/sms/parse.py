"""A webhook's parameters as a delivery: a message, a status, or an event that is kept.

Nothing in a signed webhook is refused, whatever parameters Twilio adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.gateway.channels.events import event_of
from services.gateway.channels.phones import is_user_id, match_key, phone_number
from services.gateway.channels.sms.chats import PHONE_SCHEMES, as_message
from services.gateway.channels.sms.codes import OPTED_OUT, meaning_of
from services.gateway.channels.sms.contents import contents_of
from services.gateway.channels.sms.optout import opt_out_of
from services.gateway.channels.sms.settings import ANY_NUMBER
from services.gateway.domain.cleaning import clean_line, storable
from services.gateway.domain.message import (
    Channel,
    ChannelEvent,
    Delivery,
    Identity,
    InboundMessage,
    PromotionConsent,
    StatusUpdate,
)
from services.gateway.domain.signals import signals_in

Parameters = Mapping[str, str]
_RECEIVED = ("received", "receiving")
_AD_CLICK = ("ReferralSourceUrl", "ReferralSourceId", "ReferralCtwaClid")


def read_webhook(
    calls: Sequence[Parameters], *, owners: Mapping[str, str], message_id: str, now: datetime, traceparent: str = ""
) -> Delivery:
    """Everything in the webhook: one call, or several events at once. `owners` maps our numbers to properties, `*`
    every other one; `message_id` is the outbox id that our own status address carries.
    """
    read = [_read(as_message(call, owners), owners=owners, message_id=message_id, now=now) for call in calls]
    return Delivery(
        messages=tuple(message for delivery in read for message in delivery.messages),
        statuses=tuple(status for delivery in read for status in delivery.statuses),
        events=tuple(event for delivery in read for event in delivery.events),
        consents=tuple(consent for delivery in read for consent in delivery.consents),
        traceparent=traceparent,
    )


def _read(parameters: Parameters, *, owners: Mapping[str, str], message_id: str, now: datetime) -> Delivery:
    sid = _text(parameters, "MessageSid") or _text(parameters, "SmsMessageSid") or _text(parameters, "SmsSid")
    status = (_text(parameters, "MessageStatus") or _text(parameters, "SmsStatus")).lower()
    if not sid:
        return Delivery(events=(_kept("unknown", parameters),))
    if status and status not in _RECEIVED:
        return _status(parameters, sid, status, owners=owners, message_id=message_id, now=now)
    return _message(parameters, sid, owners=owners, now=now)


def property_of(parameters: Parameters, owners: Mapping[str, str], *, ours: str) -> str:
    """Whose number it is: by the number, else by its Messaging Service; empty when nobody's."""
    number = _text(parameters, ours)
    named = (number, number.rpartition(":")[2], _text(parameters, "MessagingServiceSid"), ANY_NUMBER)
    if not number and len(hotels := set(owners.values())) == 1:
        # Some callbacks leave our number out; with one hotel there is nothing to choose.
        return next(iter(hotels))
    return next((owners[name] for name in named if name in owners), "")


def sender_of(parameters: Parameters) -> Identity | None:
    """The person a message is from, or None for a name that cannot be answered (a bank, a carrier).

    Through WhatsApp a person may have a phone, a business-scoped user id, or both; each name leads to the conversation.
    """
    address = _text(parameters, "From", limit=320)
    scheme, _, bare = address.rpartition(":")
    if not bare or (not scheme and not bare.removeprefix("+").isdigit()):
        return None
    # A page's guest is a long number as well (`messenger:…`), and no phone.
    phone = (phone_number(bare) if scheme in PHONE_SCHEMES else "") or phone_number(_text(parameters, "WaId"))
    names = [address]
    if scheme:
        other_ids = (_text(parameters, name) for name in ("ExternalUserId", "ExternalUserIdentifier"))
        ids = (other.rpartition(":")[2] for other in other_ids)
        # A placeholder in its place would make one guest of all who carry it.
        names += [f"{scheme}:{user_id}" for user_id in ids if is_user_id(user_id)]
        names += [f"{scheme}:{match_key(phone)}"] if phone else []
    return Identity(
        channel=Channel.SMS,
        address=address,
        phone_number=phone,
        aliases=tuple(name for name in dict.fromkeys(names) if name != address),
    )


def _message(parameters: Parameters, sid: str, *, owners: Mapping[str, str], now: datetime) -> Delivery:
    property_id = property_of(parameters, owners, ours="To")
    sender = sender_of(parameters)
    if not property_id or sender is None:
        kind = "unrouted_message" if sender is not None else "unanswerable_message"
        return Delivery(events=(_kept(kind, parameters, property_id),))
    opt_out = opt_out_of(parameters.get("OptOutType", ""), parameters.get("Body", ""))
    consents: list[PromotionConsent] = []
    events: list[ChannelEvent] = []
    account = _text(parameters, "To")
    if opt_out.stopped is not None:
        consents.append(
            PromotionConsent(property_id=property_id, account=account, identity=sender, stopped=opt_out.stopped)
        )
        events.append(_kept("opt_out" if opt_out.stopped else "opt_in", parameters, property_id))
    if any(parameters.get(name) for name in _AD_CLICK):
        events.append(_kept("referral", parameters, property_id))
    messages = (
        InboundMessage(
            # Twilio's id is of the whole; each thing in it needs one of its own.
            message_id=sid if number == 0 else f"{sid}/{number}",
            property_id=property_id,
            account=account,
            sender=sender,
            send_time=now,
            receive_time=now,
            body=content,
            display_name=clean_line(parameters.get("ProfileName", ""), limit=128),
            reply_to_message_id=_text(parameters, "OriginalRepliedMessageSid"),
            forwarded=parameters.get("Forwarded", "").lower() == "true"
            or parameters.get("FrequentlyForwarded", "").lower() == "true",
            signals=signals_in(parameters.get("Body", "")) if number == 0 else (),
        )
        for number, content in enumerate(contents_of(parameters) if opt_out.spoken else [])
    )
    return Delivery(messages=tuple(messages), consents=tuple(consents), events=tuple(events))


def _status(
    parameters: Parameters,
    sid: str,
    status: str,
    *,
    owners: Mapping[str, str],
    message_id: str,
    now: datetime,
) -> Delivery:
    code = _text(parameters, "ErrorCode", limit=16)
    update = StatusUpdate(
        channel=Channel.SMS,
        channel_message_id=sid,
        status=status[:32],
        time=now,
        message_id=storable(message_id, limit=64),
        failure_code=code,
        failure_word=meaning_of(code, 0)[0] if code else "",
    )
    consents: tuple[PromotionConsent, ...] = ()
    guest, property_id = _text(parameters, "To", limit=320), property_of(parameters, owners, ours="From")
    if code == OPTED_OUT and guest and property_id:
        person = Identity(channel=Channel.SMS, address=guest)
        account = _text(parameters, "From")
        consents = (PromotionConsent(property_id=property_id, account=account, identity=person, stopped=True),)
    return Delivery(statuses=(update,), consents=consents)


def _kept(kind: str, parameters: Parameters, property_id: str = "") -> ChannelEvent:
    return event_of(Channel.SMS, kind, dict(sorted(parameters.items())), property_id=property_id)


def _text(parameters: Parameters, name: str, *, limit: int = 512) -> str:
    return storable(parameters.get(name, ""), limit=limit)
