"""Every channel with its stand-in, put together the same way: what the contract suite of channels is run on."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from mesh.errors import Down
from starlette.applications import Starlette

from services.gateway.adapters.memory import MemoryChatLog
from services.gateway.adapters.memory_mail import MemoryMarks, MemoryThreads
from services.gateway.channels.email.channel import EmailChannel
from services.gateway.channels.email.push import IssuerKeys, PushPolicy
from services.gateway.channels.email.reader import MailReader
from services.gateway.channels.email.sorting import SortingPolicy
from services.gateway.channels.email.webhook import GmailWebhook
from services.gateway.channels.generic import signature as generic_signature
from services.gateway.channels.generic.channel import GenericChannel
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.generic.webhook import GenericWebhook
from services.gateway.channels.public_address import PublicAddress
from services.gateway.channels.sms import channel as sms_channel
from services.gateway.channels.sms import signature as sms_signature
from services.gateway.channels.sms import webhook as sms_webhook
from services.gateway.channels.sms.attaching import Attaching
from services.gateway.channels.sms.client import TwilioClient
from services.gateway.channels.webchat.channel import WebChatChannel
from services.gateway.channels.webchat.log import Bell
from services.gateway.channels.webchat.origins import Origins
from services.gateway.channels.webchat.routes import WebChat, WebChatPolicy
from services.gateway.channels.webchat.token import VisitorTokens
from services.gateway.channels.whatsapp import channel as whatsapp_channel
from services.gateway.channels.whatsapp import signature as whatsapp_signature
from services.gateway.channels.whatsapp import webhook as whatsapp_webhook
from services.gateway.channels.whatsapp.client import GraphClient
from services.gateway.channels.whatsapp.uploads import Uploads
from services.gateway.domain.message import Channel, Identity
from services.gateway.domain.rates import Rate
from services.gateway.sandbox.graph import GraphSandbox
from services.gateway.sandbox.graph_media import GraphMediaSandbox
from services.gateway.sandbox.twilio import TwilioSandbox
from tests.support import gmail
from tests.support.channel_rig import NOW, SECRET, SLOW, Call, File, Rig, Trouble


class WhatsAppRig(Rig):
    def build(self) -> None:
        self.identity, self.account = Identity(channel=Channel.WHATSAPP, address="5215512345678"), "1"
        self.calls, self.media = gmail.Calls(), GraphMediaSandbox()
        graph = GraphSandbox(calls=self.calls, media=self.media, clock=self.clock)
        meta = Starlette(routes=[*graph.routes(), *self.media.routes()])
        policy = whatsapp_webhook.WebhookPolicy(
            verify_token="v", secrets=[SECRET.encode()], numbers={"1": "alameda"}, max_body_bytes=100_000
        )
        webhook = whatsapp_webhook.WhatsAppWebhook(
            policy=policy, accept=self.accept, limits=self.limits, clock=self.clock
        )
        client = GraphClient(
            http=self.http(httpx.ASGITransport(app=meta).handle_async_request),
            base_url="https://graph.test/sandbox/graph", version="v26.0", token="t", seconds=5,
        )  # fmt: skip
        self.adapter = whatsapp_channel.WhatsAppChannel(
            client=client, uploads=Uploads(client=client, files=self.drawer.files, clock=self.clock),
            numbers={"1": "alameda"}, routes=webhook.routes(), allowance=self.allowance,
            pace=whatsapp_channel.Pace(number=SLOW, guest=SLOW), clock=self.clock,
        )  # fmt: skip

    def call(self, words: str, message_id: str) -> Call:
        message = {"from": "5215512345678", "id": message_id, "type": "text", "text": {"body": words}}
        value = {"metadata": {"phone_number_id": "1"}, "messages": [message]}
        return self._signed({"entry": [{"changes": [{"field": "messages", "value": value}]}]})

    def unknown(self) -> Call:
        return self._signed({"entry": [{"changes": [{"field": "tomorrow", "value": {"x": 1}}]}]})

    def sent(self) -> list[str]:
        return [recorded.words for recorded in self.calls.recorded if recorded.words]

    async def files_sent(self) -> list[File]:
        return [
            self._file(medium)
            for recorded in self.calls.recorded
            for kind, medium in json.loads(recorded.payload).items()
            if kind in ("image", "document", "audio", "sticker")
        ]

    def _file(self, medium: dict[str, str]) -> File:
        if "link" in medium:
            return File("", "", medium["link"].encode())
        kept = self.media.get(medium["id"])
        assert kept is not None
        return File(kept.mime_type, medium.get("filename", ""), kept.content)

    def _signed(self, payload: object) -> Call:
        body = json.dumps(payload).encode()
        headers = {"X-Hub-Signature-256": whatsapp_signature.sign(body, SECRET.encode())}
        return Call("/webhooks/whatsapp", body, headers)


class SmsRig(Rig):
    def build(self) -> None:
        self.identity, self.account = Identity(channel=Channel.SMS, address="+525512345678"), "+15005550006"
        self.calls = gmail.Calls()
        twilio = Starlette(routes=TwilioSandbox(calls=self.calls, clock=self.clock).routes())
        owners = {"+15005550006": "alameda"}
        policy = sms_webhook.WebhookPolicy(
            tokens=[SECRET.encode()], owners=owners, max_body_bytes=100_000,
            address=PublicAddress(base="https://hotel.example", proxies=()),
        )  # fmt: skip
        webhook = sms_webhook.TwilioWebhook(
            policy=policy, accept=self.accept, last_offer=self.last_offer, limits=self.limits, clock=self.clock
        )
        client = TwilioClient(
            http=self.http(httpx.ASGITransport(app=twilio).handle_async_request),
            base_url="https://twilio.test/sandbox/twilio", account_sid="AC1", token="t", seconds=5,
        )  # fmt: skip
        self.adapter = sms_channel.SmsChannel(
            client=client, owners=owners, routes=webhook.routes(), accept=self.accept, allowance=self.allowance,
            pace=sms_channel.Pace(number=SLOW, guest=SLOW), status_url="https://hotel.example/x", clock=self.clock,
            attach=Attaching(files=self.drawer.files, mms=("+52",)),
        )  # fmt: skip

    def call(self, words: str, message_id: str) -> Call:
        return self._signed({"MessageSid": message_id, "From": "+525512345678", "To": "+15005550006", "Body": words})

    def unknown(self) -> Call:
        return self._signed({"Tomorrow": "1"})

    def spoiled(self, call: Call) -> Call:
        return replace(call, content=call.content + b"&Extra=1")

    def sent(self) -> list[str]:
        return [recorded.words for recorded in self.calls.recorded if recorded.words]

    async def files_sent(self) -> list[File]:
        urls = [json.loads(recorded.payload).get("MediaUrl", "") for recorded in self.calls.recorded]
        return [await self.found(url) for url in urls if url]

    def _signed(self, form: dict[str, str]) -> Call:
        signature = sms_signature.sign("https://hotel.example/webhooks/twilio", [*form.items()], SECRET.encode())
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return Call("/webhooks/twilio", urlencode(form).encode(), headers)


class EmailRig(Rig):
    def build(self) -> None:
        self.identity, self.account = Identity(channel=Channel.EMAIL, address="maria@example.com"), gmail.ADDRESS
        self.google = gmail.Google()
        self.google.fault = self._fault
        mailbox, threads, rig = self.google.mailbox(), MemoryThreads(), self

        class Marks(MemoryMarks):
            async def tell(self, address: str, mark: str) -> None:
                if rig.down:
                    raise Down("STORE_DOWN", "away")
                await super().tell(address, mark)

        owners, marks = {gmail.ADDRESS: "alameda"}, Marks()
        self.mailbox = mailbox
        self.reader = MailReader(
            mailboxes=[mailbox], marks=marks, threads=threads, accept=self.accept, last_offer=self.last_offer,
            policy=SortingPolicy(owners=owners, servers={"mx.google.com"}), poll=timedelta(hours=1), clock=self.clock,
        )  # fmt: skip
        webhook = GmailWebhook(
            policy=PushPolicy(issuers=[gmail.ISSUER], audience=gmail.AUDIENCE, service_account=gmail.ACCOUNT),
            keys=IssuerKeys(http=self.google.http, url="https://google.test/keys", clock=self.clock),
            owners=owners, marks=marks, accept=self.accept, news=self.reader.news, limits=self.limits,
        )  # fmt: skip
        self.adapter = EmailChannel(
            mailboxes=[mailbox], owners=owners, names={}, threads=threads, files=self.drawer.files,
            routes=webhook.routes(), pace=SLOW,
            answers=Rate(per_second=1, burst=100), allowance=self.allowance, clock=self.clock,
        )  # fmt: skip
        self.begun = False
        self.arrivals: list[bytes] = []

    def call(self, words: str, message_id: str) -> Call:
        self.arrivals = [gmail.mail(words, message_id=f"<{message_id}@example.com>")]
        return self._push(self.google.signer.push(gmail.ADDRESS, self.google.account.history_id + 3))

    def unknown(self) -> Call:
        return self._push(b'{"tomorrow": 1}')

    def spoiled(self, call: Call) -> Call:
        self.arrivals = []
        head, payload, signature = call.headers["Authorization"].split(".")
        forged = base64.urlsafe_b64encode(hashlib.sha256(signature.encode()).digest() * 8).decode().rstrip("=")
        return replace(call, headers={"Authorization": f"{head}.{payload}.{forged}"})

    async def post(self, call: Call) -> httpx.Response:
        if not self.begun:
            self.begun = await self.reader.read(self.mailbox)
        for raw in self.arrivals:
            self.google.account.add(raw)
        return await super().post(call)

    async def settle(self) -> None:
        if not self.down:
            await self.reader.read(self.mailbox)

    def sent(self) -> list[str]:
        return [recorded.words for recorded in self.google.calls.recorded]

    async def files_sent(self) -> list[File]:
        letters = [
            email.message_from_bytes(mail.raw, policy=email.policy.default)
            for mail in self.google.account.newest(0, label="SENT")[0]
        ]
        return [
            File(part.get_content_type(), str(part.get_filename()), bytes(part.get_content()))
            for letter in letters
            for part in letter.iter_attachments()
        ]

    def _push(self, body: bytes) -> Call:
        return Call("/webhooks/gmail", body, {"Authorization": f"Bearer {self.google.signer.token()}"})

    def _fault(self, request: httpx.Request) -> httpx.Response | Exception | None:
        if self.trouble is None or not request.url.path.endswith("/send"):
            return None
        troubles: dict[Trouble, httpx.Response | Exception] = {
            "busy": httpx.Response(503), "never": httpx.Response(400),
            "silence": httpx.ReadTimeout("silence"), "away": httpx.ConnectError("away"),
        }  # fmt: skip
        return troubles[self.trouble]


class GenericRig(Rig):
    def build(self) -> None:
        self.identity = Identity(channel=Channel.GENERIC, channel_name="kiosk", address="u1")
        self.posted: list[dict[str, Any]] = []
        attached = {"kiosk": Attached(name="kiosk", property_id="alameda", callback_url="https://kiosk.test",
                                      secrets=(SECRET.encode(),))}  # fmt: skip
        webhook = GenericWebhook(
            attached=attached, max_body_bytes=100_000, accept=self.accept, last_offer=self.last_offer,
            limits=self.limits, clock=self.clock,
        )  # fmt: skip
        self.adapter = GenericChannel(
            http=self.http(self._take), files=self.drawer.files, attached=attached,
            routes=webhook.routes(), seconds=5, pace=SLOW,
            allowance=self.allowance, clock=self.clock,
        )  # fmt: skip

    def call(self, words: str, message_id: str) -> Call:
        return self._signed({"id": message_id, "sender": {"id": "u1"}, "text": words})

    def unknown(self) -> Call:
        return self._signed({"tomorrow": 1})

    def sent(self) -> list[str]:
        return [message["text"] for message in self.posted if "text" in message]

    async def files_sent(self) -> list[File]:
        told = [file for message in self.posted for file in message.get("attachments", [])]
        return [await self.found(file["url"]) for file in told]

    def _signed(self, payload: object) -> Call:
        body = json.dumps(payload).encode()
        signature = generic_signature.sign(body, SECRET.encode(), now=self.clock.now().timestamp())
        return Call("/webhooks/generic/kiosk", body, {"X-Signature": signature})

    async def _take(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(json.loads(request.content))
        return httpx.Response(200, json={"id": f"k{len(self.posted)}"})


class WebChatRig(Rig):
    def build(self) -> None:
        self.remote = False
        tokens, bell = VisitorTokens(secret=SECRET, life=timedelta(hours=1)), Bell()
        self.tables = self.drawer.tables
        chat_log = MemoryChatLog(tables=self.tables)
        self.token, visitor, _ = tokens.issue(now=NOW, property_id="alameda")
        self.identity = Identity(channel=Channel.WEBCHAT, address=visitor)
        policy = WebChatPolicy(
            property_id="alameda", names={}, origins=Origins(sites={}, home="alameda"), secure_cookie=False,
            poll=timedelta(seconds=1),
        )  # fmt: skip
        chat = WebChat(
            policy=policy, tokens=tokens, accept=self.accept, chat_log=chat_log, bell=bell, limits=self.limits,
            clock=self.clock, open_for_streams=lambda: True,
        )  # fmt: skip
        self.adapter = WebChatChannel(
            log=chat_log, bell=bell, files=self.drawer.files, routes=chat.routes(), clock=self.clock
        )

    def call(self, words: str, message_id: str) -> Call:
        return self._carried({"id": message_id, "text": words})

    def unknown(self) -> Call:
        return self._carried({"tomorrow": 1})

    def spoiled(self, call: Call) -> Call:
        return replace(call, headers={**call.headers, "Authorization": f"Bearer {self.token[:-1]}x"})

    def sent(self) -> list[str]:
        events = [json.loads(event.payload) for _, _, _, event in self.tables.chats]
        return [event["text"] for event in events if event["from"] == "hotel" and event["text"]]

    async def files_sent(self) -> list[File]:
        events = [json.loads(event.payload) for _, _, _, event in self.tables.chats]
        return [await self.found(event["file"]["url"]) for event in events if "file" in event]

    def _carried(self, payload: object) -> Call:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return Call("/webchat/messages", json.dumps(payload).encode(), headers)


RIGS: dict[Channel, type[Rig]] = {
    Channel.WHATSAPP: WhatsAppRig,
    Channel.SMS: SmsRig,
    Channel.EMAIL: EmailRig,
    Channel.GENERIC: GenericRig,
    Channel.WEBCHAT: WebChatRig,
}
