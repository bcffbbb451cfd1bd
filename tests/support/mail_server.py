"""A mail server as a test needs it: IMAP with IDLE and SMTP on local sockets, one mailbox, faults on demand."""

from __future__ import annotations

import asyncio
import re
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


@dataclass
class MailServerStandIn:
    """`inbox` by uid; `sent` is what was filed; `posted` what came by SMTP; `refusal` answers its next commands."""

    password: str = "app password"
    validity: int = 7
    next_uid: int = 1
    inbox: dict[int, bytes] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    refusal: dict[str, str] = field(default_factory=dict)
    imap_port: int = 0
    smtp_port: int = 0
    idling: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _writers: set[StreamWriter] = field(default_factory=set)

    async def arrive(self, raw: bytes) -> int:
        """A mail comes in; those who idle are told."""
        uid = self.next_uid
        self.next_uid += 1
        self.inbox[uid] = raw
        async with self._arrived:
            self._arrived.notify_all()
        return uid

    def break_connections(self) -> None:
        """Every line is cut."""
        for writer in list(self._writers):
            writer.transport.abort()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MailServerStandIn]:
        imap = await asyncio.start_server(self._imap, "127.0.0.1", 0, limit=2**24)
        smtp = await asyncio.start_server(self._smtp, "127.0.0.1", 0, limit=2**24)
        self.imap_port, self.smtp_port = (s.sockets[0].getsockname()[1] for s in (imap, smtp))
        try:
            yield self
        finally:
            imap.close()
            smtp.close()
            self.break_connections()

    async def _imap(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._writers.add(writer)
        writer.write(b"* OK [CAPABILITY IMAP4rev1 IDLE SPECIAL-USE LITERAL+] ready\r\n")
        try:
            while line := await reader.readline():
                tag, _, rest = line.strip().partition(b" ")
                await self._command(tag, rest, line, reader, writer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _command(self, tag: bytes, rest: bytes, line: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        verb = rest.split(b" ")[0].upper() if not rest.upper().startswith(b"UID ") else rest.upper()[:9].strip()
        answer = b"OK done"
        match verb:
            case b"CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1 IDLE SPECIAL-USE\r\n")
            case b"LOGIN":
                answer = b"OK in" if self.password.encode() in rest else b"NO [AUTHENTICATIONFAILED] no"
            case b"SELECT" | b"EXAMINE":
                self._selected = b"Sent" if b"Sent" in rest else b"INBOX"
                writer.write(b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n" % (len(self.inbox), self.validity))
                writer.write(b"* OK [UIDNEXT %d] ok\r\n" % self.next_uid)
            case b"LIST":
                writer.write(b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\HasNoChildren \\Sent) "/" Sent\r\n')
            case b"UID SEARC":
                writer.write(b"* SEARCH" + b"".join(b" %d" % uid for uid in self._found(rest)) + b"\r\n")
            case b"UID FETCH":
                for uid in map(int, rest.split(b" ")[2].split(b",")):
                    if uid in self.inbox:
                        raw = self.inbox[uid]
                        writer.write(b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uid, uid, len(raw), raw))
            case b"IDLE":
                await self._idle(reader, writer)
            case b"APPEND":
                size = int(_LITERAL.search(line).group(1))  # type: ignore[union-attr]  # the client always says it
                writer.write(b"+ go\r\n")
                await writer.drain()
                self.sent.append(await reader.readexactly(size))
                await reader.readline()
            case b"LOGOUT":
                writer.write(b"* BYE\r\n")
            case _:
                answer = b"BAD what"
        writer.write(tag + b" " + answer + b"\r\n")

    def _found(self, rest: bytes) -> list[int]:
        if b"HEADER" in rest:
            wanted = rest.rpartition(b" ")[2].strip(b'"')
            return [number for number, raw in enumerate(self.sent, start=1) if wanted in raw]
        numbered = re.search(rb"UID (\d+):\*", rest)
        uids = sorted(self.inbox)
        if numbered is None:
            return uids
        # As servers do, "n:*" finds the newest mail even below n.
        return [uid for uid in uids if uid >= int(numbered.group(1))] or uids[-1:]

    async def _idle(self, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"+ idling\r\n")
        await writer.drain()
        self.idling.set()
        done = asyncio.create_task(reader.readline())
        while not done.done():
            news = asyncio.create_task(self._next_arrival())
            await asyncio.wait({done, news}, return_when=asyncio.FIRST_COMPLETED)
            if news.done() and not done.done():
                writer.write(b"* %d EXISTS\r\n" % len(self.inbox))
                await writer.drain()
            news.cancel()

    async def _next_arrival(self) -> None:
        async with self._arrived:
            await self._arrived.wait()

    async def _smtp(self, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        recipient = ""
        try:
            while line := (await reader.readline()).decode("latin-1").strip():
                verb = line[:4].upper()
                if verb in self.refusal:
                    writer.write(self.refusal[verb].encode() + b"\r\n")
                elif verb == "EHLO":
                    writer.write(b"250-hello\r\n250 AUTH PLAIN\r\n")
                elif verb == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                    writer.write(b"250 ok\r\n")
                elif verb == "DATA":
                    writer.write(b"354 go\r\n")
                    await writer.drain()
                    raw = await reader.readuntil(b"\r\n.\r\n")
                    self.posted.append((recipient, raw[:-3]))
                    if "SILENCE" in self.refusal:
                        writer.transport.abort()
                        return
                    writer.write(b"250 taken\r\n")
                else:
                    writer.write({"QUIT": b"221 bye", "AUTH": b"235 in"}.get(verb, b"250 ok") + b"\r\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
