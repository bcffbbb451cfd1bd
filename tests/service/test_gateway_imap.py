"""A mailbox at any mail server: the same mails, the same answers, by IMAP with IDLE and SMTP over real sockets."""

import email
import email.policy
from collections.abc import AsyncIterator, Iterator

import pytest
from mesh.clock import SystemClock

from services.gateway.channels.email.imap import ImapMailbox, MailServer
from services.gateway.channels.email.ports import Batch, MailAway, MarkLost
from services.gateway.domain.outbox import Accepted, Advice, Rejected, Unknown
from tests.support.gateway import Gateway, eventually, migrated, running_gateway, words_of
from tests.support.gmail import ADDRESS, mail
from tests.support.mail_server import MailServerStandIn
from tests.support.stores import Databases

LETTER = b"From: recepcion@hotel.example\r\nTo: maria@example.com\r\nMessage-ID: <out_1@hotel.example>\r\n\r\nhola\r\n"


@pytest.fixture
async def server() -> AsyncIterator[MailServerStandIn]:
    async with MailServerStandIn().running() as running:
        yield running


def mailbox(server: MailServerStandIn, *, password: str = "app password") -> ImapMailbox:
    where = MailServer(
        imap_host="127.0.0.1",
        imap_port=server.imap_port,
        imap_tls=False,
        smtp_host="127.0.0.1",
        smtp_port=server.smtp_port,
        smtp_security="none",
        username=ADDRESS,
        password=password,
        seconds=5,
    )
    return ImapMailbox(address=ADDRESS, server=where, clock=SystemClock())


async def batches(found: AsyncIterator[Batch]) -> tuple[list[bytes], str]:
    """Every mail, and the last mark."""
    mails, mark = [], ""
    async for batch in found:
        mails += [mail.raw for mail in batch.mails]
        mark = batch.mark or mark
    return mails, mark


class TestMailbox:
    async def test_what_came_after_the_mark_is_read_in_order_and_batches(self, server: MailServerStandIn) -> None:
        box = mailbox(server)
        await server.arrive(b"old")
        mark = await box.latest()
        assert mark == "7:1"
        assert await batches(box.after(mark)) == ([], "")
        for number in range(30):
            await server.arrive(b"%d" % number)
        mails, mark = await batches(box.after(mark))
        assert mails == [b"%d" % number for number in range(30)]
        assert mark == "7:31"

    async def test_uids_that_begin_anew_lose_the_mark(self, server: MailServerStandIn) -> None:
        box = mailbox(server)
        mark = await box.latest()
        server.validity = 8
        await server.arrive(b"one")
        with pytest.raises(MarkLost):
            await batches(box.after(mark))
        assert await batches(box.recent()) == ([b"one"], "8:1")

    async def test_a_wrong_password_and_a_server_that_is_away_are_told_apart(self, server: MailServerStandIn) -> None:
        with pytest.raises(MailAway) as refused:
            await mailbox(server, password="wrong").latest()
        assert refused.value.refused
        server.imap_port = 1
        with pytest.raises(MailAway) as away:
            await mailbox(server).latest()
        assert not away.value.refused

    async def test_a_mail_goes_by_smtp_and_is_filed_and_found(self, server: MailServerStandIn) -> None:
        box = mailbox(server)
        assert await box.send(LETTER, thread_id="") == Accepted(channel_message_id="<out_1@hotel.example>")
        assert server.posted[0][0] == "maria@example.com"
        assert server.sent == [LETTER]
        assert await box.find_sent("<out_1@hotel.example>") == "<out_1@hotel.example>"
        assert await box.find_sent("<out_2@hotel.example>") == ""

    @pytest.mark.parametrize(
        ("refusal", "advice"),
        [
            ({"RCPT": "550 no such user"}, Advice.GIVE_UP),
            ({"RCPT": "450 greylisted"}, Advice.RETRY),
            ({"MAIL": "421 busy"}, Advice.RETRY),
            ({"MAIL": "552 too large"}, Advice.GIVE_UP),
            ({"AUTH": "535 no"}, Advice.PAGE),
        ],
    )
    async def test_each_refusal_has_its_consequence(
        self, server: MailServerStandIn, refusal: dict[str, str], advice: Advice
    ) -> None:
        server.refusal = refusal
        outcome = await mailbox(server).send(LETTER, thread_id="")
        assert isinstance(outcome, Rejected)
        assert outcome.advice is advice

    async def test_silence_after_the_words_may_mean_that_it_was_sent(self, server: MailServerStandIn) -> None:
        server.refusal = {"SILENCE": ""}
        assert isinstance(await mailbox(server).send(LETTER, thread_id=""), Unknown)
        server.smtp_port = 1
        outcome = await mailbox(server).send(LETTER, thread_id="")
        assert isinstance(outcome, Rejected)
        assert outcome.advice is Advice.UNREACHABLE


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def gateway(server: MailServerStandIn, database: str, redis_url: str) -> AsyncIterator[Gateway]:
    knobs = {
        "channels": "email", "email_transport": "imap", "imap_host": "127.0.0.1", "imap_port": server.imap_port,
        "imap_tls": False, "imap_password": server.password, "smtp_port": server.smtp_port, "smtp_security": "none",
        "email_mailbox_rate": 1000.0, "email_poll_seconds": 3600.0,
    }  # fmt: skip
    async with running_gateway(database, redis_url, **knobs) as running:

        async def seen() -> bool:
            known = await running.rows("SELECT 1 FROM mailboxes WHERE mark <> ''")
            return bool(known) and server.idling.is_set()

        await eventually(seen, what="the mailbox")
        yield running


async def answered(server: MailServerStandIn, count: int) -> None:
    async def look() -> bool:
        return len(server.posted) >= count

    await eventually(look, what=f"answer {count} by SMTP")


async def test_a_mail_is_told_by_idle_and_answered_also_after_a_break(
    gateway: Gateway, server: MailServerStandIn
) -> None:
    await server.arrive(mail("¿Hay lugar?"))
    await answered(server, 1)
    recipient, raw = server.posted[0]
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert (recipient, letter["Subject"]) == ("maria@example.com", "Re: Reserva")
    assert letter["In-Reply-To"] == "<1@example.com>"
    server.idling.clear()
    server.break_connections()
    await server.arrive(mail("otra", message_id="<2@example.com>"))
    await answered(server, 2)
    assert [words_of(call) for call in gateway.desk.calls] == [["¿Hay lugar?"], ["otra"]]
