"""Answers by mail: in the guest's thread, once, and what each answer of Gmail's means."""

import base64
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from mesh.values import derived_id

from services.gateway.domain.message import Choice, OutboundMessage
from services.gateway.domain.outbox import Accepted, Advice, Rejected, Unknown
from tests.support.files import PDF, document
from tests.support.gmail import ADDRESS, mail
from tests.support.mail_office import GUEST, Office, begun, item


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

    @pytest.mark.parametrize("size", [1_000, 4_900_000])
    async def test_a_file_of_any_size_goes_in_the_guests_thread(self, size: int) -> None:
        office = await begun()
        arrived = office.google.account.add(mail("¿Me mandan la cuenta?"))
        await office.read()
        bill = document(content=PDF + b"\r\n--" + bytes(size))
        told = item(content=OutboundMessage(text="Aquí está.", attachment=bill), message_id=derived_id("out", "1"))
        outcome = await office.channel.send(office.drawer.keep(told))
        assert isinstance(outcome, Accepted)
        sent = office.google.account.get(outcome.channel_message_id)
        assert sent is not None
        assert sent.thread_id == arrived.thread_id
        letter = email.message_from_bytes(sent.raw, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        [file] = letter.iter_attachments()
        assert (file.get_content(), file.get_filename()) == (bill.content, "cuenta.pdf")
        paths = [
            request.url.path.partition("/gmail")[0] for request in office.google.requests if "send" in str(request.url)
        ]
        assert paths == (["/upload"] if size > 1_000_000 else [""])

    @pytest.mark.parametrize("wrote_before", [False, True])
    async def test_a_mail_of_our_own_begins_a_thread(self, wrote_before: bool) -> None:
        office = await begun()
        if wrote_before:
            office.google.account.add(mail("¿Hay lugar?", subject="Reserva"))
            await office.read()
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

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
    async def test_no_line_end_of_a_guests_makes_a_header(self, end: str) -> None:
        office = await begun()
        told = f"Reserva{end}Bcc: everybody@example.com{end}{end}words of the guest's"
        raw = mail("hola", subject="x", message_id="<b@example.com>").replace(
            b"Subject: x", b"Subject: =?utf-8?b?" + base64.b64encode(told.encode()) + b"?="
        )
        office.google.account.add(raw)
        await office.read()
        content = OutboundMessage(text=f"Sí.{end}Bcc: x@example.com", language="es", subject=told)
        for outcome in [await office.channel.send(item()), await office.channel.send(item(content=content))]:
            assert isinstance(outcome, Accepted)
            sent = office.google.account.get(outcome.channel_message_id)
            assert sent is not None
            letter = email.message_from_bytes(sent.raw, policy=email.policy.default)
            assert letter["Bcc"] is None
            assert letter["To"] == GUEST
            assert "words of the guest's" not in letter.get_content()

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
