"""Gmail by its contract: tokens of pushes, history from our own mark, pages, lost marks, the watch, and sending."""

import base64
import email
import email.policy
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from mesh.clock import ManualClock
from mesh.errors import Down

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.adapters.memory_mail import MemoryMarks, MemoryThreads
from services.gateway.channels.email.channel import EmailChannel
from services.gateway.channels.email.gmail import decoded
from services.gateway.channels.email.ports import MailAway
from services.gateway.channels.email.push import IssuerKeys, KeysAway, PushPolicy, is_from_google, read_push
from services.gateway.channels.email.reader import MailReader
from services.gateway.channels.email.sorting import SortingPolicy
from services.gateway.channels.email.watch import AGAIN, RENEW, WatchKeeper
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Button, Channel, Choice, Delivery, Identity, OutboundMessage, Text
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, Unknown
from services.gateway.domain.rates import Rate
from tests.support.gmail import ACCOUNT, ADDRESS, AUDIENCE, ISSUER, NOW, Google, mail

GUEST = "maria@example.com"
POLICY = PushPolicy(issuers=(ISSUER, "accounts.google.com"), audience=AUDIENCE, service_account=ACCOUNT)


class Office:
    """A reader and a channel over one Google and stores in memory; what is accepted is remembered."""

    def __init__(self, *, page: int = 100) -> None:
        self.clock = ManualClock(NOW)
        self.google = Google(page=page)
        self.mailbox = self.google.mailbox()
        self.marks, self.threads = MemoryMarks(), MemoryThreads()
        self.deliveries: list[Delivery] = []
        self.down = False
        self.offer: tuple[Choice, ...] = ()
        self.reader = MailReader(
            mailboxes=[self.mailbox],
            marks=self.marks,
            threads=self.threads,
            policy=SortingPolicy(owners={ADDRESS: "alameda"}, servers={"mx.google.com"}),
            accept=self._accept,
            last_offer=self._last_offer,
            poll=timedelta(seconds=1),
            clock=self.clock,
        )
        self.channel = EmailChannel(
            mailboxes=[self.mailbox],
            owners={ADDRESS: "alameda"},
            names={"alameda": "Hotel Alameda"},
            threads=self.threads,
            routes=[],
            pace=Rate(per_second=1, burst=1),
            answers=Rate(per_second=3 / 3600, burst=3),
            allowance=MemoryAllowance(clock=self.clock),
            clock=self.clock,
        )

    async def _accept(self, delivery: Delivery) -> None:
        if self.down:
            raise Down("STORE_DOWN", "away")
        self.deliveries.append(delivery)

    async def _last_offer(self, property_id: str, identity: Identity) -> tuple[Choice, ...]:
        del property_id, identity
        return self.offer

    async def read(self) -> bool:
        return await self.reader.read(self.mailbox)

    def texts(self) -> list[str]:
        bodies = [message.body for delivery in self.deliveries for message in delivery.messages]
        return [body.text for body in bodies if isinstance(body, Text)]

    def mark(self) -> str:
        return self.marks._box(ADDRESS).mark


async def begun(**more: Any) -> Office:
    """An office that has seen its mailbox before."""
    office = Office(**more)
    assert await office.read()
    return office


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


def keys_of(google: Google, clock: ManualClock | None = None) -> IssuerKeys:
    return IssuerKeys(http=google.http, url="https://google.test/keys", clock=clock or ManualClock(NOW))


class TestPushes:
    async def test_googles_own_token_for_us_is_believed(self) -> None:
        google = Google()
        assert await is_from_google(f"Bearer {google.signer.token()}", keys=keys_of(google), policy=POLICY)
        bare = google.signer.token(iss="accounts.google.com")
        assert await is_from_google(f"bearer {bare}", keys=keys_of(google), policy=POLICY)

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "https://elsewhere.example"},
            {"iss": "https://evil.example"},
            {"email": "somebody@project.iam.gserviceaccount.com"},
            {"email_verified": False},
            {"exp": int(time.time()) - 3600},
            {"iat": int(time.time()) + 3600},
            {"exp": None},
            {"aud": None},
        ],
    )
    async def test_any_other_token_is_not(self, claims: dict[str, Any]) -> None:
        google = Google()
        token = google.signer.token(**claims)
        assert not await is_from_google(f"Bearer {token}", keys=keys_of(google), policy=POLICY)

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer " + "x" * 9000])
    async def test_no_token_is_none(self, header: str) -> None:
        assert not await is_from_google(header, keys=keys_of(Google()), policy=POLICY)

    async def test_a_token_of_another_key_or_of_none_is_not_believed(self) -> None:
        google, other = Google(), Google()
        assert not await is_from_google(f"Bearer {other.signer.token()}", keys=keys_of(google), policy=POLICY)
        head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"sandbox"}').decode().rstrip("=")
        payload = google.signer.token().split(".")[1]
        assert not await is_from_google(f"Bearer {head}.{payload}.", keys=keys_of(google), policy=POLICY)

    async def test_keys_are_asked_for_once_and_unknown_ones_not_all_the_time(self) -> None:
        google, clock = Google(), ManualClock(NOW)
        keys = keys_of(google, clock)
        for _ in range(5):
            await keys.key("sandbox")
            await keys.key("unknown")
        assert google.count("/keys") == 1
        clock.advance(timedelta(seconds=31))
        await keys.key("unknown")
        assert google.count("/keys") == 2

    async def test_without_keys_nobody_is_refused_for_good(self) -> None:
        google, clock = Google(), ManualClock(NOW)
        google.fault = lambda request: httpx.ConnectError("away")
        with pytest.raises(KeysAway):
            await keys_of(google).key("sandbox")
        keys = keys_of(google, clock)
        google.fault = lambda request: None
        await keys.key("sandbox")
        google.fault = lambda request: httpx.Response(500)
        clock.advance(timedelta(hours=2))
        assert await keys.key("sandbox") is not None

    @pytest.mark.parametrize(
        "told",
        [
            {"emailAddress": "R@Hotel.Example", "historyId": 1234567890},
            {"emailAddress": "r@hotel.example", "historyId": "1234567890"},
            {"email_address": "r@hotel.example", "history_id": "1234567890"},
        ],
    )
    @pytest.mark.parametrize("style", ["standard", "urlsafe", "bare", "unwrapped"])
    def test_every_shape_of_a_push_is_read(self, told: dict[str, Any], style: str) -> None:
        written = json.dumps(told).encode()
        encode = base64.urlsafe_b64encode if style == "urlsafe" else base64.b64encode
        data = encode(written).decode().rstrip("=" if style == "bare" else "")
        wrapped = {"message": {"data": data, "message_id": "1"}, "subscription": "s"}
        push = told if style == "unwrapped" else wrapped
        assert read_push(push) == ("r@hotel.example", "1234567890")

    @pytest.mark.parametrize(
        "push", [None, [], {}, {"message": 1}, {"message": {"data": "%%"}}, {"message": {"data": "e30="}}]
    )
    def test_a_shape_nobody_knows_is_nothing(self, push: Any) -> None:
        assert read_push(push) == ("", "")

    def test_base64_is_read_in_both_alphabets(self) -> None:
        assert decoded("_-8") == decoded("/+8=") == b"\xff\xef"


def item(text: str = "Sí hay.", *, message_id: str = "out_1", **more: Any) -> OutboxItem:
    conversation = Conversation(
        conversation_id="cnv_1",
        property_id="alameda",
        identity=Identity(channel=Channel.EMAIL, address=GUEST),
        account=ADDRESS,
        reply_address=GUEST,
    )
    return replace(
        OutboxItem(
            message_id=message_id,
            sequence=1,
            conversation=conversation,
            content=OutboundMessage(text=text, language="es"),
            lease=Lease(holder="x", fence=1, until=NOW),
            tries=1,
            possibly_repeated=False,
            create_time=NOW,
        ),
        **more,
    )


class TestSending:
    async def test_an_answer_joins_the_guests_thread(self) -> None:
        office = await begun()
        theirs = mail(
            "¿Hay lugar?", subject="RE: RV: Re[2]: Reserva", message_id="<b@example.com>", References="<a@example.com>",
            In_Reply_To="<a@example.com>",
        )  # fmt: skip
        arrived = office.google.account.add(theirs)
        await office.read()
        outcome = await office.channel.send(item())
        assert isinstance(outcome, Accepted)
        sent = office.google.account.get(outcome.channel_message_id)
        assert sent is not None
        letter = email.message_from_bytes(sent.raw, policy=email.policy.default)
        assert sent.thread_id == arrived.thread_id
        assert letter["In-Reply-To"] == "<b@example.com>"
        assert letter["References"].split() == ["<a@example.com>", "<b@example.com>"]
        assert letter["Subject"] == "Re: Reserva"
        assert letter["Auto-Submitted"] == "auto-replied"
        assert (letter["To"], letter["Message-ID"]) == (GUEST, "<out_1@hotel.example>")
        assert letter["From"] == f"Hotel Alameda <{ADDRESS}>"
        assert letter.get_content().splitlines() == ["Hola:", "", "Sí hay.", "", "-- ", "Hotel Alameda"]

    async def test_a_mail_of_our_own_begins_a_thread(self) -> None:
        office = Office()
        content = OutboundMessage(
            text="We look forward", language="en", subject="Your\nstay", choices=(Choice(id="a", title="OK"),)
        )
        outcome = await office.channel.send(item(content=content))
        assert isinstance(outcome, Accepted)
        sent = office.google.account.get(outcome.channel_message_id)
        assert sent is not None
        letter = email.message_from_bytes(sent.raw, policy=email.policy.default)
        assert (letter["Subject"], letter["In-Reply-To"], letter["Auto-Submitted"]) == (
            "Your stay",
            None,
            "auto-generated",
        )
        assert letter.get_content().splitlines()[4:6] == ["1) OK", "Reply with the number."]

    @pytest.mark.parametrize("text", ["Hola, soy el asistente.", "¡Buenos días!", "Hello, I am the assistant."])
    async def test_words_that_greet_are_not_greeted_for(self, text: str) -> None:
        office = Office()
        await office.channel.send(item(text))
        assert office.google.calls.recorded[0].words.startswith(text)

    async def test_what_we_sent_is_never_read_as_a_guests(self) -> None:
        office = await begun()
        await office.channel.send(item())
        await office.read()
        assert office.texts() == []

    async def test_a_try_after_a_lost_answer_finds_the_mail_instead(self) -> None:
        office = Office()
        taken = await office.channel.send(item())
        again = await office.channel.send(item(possibly_repeated=True, tries=2))
        assert again == taken
        assert office.google.count("/messages/send") == 1

    async def test_two_robots_stop_after_a_few_answers(self) -> None:
        office = Office()
        outcomes = [await office.channel.send(item(message_id=f"out_{n}")) for n in range(4)]
        assert [isinstance(outcome, Accepted) for outcome in outcomes] == [True, True, True, False]
        last = outcomes[-1]
        assert isinstance(last, Rejected)
        assert (last.code, last.advice) == ("loop", Advice.STOP_PROACTIVE)

    @pytest.mark.parametrize(
        ("answer", "advice"),
        [
            (httpx.Response(429), Advice.RETRY),
            (httpx.Response(403, json={"error": {"errors": [{"reason": "userRateLimitExceeded"}]}}), Advice.RETRY),
            (httpx.Response(403, json={"error": {"errors": [{"reason": "insufficientPermissions"}]}}), Advice.PAGE),
            (httpx.Response(400), Advice.FIX),
            (httpx.Response(503), Advice.RETRY),
            (httpx.ConnectError("away"), Advice.UNREACHABLE),
        ],
    )
    async def test_each_refusal_has_its_consequence(self, answer: Any, advice: Advice) -> None:
        office = Office()
        office.google.fault = lambda r: answer if r.url.path.endswith("/send") else None
        outcome = await office.channel.send(item())
        assert isinstance(outcome, Rejected)
        assert outcome.advice is advice

    async def test_silence_may_mean_that_it_was_sent(self) -> None:
        office = Office()
        office.google.fault = lambda r: httpx.ReadTimeout("x") if r.url.path.endswith("/send") else None
        assert isinstance(await office.channel.send(item()), Unknown)

    async def test_a_refused_refresh_token_pages_somebody(self) -> None:
        office = Office()
        office.google.fault = lambda r: httpx.Response(400) if r.url.path.endswith("/token") else None
        outcome = await office.channel.send(item())
        assert isinstance(outcome, Rejected)
        assert outcome.advice is Advice.PAGE

    async def test_an_address_that_is_none_is_given_up(self) -> None:
        office = Office()
        broken = replace(item().conversation, reply_address="a@b\r\nBcc: c@d")
        outcome = await office.channel.send(item(conversation=broken))
        assert isinstance(outcome, Rejected)
        assert outcome.advice is Advice.GIVE_UP
