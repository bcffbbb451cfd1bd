"""A guest's end of a conversation: what they send reaches the hotel on their channel, what they get is read from it.

WhatsApp goes through the gateway, as signed webhooks in and recorded sends out. What the gateway does not take in yet
(transcribed voice notes, other channels) is handed to the orchestrator as the gateway would hand it over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hotel.common.v1 import channel_pb2, message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.errors import DomainError
from mesh.wire import time_to_proto

from services.orchestrator.rehearse import whatsapp
from services.orchestrator.rehearse.house import APP_SECRET, NUMBER, House
from services.orchestrator.rehearse.script import Turn

_CHANNELS = {
    "whatsapp": "WHATSAPP",
    **dict.fromkeys(("gmail", "email", "e-mail", "mail"), "EMAIL"),
    **dict.fromkeys(("sms", "twilio"), "SMS"),
    **dict.fromkeys(("webchat", "web", "chat"), "WEBCHAT"),
}
# By Converse a system speaks for somebody: on the channel that the address is one of.
_CONVERSE = "converse"
_QUOTED = re.compile(r"\n+(?:On\b[^\n]*\bwrote:|El\b[^\n]*\bescribió:|-{2,} ?Original Message|>)", re.IGNORECASE)
_SECONDS = 30.0


class Guest:
    """One person on one channel."""

    def __init__(self, house: House, *, channel: str, address: str, key: str) -> None:
        self.channel = channel.lower()
        self.address = address.removeprefix("+") if self.channel == "whatsapp" else address
        self.sent: list[str] = []
        self.texts: list[str] = []
        self.offered: list[tuple[str, str]] = []
        self._house = house
        self._key = key
        self._after = 0
        self._direct: list[message_pb2.OutboundMessage] = []
        self._last: tuple[str, Any] | None = None
        self._waiting: list[bytes] = []
        self._answered: list[Any] = []

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        name = self._channel_name()
        phone = f"+{self.address.removeprefix('+')}" if name in ("WHATSAPP", "SMS") and _is_phone(self.address) else ""
        return channel_pb2.ChannelIdentity(
            channel=f"CHANNEL_{name}",
            address=self.address,
            phone_number=phone,
            channel_name=self.channel if name == "GENERIC" else "",
        )

    def _channel_name(self) -> str:
        if self.channel != _CONVERSE:
            return _CHANNELS.get(self.channel, "GENERIC")
        if "@" in self.address:
            return "EMAIL"
        return "WHATSAPP" if _is_phone(self.address) else "GENERIC"

    async def send(self, turns: Sequence[Turn], *, times: int) -> None:
        """These messages at once, the whole delivered `times` times."""
        through_gateway = self.channel == "whatsapp" and all(turn.kind != "voice" for turn in turns)
        if through_gateway:
            numbered = [(self._next_id(turn), whatsapp.message(turn.kind, *self._resolved(turn))) for turn in turns]
            body = whatsapp.webhook(numbered, sender=self.address, number=NUMBER, now=self._house.clock.now())
            self._last = ("webhook", body)
        elif self.channel == _CONVERSE and len(turns) == 1 and turns[0].kind == "g":
            message_id = self._next_id(turns[0])
            said = pb.ConverseRequest(
                request_id=f"turn-{message_id}",
                property_id=self._house.property_id,
                identity=self.identity,
                text=str(turns[0].content),
            )
            self._last = ("converse", said)
        else:
            messages = [self._inbound(turn) for turn in turns]
            request = pb.HandleTurnRequest(
                turn_id=f"turn-{messages[0].message_id}", property_id=self._house.property_id, messages=messages
            )
            self._last = ("turn", request)
        for _ in range(times):
            await self.redeliver()

    async def redeliver(self) -> None:
        """What was sent last reaches the hotel once more."""
        match self._last:
            case ("webhook", bytes() as body):
                if not await self._delivered(body):
                    self._waiting.append(body)
            case (call, request):
                stub = orchestrator_pb2_grpc.OrchestratorServiceStub(self._house.channel("orchestrator"))
                method = stub.Converse if call == "converse" else stub.HandleTurn
                try:
                    response = await method(request, timeout=_SECONDS)
                except DomainError:
                    return  # the gateway would try again later; the guest hears nothing now
                # A repeat is answered with what was stored, and the guest has that.
                if request not in self._answered:
                    self._answered.append(request)
                    self._direct += response.replies

    async def deliver_what_waits(self) -> None:
        """What the hotel could not take reaches it again, as Meta repeats it for days."""
        waiting, self._waiting = self._waiting, []
        self._waiting = [body for body in waiting if not await self._delivered(body)]

    async def _delivered(self, body: bytes) -> bool:
        if not self._house.gateway_reachable:
            return False
        headers = {"X-Hub-Signature-256": whatsapp.signature(body, APP_SECRET)}
        answer = await self._house.http.post("/webhooks/whatsapp", content=body, headers=headers)
        if answer.status_code < 500:
            answer.raise_for_status()
        return answer.is_success

    async def received(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Messages that came since the last look: their words and the choices on them."""
        found = [(reply.text, [(item.id, item.title) for item in reply.choices]) for reply in self._direct]
        self._direct.clear()
        if self.channel == "whatsapp":
            query: Mapping[str, str] = {"to": self.address, "after": str(self._after)}
            answer = await self._house.http.get("/sandbox/messages", params=query)
            for item in answer.json()["messages"] if answer.is_success else ():
                self._after = max(self._after, int(item["sequence"]))
                found.append((str(item["text"]), _choices(item["payload"])))
        for _, choices in found:
            self.offered += choices
        return found

    def _next_id(self, turn: Turn) -> str:
        message_id = f"wamid.{self._key}.{self.address}.{len(self.sent) + 1}"
        self.sent.append(message_id)
        self.texts.append(str(turn.content) if turn.kind in ("g", "voice") else "")
        return message_id

    def _resolved(self, turn: Turn) -> tuple[Any, Mapping[str, Any]]:
        """Content and options with targets as message ids; a choice that is on offer may be named by its title."""
        match turn.kind:
            case "button":
                title = str(turn.content).casefold()
                known = next((key for key, words in reversed(self.offered) if words.casefold() == title), None)
                return known or turn.content, turn.options
            case "reaction":
                target = turn.options.get("of")
                return turn.content, {"of": self._target(target) if target else f"wamid.{self._key}.hotel"}
            case "edit":
                return {"of": self._target(turn.content["of"]), "text": turn.content["text"]}, turn.options
            case "revoke":
                return self._target(turn.content), turn.options
            case _:
                return turn.content, turn.options

    def _target(self, named: Any) -> str:
        """A message of the guest: by its number from 1, by its words, `last`, or by its id."""
        earlier = self.sent[:-1]
        if isinstance(named, int) and 1 <= named <= len(earlier):
            return earlier[named - 1]
        if named in ("last", "previous", True) and earlier:
            return earlier[-1]
        return next((key for key, words in zip(earlier, self.texts, strict=False) if words == named), str(named))

    def _inbound(self, turn: Turn) -> message_pb2.InboundMessage:
        now = time_to_proto(self._house.clock.now())
        inbound = message_pb2.InboundMessage(
            message_id=self._next_id(turn), sender=self.identity, send_time=now, receive_time=now
        )
        content, options = self._resolved(turn)
        match turn.kind:
            case "g" | "edit":
                words = str(content["text"] if turn.kind == "edit" else content)
                inbound.text.CopyFrom(self._words(words))
                inbound.forwarded, inbound.edited = bool(options.get("forwarded")), turn.kind == "edit"
            case "voice":
                confidence = float(options.get("confidence", 1.0))
                inbound.voice.CopyFrom(message_pb2.VoiceContent(transcript=str(content or ""), confidence=confidence))
            case "image" | "video" | "document" | "sticker":
                kind: Any = f"KIND_{turn.kind.upper()}"
                inbound.media.CopyFrom(message_pb2.MediaContent(kind=kind, caption=str(content or "")))
            case "location":
                inbound.location.CopyFrom(message_pb2.LocationContent(latitude=content[0], longitude=content[1]))
            case "button":
                inbound.button.CopyFrom(message_pb2.ButtonContent(button_id=str(content)))
            case "reaction":
                target = message_pb2.ReactionContent(target_message_id=options["of"], emoji=str(content or ""))
                inbound.reaction.CopyFrom(target)
            case other:
                inbound.unsupported.CopyFrom(message_pb2.UnsupportedContent(kind=other))
        return inbound

    def _words(self, text: str) -> message_pb2.TextContent:
        """On e-mail the thread below is split off: it is not what the guest says now."""
        quoted = _QUOTED.search(text) if self.identity.channel == channel_pb2.CHANNEL_EMAIL else None
        if quoted is None:
            return message_pb2.TextContent(text=text)
        return message_pb2.TextContent(text=text[: quoted.start()].strip(), quoted_text=text[quoted.start() :].strip())


def _choices(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    action = payload.get("interactive", {}).get("action", {})
    buttons = [button["reply"] for button in action.get("buttons", ())]
    rows = [row for section in action.get("sections", ()) for row in section.get("rows", ())]
    return [(str(item["id"]), str(item["title"])) for item in (*buttons, *rows)]


def _is_phone(address: str) -> bool:
    return address.removeprefix("+").isdigit()
