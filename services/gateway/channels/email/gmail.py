"""A Gmail mailbox over its REST API."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from mesh.clock import Clock

from services.gateway.channels import reading
from services.gateway.channels.answers import by_http_status, by_silence, json_of, retry_after
from services.gateway.channels.email.ports import Batch, Mail, MailAway, MarkLost
from services.gateway.domain.outbox import Accepted, Advice, Rejected, SendOutcome

_RECENT = "in:inbox newer_than:3d"
_EARLY = timedelta(seconds=60)
_MOST_IN_JSON = 1024 * 1024
_QUOTA_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"})


class GmailMailbox:
    """`Mailbox` on `{base}/gmail/v1/users/{address}`. `token_url` gives access tokens for `credentials`."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        address: str,
        base_url: str,
        token_url: str,
        credentials: Mapping[str, str],
        seconds: float,
        clock: Clock,
    ) -> None:
        self._http = http
        self._address = address
        self._base = f"{base_url}/gmail/v1/users/{quote(address)}"
        self._uploads = f"{base_url}/upload/gmail/v1/users/{quote(address)}"
        self._token_url = token_url
        self._credentials = {"grant_type": "refresh_token", **credentials}
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))
        self._clock = clock
        self._token = ""
        self._token_end = clock.now()

    @property
    def address(self) -> str:
        return self._address

    async def latest(self) -> str:
        return reading.text(await self._get("profile"), "historyId")

    async def watch(self, topic: str) -> str:
        """Asks for pushes to the topic for the coming days; returns the mark of this moment."""
        body = {"topicName": topic, "labelIds": ["INBOX"], "labelFilterBehavior": "INCLUDE"}
        return reading.text(_answer(await self._call("POST", "watch", json=body)), "historyId")

    async def after(self, mark: str) -> AsyncGenerator[Batch, None]:
        query = {"startHistoryId": mark, "historyTypes": "messageAdded", "labelId": "INBOX", "maxResults": "25"}
        seen: set[str] = set()
        while True:
            page = await self._get("history", query, gone=True)
            added = [
                reading.mapping(entry, "message")
                for record in reading.items(page, "history")
                for entry in reading.items(record, "messagesAdded")
            ]
            names = [name for name in (reading.text(message, "id") for message in added) if name and name not in seen]
            seen.update(names)
            query["pageToken"] = reading.text(page, "nextPageToken")
            # Only the last page's mark is behind everything: a crash before it reads the pages again.
            end = "" if query["pageToken"] else reading.text(page, "historyId") or mark
            yield Batch(mails=await self._mails(names), mark=end)
            if not query["pageToken"]:
                return

    async def recent(self) -> AsyncGenerator[Batch, None]:
        # Asked for before the list, so that what comes meanwhile is after it.
        mark = await self.latest()
        query = {"q": _RECENT, "maxResults": "100"}
        pages: list[list[str]] = []
        while True:
            page = await self._get("messages", query)
            pages.append([reading.text(message, "id") for message in reading.items(page, "messages")])
            query["pageToken"] = reading.text(page, "nextPageToken")
            if not query["pageToken"]:
                break
        # Gmail lists the newest first.
        for names in reversed(pages):
            yield Batch(mails=await self._mails([name for name in reversed(names) if name]), mark="")
        yield Batch(mails=(), mark=mark)

    def is_behind(self, mark: str, told: str) -> bool:
        return mark.isdigit() and told.isdigit() and int(mark) < int(told)

    async def send(self, raw: bytes, *, thread_id: str) -> SendOutcome:
        try:
            response = await self._send(raw, thread_id)
            if response.status_code == httpx.codes.NOT_FOUND and thread_id:
                # The thread was deleted meanwhile: the headers still show what is answered.
                response = await self._send(raw, "")
        except httpx.HTTPError as error:
            return by_silence(error)
        except MailAway as error:
            return Rejected(code="", word=str(error), advice=Advice.PAGE if error.refused else Advice.UNREACHABLE)
        if response.is_success:
            return Accepted(channel_message_id=reading.text(json_of(response), "id"))
        error_body = reading.mapping(json_of(response), "error")
        reasons = {reading.text(item, "reason") for item in reading.items(error_body, "errors")}
        word, advice = by_http_status(response.status_code)
        if reasons & _QUOTA_REASONS:
            word, advice = "throughput", Advice.RETRY
        return Rejected(
            code=next(iter(sorted(reasons)), f"HTTP {response.status_code}"),
            word=word,
            advice=advice,
            retry_after=retry_after(response),
        )

    async def _send(self, raw: bytes, thread_id: str) -> httpx.Response:
        thread = {"threadId": thread_id} if thread_id else {}
        if len(raw) <= _MOST_IN_JSON:
            return await self._call(
                "POST", "messages/send", json={"raw": base64.urlsafe_b64encode(raw).decode(), **thread}
            )
        # Larger ones, with files, have a door of their own: what the mail belongs to, then the mail as it is.
        edge = f"mail-{hashlib.sha256(raw).hexdigest()}"
        head = f"--{edge}\r\nContent-Type: application/json\r\n\r\n{json.dumps(thread)}\r\n--{edge}\r\n"
        content = f"{head}Content-Type: message/rfc822\r\n\r\n".encode() + raw + f"\r\n--{edge}--\r\n".encode()
        return await self._call(
            "POST",
            "messages/send",
            upload=True,
            content=content,
            params={"uploadType": "multipart"},
            headers={"Content-Type": f"multipart/related; boundary={edge}"},
        )

    async def find_sent(self, message_id: str) -> str:
        page = await self._get("messages", {"q": f"rfc822msgid:{message_id.strip('<>')} in:sent", "maxResults": "1"})
        return next((reading.text(message, "id") for message in reading.items(page, "messages")), "")

    async def _mails(self, names: list[str]) -> tuple[Mail, ...]:
        found = [await self._mail(name) for name in names]
        return tuple(mail for mail in found if mail is not None)

    async def _mail(self, name: str) -> Mail | None:
        response = await self._asked("GET", f"messages/{name}", params={"format": "raw"})
        if response.status_code == httpx.codes.NOT_FOUND:
            # Deleted between the list and now.
            return None
        message = _answer(response)
        labels = message.get("labelIds") if isinstance(message, dict) else None
        return Mail(
            mail_id=name,
            thread_id=reading.text(message, "threadId"),
            labels=tuple(str(label) for label in labels) if isinstance(labels, list) else (),
            raw=decoded(reading.prose(message, "raw")),
        )

    async def _get(self, path: str, query: Mapping[str, str] | None = None, *, gone: bool = False) -> object:
        params = {name: value for name, value in (query or {}).items() if value}
        response = await self._asked("GET", path, params=params)
        if gone and response.status_code == httpx.codes.NOT_FOUND:
            raise MarkLost
        return _answer(response)

    async def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return await self._call(method, path, **more)
        except httpx.HTTPError as error:
            raise MailAway(f"Gmail does not answer ({type(error).__name__})") from None

    async def _call(
        self,
        method: str,
        path: str,
        *,
        upload: bool = False,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One call with a token that is still good; with a fresh one when Gmail thinks otherwise."""
        url = f"{self._uploads if upload else self._base}/{path}"
        for fresh in (False, True):
            bearer = {"Authorization": f"Bearer {await self._access_token(fresh=fresh)}"}
            response = await self._http.request(
                method, url, headers={**bearer, **(headers or {})}, timeout=self._timeout, **more
            )
            if response.status_code != httpx.codes.UNAUTHORIZED:
                break
        return response

    async def _access_token(self, *, fresh: bool) -> str:
        if self._token and not fresh and self._clock.now() < self._token_end:
            return self._token
        try:
            response = await self._http.post(self._token_url, data=self._credentials, timeout=self._timeout)
        except httpx.HTTPError as error:
            raise MailAway(f"no access token ({type(error).__name__})") from None
        answer = json_of(response)
        token, seconds = reading.text(answer, "access_token", limit=4096), reading.text(answer, "expires_in", limit=8)
        if not response.is_success or not token:
            raise MailAway("Google gives no access token", refused=response.is_client_error)
        self._token = token
        self._token_end = self._clock.now() + timedelta(seconds=int(seconds) if seconds.isdigit() else 0) - _EARLY
        return token


def decoded(data: str) -> bytes:
    """Base64 in the standard or the URL-safe alphabet, with or without padding; empty for what is none."""
    packed = "".join(data.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _answer(response: httpx.Response) -> object:
    """The JSON of a good answer. Raises MailAway for any other."""
    if not response.is_success:
        refused = response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
        raise MailAway(f"Gmail answered {response.status_code}", refused=refused)
    return json_of(response)
