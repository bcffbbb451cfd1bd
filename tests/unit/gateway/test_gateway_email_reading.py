"""Gmail is read from our own mark, page by page, and its watch kept alive."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from mesh.errors import Down

from services.gateway.channels.email.ports import MailAway
from services.gateway.channels.email.watch import AGAIN, RENEW, WatchKeeper
from services.gateway.domain.message import Button, Choice, Text, Unsupported
from tests.support.gmail import ADDRESS, NOW, mail
from tests.support.mail_office import Office, begun


def letters(office: Office, *texts: str) -> None:
    for text in texts:
        office.google.account.add(mail(text, message_id=f"<{text}@example.com>"))


def report(action: str, about: str) -> bytes:
    """A delivery report as mail servers write it."""
    parts = (
        "--x\r\n\r\nIt did not arrive.\r\n",
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; maria@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n",
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\nSubject: Re\r\n\r\nhola\r\n--x--\r\n",
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="x"'
    return mail("".join(parts), sender="mailer-daemon@mx.example", message_id=f"<r{about[1:]}", Content_Type=kind)


class TestReading:
    async def test_a_mailbox_seen_for_the_first_time_is_the_hotels_past(self) -> None:
        office = Office()
        letters(office, "old")
        await office.read()
        letters(office, "new")
        await office.read()
        assert office.texts() == ["new"]

    async def test_history_is_read_from_our_own_mark_and_every_page_of_it(self) -> None:
        office = await begun(page=2)
        letters(office, "1", "2", "3", "4", "5")
        # The push that wakes us is about the last mail only.
        await office.marks.tell(ADDRESS, str(office.google.account.history_id))
        assert await office.read()
        assert office.texts() == ["1", "2", "3", "4", "5"]
        assert office.mark() == str(office.google.account.history_id)
        assert office.google.count("/history") == 3

    async def test_the_mark_moves_only_after_storing(self) -> None:
        office = await begun()
        before = office.mark()
        letters(office, "1", "2")
        office.down = True
        with pytest.raises(Down):
            await office.read()
        assert office.mark() == before
        office.down = False
        assert await office.read()
        assert office.texts() == ["1", "2"]

    async def test_a_mark_too_old_is_answered_by_reading_what_is_recent_in_order(self) -> None:
        office = await begun(page=2)
        letters(office, "1", "2", "3")
        office.google.account.forget_history()
        assert await office.read()
        assert office.texts() == ["1", "2", "3"]
        letters(office, "4")
        assert await office.read()
        assert office.texts() == ["1", "2", "3", "4"]

    async def test_a_late_push_about_what_was_read_asks_google_nothing_new(self) -> None:
        office = await begun()
        letters(office, "1")
        first = str(office.google.account.history_id)
        letters(office, "2")
        await office.read()
        await office.marks.tell(ADDRESS, first)
        assert await office.read()
        assert office.texts() == ["1", "2"]

    async def test_news_while_reading_is_read_at_once(self) -> None:
        office = await begun()
        await office.marks.tell(ADDRESS, str(office.google.account.history_id + 3))
        assert not await office.read()

    async def test_two_replicas_do_not_read_at_once(self) -> None:
        office = await begun()
        held = await office.marks.claim(ADDRESS, now=NOW, lease=timedelta(seconds=60))
        assert held is not None
        assert not await office.read()
        office.clock.advance(timedelta(seconds=61))
        assert await office.read()

    async def test_a_mail_that_is_gone_and_one_that_nobody_can_read_hold_up_nothing(self) -> None:
        office = await begun()
        letters(office, "gone")
        office.google.account.delete(office.google.account._mails[-1].mail_id)
        office.google.account.add(b"\xff" * 100)
        letters(office, "next")
        assert await office.read()
        assert office.texts() == ["next"]

    async def test_an_album_of_one_guest_keeps_its_message_ids_and_repeats_have_the_same(self) -> None:
        office = await begun()
        office.google.account.add(mail("uno", message_id="<x@example.com>"))
        office.google.account.add(mail("uno", message_id="<x@example.com>"))
        await office.read()
        ids = {message.message_id for delivery in office.deliveries for message in delivery.messages}
        assert ids == {f"<x@example.com> {ADDRESS}"}

    @pytest.mark.parametrize(
        ("subject", "words", "body"),
        [
            ("Cancelar mi reserva", "", Text(text="Cancelar mi reserva", subject="Cancelar mi reserva")),
            ("Re: Cancelar mi reserva", "", Unsupported(kind="empty")),
            ("RV: Re[2]: Cancelar mi reserva", "-- \r\nMaría", Unsupported(kind="empty")),
            ("Re: Cancelar mi reserva", "Sí", Text(text="Sí", subject="Re: Cancelar mi reserva")),
        ],
    )
    async def test_the_subject_of_an_answer_is_no_request(self, subject: str, words: str, body: Any) -> None:
        office = await begun()
        office.google.account.add(mail(words, subject=subject))
        await office.read()
        assert [message.body for delivery in office.deliveries for message in delivery.messages] == [body]

    async def test_who_is_not_proven_is_marked(self) -> None:
        office = await begun()
        office.google.account.add(mail("a"))
        office.google.account.add(mail("b", verified=False, message_id="<2@x.example>"))
        await office.read()
        assert [d.messages[0].sender_unverified for d in office.deliveries] == [False, True]

    async def test_robots_are_kept_and_not_answered(self) -> None:
        office = await begun()
        office.google.account.add(mail("fuera de oficina", Auto_Submitted="auto-replied"))
        await office.read()
        [delivery] = office.deliveries
        assert (delivery.messages, delivery.events[0].kind) == ((), "ignored.auto_submitted")

    async def test_a_report_that_our_mail_failed_is_its_status(self) -> None:
        office = await begun()
        office.google.account.add(report("failed", f"<out_{'0' * 20}@hotel.example>"))
        office.google.account.add(report("delayed", f"<out_{'1' * 20}@hotel.example>"))
        office.google.account.add(report("failed", "<somebody@elsewhere.example>"))
        await office.read()
        [status] = [status for delivery in office.deliveries for status in delivery.statuses]
        assert (status.message_id, status.status) == (f"out_{'0' * 20}", "failed")
        assert (status.failure_code, status.failure_word) == ("5.1.1", "550 no such user")
        assert [delivery.messages for delivery in office.deliveries] == [(), (), ()]

    async def test_a_number_answers_the_last_offer(self) -> None:
        office = await begun()
        office.offer = (Choice(id="room:1", title="Doble"), Choice(id="room:2", title="Suite"))
        office.google.account.add(mail("2\n\nEl jue, 26 nov 2026, Hotel escribió:\n> 1) Doble"))
        await office.read()
        assert office.deliveries[0].messages[0].body == Button(button_id="room:2", title="Suite")

    @pytest.mark.parametrize(
        "fault", [httpx.Response(500), httpx.Response(429), httpx.ReadTimeout("x"), httpx.Response(200, text="<html>")]
    )
    async def test_google_in_trouble_loses_nothing(self, fault: Any) -> None:
        office = await begun()
        letters(office, "1")
        office.google.fault = lambda request: fault if request.url.path.endswith("/history") else None
        if isinstance(fault, httpx.Response) and fault.is_success:
            await office.read()
        else:
            with pytest.raises(MailAway):
                await office.read()
        office.google.fault = lambda request: None
        await office.read()
        assert office.texts() == ["1"]

    async def test_a_token_that_ended_is_renewed_once(self) -> None:
        office = await begun()
        refusals = iter([httpx.Response(401)])
        office.google.fault = lambda r: next(refusals, None) if r.url.path.endswith("/history") else None
        letters(office, "1")
        await office.read()
        assert (office.texts(), office.google.count("/token")) == (["1"], 2)


class TestWatch:
    async def test_it_is_renewed_every_day_once_over_all_replicas(self) -> None:
        office = Office()
        one, two = (
            WatchKeeper(mailboxes=[office.mailbox], topic="t", marks=office.marks, clock=office.clock) for _ in range(2)
        )
        assert [await one.renew(office.mailbox), await two.renew(office.mailbox)] == [True, False]
        office.clock.advance(RENEW - timedelta(seconds=1))
        assert not await two.renew(office.mailbox)
        office.clock.advance(timedelta(seconds=1))
        assert [await two.renew(office.mailbox), await one.renew(office.mailbox)] == [True, False]
        [asked] = {json.dumps(json.loads(r.content)) for r in office.google.requests if r.url.path.endswith("/watch")}
        assert json.loads(asked) == {"topicName": "t", "labelIds": ["INBOX"], "labelFilterBehavior": "INCLUDE"}

    async def test_a_renewal_that_fails_is_tried_again_soon(self) -> None:
        office = Office()
        office.google.fault = lambda r: httpx.Response(503) if r.url.path.endswith("/watch") else None
        keeper = WatchKeeper(mailboxes=[office.mailbox], topic="t", marks=office.marks, clock=office.clock)
        assert not await keeper.renew(office.mailbox)
        office.google.fault = lambda r: None
        office.clock.advance(AGAIN)
        assert await keeper.renew(office.mailbox)
