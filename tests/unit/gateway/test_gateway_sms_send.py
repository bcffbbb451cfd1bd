"""Sending by Twilio's REST API: who from, what is asked for, and what each answer means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from mesh.clock import ManualClock
from mesh.errors import Refused

from services.gateway.adapters.memory_allowance import MemoryAllowance
from services.gateway.channels.sms.attaching import Attaching
from services.gateway.channels.sms.channel import Pace, SmsChannel
from services.gateway.channels.sms.client import TwilioClient
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Channel, Delivery, Identity, OutboundMessage
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, Unknown
from services.gateway.domain.rates import Rate
from tests.support.files import HOTEL, Drawer
from tests.support.twilio import OURS, TwilioApi, refused

NOW = datetime.now(UTC)


def item(text: str = "hola", *, account: str = OURS, address: str = "+525512345678", **more: Any) -> OutboxItem:
    conversation = Conversation(
        conversation_id="cnv_1",
        property_id="alameda",
        identity=Identity(channel=Channel.SMS, address=address),
        account=account,
        reply_address=address,
        last_inbound_time=more.pop("last_inbound_time", NOW),
    )
    return replace(
        OutboxItem(
            message_id="out_1",
            sequence=1,
            conversation=conversation,
            content=OutboundMessage(text=text),
            lease=Lease(holder="x", fence=1, until=NOW),
            tries=1,
            possibly_repeated=False,
            create_time=NOW - timedelta(seconds=1),
        ),
        **more,
    )


class Line:
    """A channel in front of a scripted Twilio."""

    def __init__(self, *script: Any, owners: dict[str, str] | None = None, base: str = HOTEL) -> None:
        self.api = TwilioApi(script)
        self.deliveries: list[Delivery] = []
        self.clock = ManualClock(NOW)
        self.drawer = Drawer(clock=self.clock, base=base)
        client = TwilioClient(
            http=self.api.client(), base_url="https://twilio.test", account_sid="AC1", token="secret", seconds=5
        )
        self.channel = SmsChannel(
            client=client,
            owners=owners or {"*": "alameda", OURS: "alameda"},
            routes=[],
            pace=Pace(number=Rate(per_second=1, burst=2), guest=Rate(per_second=1, burst=1)),
            allowance=MemoryAllowance(clock=self.clock),
            accept=self._accept,
            status_url="https://hotel.example/webhooks/twilio",
            attach=Attaching(files=self.drawer.files, mms=("+1",)),
            clock=self.clock,
        )

    async def _accept(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)


async def test_a_message_names_both_numbers_and_where_to_report() -> None:
    line = Line()
    assert await line.channel.send(item()) == Accepted(channel_message_id=f"SM{0:032x}")
    assert line.api.sent == [
        {
            "To": "+525512345678",
            "From": OURS,
            "Body": "hola",
            "StatusCallback": "https://hotel.example/webhooks/twilio?message_id=out_1",
        }
    ]
    [request] = line.api.requests
    assert str(request.url) == "https://twilio.test/2010-04-01/Accounts/AC1/Messages.json"
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_messaging_service_sends_in_its_own_name() -> None:
    line = Line(owners={"MG1": "alameda"})
    assert line.channel.account_for("alameda") == "MG1"
    await line.channel.send(item(account="MG1"))
    assert line.api.sent[0]["MessagingServiceSid"] == "MG1"
    assert "From" not in line.api.sent[0]
    with pytest.raises(Refused):
        line.channel.account_for("elsewhere")


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (refused(21211), Advice.GIVE_UP),
        (refused(21614), Advice.GIVE_UP),
        (refused(21408), Advice.FIX),
        (refused(20003, status=401), Advice.PAGE),
        (refused(20429, status=429), Advice.RETRY),
        (refused(30007), Advice.STOP_PROACTIVE),
        (refused(30022), Advice.RETRY_PACED),
        (refused(99999), Advice.FIX),
        (refused(99999, status=503), Advice.RETRY),
        (httpx.Response(502, text="<html>"), Advice.RETRY),
        (httpx.ConnectError("no way"), Advice.UNREACHABLE),
    ],
)
async def test_each_refusal_has_its_consequence(answer: Any, advice: Advice) -> None:
    outcome = await Line(answer).channel.send(item())
    assert isinstance(outcome, Rejected)
    assert outcome.advice is advice


async def test_twilio_says_how_long_to_wait() -> None:
    outcome = await Line(refused(20429, status=429, headers={"Retry-After": "7"})).channel.send(item())
    assert isinstance(outcome, Rejected)
    assert outcome.retry_after == timedelta(seconds=7)


async def test_an_opt_out_that_twilio_knows_is_mirrored() -> None:
    line = Line(refused(21610))
    outcome = await line.channel.send(item())
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.advice) == ("21610", Advice.GIVE_UP)
    [delivery] = line.deliveries
    assert [(c.identity.address, c.stopped) for c in delivery.consents] == [("+525512345678", True)]


async def test_a_message_whose_answer_was_lost_is_found_instead_of_sent_again() -> None:
    line = Line()
    line.api.script = [line.api.lose]
    assert isinstance(await line.channel.send(item()), Unknown)
    again = await line.channel.send(item(possibly_repeated=True, tries=2))
    assert again == Accepted(channel_message_id=f"SM{0:032x}")
    assert len(line.api.sent) == 1


async def test_an_older_message_with_the_same_words_is_not_taken_for_it() -> None:
    line = Line()
    line.api.take({"To": "+525512345678", "Body": "hola"})
    line.api.taken[0]["date_created"] = "Thu, 26 Nov 2020 12:00:00 +0000"
    await line.channel.send(item(possibly_repeated=True, tries=2))
    assert len(line.api.sent) == 1


async def test_of_a_long_message_only_the_part_that_is_missing_goes_again() -> None:
    line = Line()
    line.api.script = [line.api.take, httpx.ReadTimeout("x")]
    words = " ".join(f"palabra{number}" for number in range(200))
    assert isinstance(await line.channel.send(item(words)), Unknown)
    assert isinstance(await line.channel.send(item(words, possibly_repeated=True, tries=2)), Accepted)
    assert [form["Body"][:9] for form in line.api.sent].count("palabra0 ") == 1
    assert line.api.sent[1] == line.api.sent[2]


async def test_a_part_that_is_refused_after_another_went_out_may_be_repeated() -> None:
    line = Line()
    line.api.script = [line.api.take, refused(20429, status=429)]
    assert isinstance(await line.channel.send(item("palabra " * 300)), Unknown)
    assert ["StatusCallback" in form for form in line.api.sent] == [False, True]


async def test_whatsapp_through_twilio_keeps_whatsapps_window() -> None:
    line = Line()
    late = item(address="whatsapp:+5255", last_inbound_time=NOW - timedelta(hours=25))
    outcome = await line.channel.send(late)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.advice, line.api.sent) == ("63016", Advice.GIVE_UP, [])
    assert isinstance(await line.channel.send(item(address="whatsapp:US.1349")), Accepted)


async def test_messages_go_at_the_pace_of_the_number_and_of_the_guest() -> None:
    line = Line()
    other = replace(item().conversation, conversation_id="cnv_2")
    assert await line.channel.pace(item()) == 0
    assert await line.channel.pace(item()) > 0
    assert await line.channel.pace(item(conversation=other)) == 0
    assert await line.channel.pace(item(conversation=replace(other, conversation_id="cnv_3"))) > 0
    line.clock.advance(timedelta(seconds=1))
    assert await line.channel.pace(item()) == 0
