"""Google's part of the sandbox: Gmail's API over mailboxes in memory, tokens, keys, and pushes that are signed."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import time
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from functools import cached_property
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from mesh.clock import Clock
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.domain.message import Channel
from services.gateway.sandbox.gmail_account import GmailAccount, HistoryForgotten, StoredMail
from services.gateway.sandbox.log import Recorded, SandboxLog

_KEY_ID = "sandbox"
# Larger mails go by the door for uploads.
_MOST_IN_JSON = 5 * 1024 * 1024
_WATCH_SECONDS = 7 * 86_400
_USER = "/gmail/v1/users/{address}"


class PushSigner:
    """Signs pushes as Google does, with a key of its own. `post` hands a push over; None pushes nothing."""

    def __init__(self, *, issuer: str, audience: str, account: str, url: str = "") -> None:
        self._claims = {"iss": issuer, "aud": audience, "email": account, "email_verified": True}
        self._url = url

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def keys(self) -> dict[str, Any]:
        """The public key as a JWKS."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": _KEY_ID, "use": "sig", "alg": "RS256"}]}

    def token(self, **changed: Any) -> str:
        """A token for one push; `changed` are other claims."""
        now = int(time.time())
        claims = {**self._claims, "sub": "1", "iat": now, "exp": now + 3600, **changed}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY_ID})

    def push(self, address: str, history_id: int) -> bytes:
        """A push's body."""
        told = json.dumps({"emailAddress": address, "historyId": history_id}).encode()
        message = {"data": base64.b64encode(told).decode(), "messageId": str(time.time_ns())}
        return json.dumps({"message": message, "subscription": "projects/dev/subscriptions/gmail"}).encode()

    async def send(self, address: str, history_id: int) -> None:
        """Posts a signed push, once: a push is only a hint."""
        if not self._url:
            return
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        async with httpx.AsyncClient(timeout=10.0) as http:
            await http.post(self._url, content=self.push(address, history_id), headers=headers)


class GmailSandbox:
    """`/sandbox/gmail/…`. A mail posted to `/sandbox/gmail/inbox/{address}` arrives there and is pushed."""

    def __init__(self, *, calls: SandboxLog, signer: PushSigner, clock: Clock, root: str = "/sandbox/gmail") -> None:
        self._calls = calls
        self._signer = signer
        self._clock = clock
        self._root = root
        self.accounts: dict[str, GmailAccount] = {}

    def account(self, address: str) -> GmailAccount:
        """The mailbox of an address, made at its first use."""
        return self.accounts.setdefault(address.lower(), GmailAccount())

    def routes(self) -> list[BaseRoute]:
        calls: Iterable[tuple[str, str, Callable[[Request], Any]]] = (
            ("POST", "/token", self.token),
            ("GET", "/keys", self.keys),
            ("GET", f"{_USER}/profile", self.profile),
            ("POST", f"{_USER}/watch", self.watch),
            ("GET", f"{_USER}/history", self.history),
            ("GET", f"{_USER}/messages", self.list_messages),
            ("POST", f"{_USER}/messages/send", self.send_message),
            ("POST", f"/upload{_USER}/messages/send", self.send_upload),
            ("GET", f"{_USER}/messages/{{mail_id}}", self.get_message),
            ("POST", "/inbox/{address}", self.arrive),
        )
        return [Route(self._root + path, endpoint, methods=[method]) for method, path, endpoint in calls]

    async def token(self, request: Request) -> Response:
        del request
        return JSONResponse({"access_token": "sandbox", "expires_in": 3599, "token_type": "Bearer"})

    async def keys(self, request: Request) -> Response:
        del request
        return JSONResponse(self._signer.keys())

    async def profile(self, request: Request) -> Response:
        address = request.path_params["address"]
        return JSONResponse({"emailAddress": address, "historyId": str(self.account(address).history_id)})

    async def watch(self, request: Request) -> Response:
        account = self.account(request.path_params["address"])
        expiration = int((self._clock.now().timestamp() + _WATCH_SECONDS) * 1000)
        return JSONResponse({"historyId": str(account.history_id), "expiration": str(expiration)})

    async def history(self, request: Request) -> Response:
        account = self.account(request.path_params["address"])
        query = request.query_params
        try:
            mails, place = account.after(int(query["startHistoryId"]), int(query.get("pageToken", "0")))
        except HistoryForgotten:
            return _error(404, "notFound")
        records = [{"id": str(m.history_id), "messagesAdded": [{"message": _named(m)}]} for m in mails]
        answer: dict[str, Any] = {"history": records} if records else {}
        return JSONResponse({**answer, **_next(place), "historyId": str(account.history_id)})

    async def list_messages(self, request: Request) -> Response:
        account = self.account(request.path_params["address"])
        query = request.query_params.get("q", "")
        wanted = next((word.partition(":")[2] for word in query.split() if word.startswith("rfc822msgid:")), "")
        mails, place = account.newest(
            int(request.query_params.get("pageToken", "0")), label="SENT" if wanted else "INBOX"
        )
        if wanted:
            mails = [mail for mail in mails if wanted.encode() in mail.raw]
        return JSONResponse({"messages": [_named(mail) for mail in mails], **_next(place)})

    async def get_message(self, request: Request) -> Response:
        mail = self.account(request.path_params["address"]).get(request.path_params["mail_id"])
        if mail is None:
            return _error(404, "notFound")
        raw = base64.urlsafe_b64encode(mail.raw).decode().rstrip("=")
        return JSONResponse({**_named(mail), "labelIds": list(mail.labels), "raw": raw})

    async def send_message(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "authError")
        try:
            body = json.loads(await request.body())
            raw = base64.urlsafe_b64decode(body["raw"])
        except (ValueError, KeyError, TypeError):
            return _error(400, "invalidArgument")
        if len(raw) > _MOST_IN_JSON:
            return _error(413, "uploadTooLarge")
        return await self._sent(request, raw, str(body.get("threadId", "")))

    async def send_upload(self, request: Request) -> Response:
        """A mail as it is, behind what it belongs to."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "authError")
        edge = request.headers.get("content-type", "").partition("boundary=")[2].encode()
        parts = (await request.body()).split(b"--" + edge)
        if request.query_params.get("uploadType") != "multipart" or not edge or len(parts) != 4:
            return _error(400, "invalidArgument")
        told, raw = (part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:3])
        return await self._sent(request, raw, str(json.loads(told).get("threadId", "")))

    async def _sent(self, request: Request, raw: bytes, thread_id: str) -> Response:
        address = request.path_params["address"].lower()
        mail = self.account(address).add(raw, labels=("SENT",), thread_id=thread_id)
        await self._record(address, mail)
        return JSONResponse({**_named(mail), "labelIds": ["SENT"]})

    async def arrive(self, request: Request) -> Response:
        """A guest's mail: its bytes, or JSON with `from`, `subject`, `text` and headers to add."""
        address = request.path_params["address"].lower()
        body = await request.body()
        raw = _composed(json.loads(body), address) if body.lstrip().startswith(b"{") else body
        mail = self.account(address).add(raw)
        await self._signer.send(address, mail.history_id)
        return JSONResponse(_named(mail), status_code=202)

    async def _record(self, address: str, mail: StoredMail) -> None:
        letter = email.message_from_bytes(mail.raw, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(preferencelist=("plain",))
        headers = {name.lower(): str(value) for name, value in letter.items()}
        files = [
            {"name": part.get_filename(), "mime_type": part.get_content_type(), "size": len(part.get_content())}
            for part in letter.iter_attachments()
        ]
        await self._calls.add(
            Recorded(
                channel=Channel.EMAIL,
                channel_message_id=mail.mail_id,
                account=address,
                recipient=parseaddr(headers.get("to", ""))[1].lower(),
                words="\n".join(str(body.get_content()).split("\r\n")).strip() if body is not None else "",
                payload=json.dumps({"thread_id": mail.thread_id, "headers": headers, "attachments": files}),
                create_time=self._clock.now(),
            )
        )


def _composed(values: dict[str, Any], address: str) -> bytes:
    letter = EmailMessage()
    sender = str(values.get("from", "guest@example.com"))
    domain = parseaddr(sender)[1].rpartition("@")[2]
    letter["Authentication-Results"] = f"mx.google.com; dmarc=pass header.from={domain}"
    letter["From"] = sender
    letter["To"] = address
    letter["Subject"] = str(values.get("subject", ""))
    letter["Message-ID"] = str(values.get("message_id") or make_msgid(domain="sandbox.invalid"))
    for name, value in values.get("headers", {}).items():
        del letter[name]
        letter[name] = str(value)
    letter.set_content(str(values.get("text", "")))
    return letter.as_bytes()


def _named(mail: StoredMail) -> dict[str, str]:
    return {"id": mail.mail_id, "threadId": mail.thread_id}


def _next(place: int | None) -> dict[str, str]:
    return {} if place is None else {"nextPageToken": str(place)}


def _error(status: int, reason: str) -> Response:
    error = {"code": status, "message": reason, "errors": [{"reason": reason}]}
    return JSONResponse({"error": error}, status_code=status)
