"""A dialogue's channel is one of ours under any name people give it, and what it cannot carry is said, not dropped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hotel.common.v1 import channel_pb2
from mesh.clock import ManualClock

from services.orchestrator.rehearse.house import House
from services.orchestrator.rehearse.lines import directory
from services.orchestrator.rehearse.lines.line import NotCarried, Sent

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "identity"),
    [
        ("WhatsApp", {"channel": "CHANNEL_WHATSAPP", "address": "12025550101", "phone_number": "+12025550101"}),
        ("twilio", {"channel": "CHANNEL_SMS", "address": "+12025550101", "phone_number": "+12025550101"}),
        ("gmail", {"channel": "CHANNEL_EMAIL", "address": "+12025550101"}),
        (
            "telegram",
            {
                "channel": "CHANNEL_GENERIC",
                "address": "+12025550101",
                "phone_number": "+12025550101",
                "channel_name": "telegram",
            },
        ),
    ],
)
async def test_a_guest_is_known_as_their_channel_knows_them(written: str, identity: dict[str, str]) -> None:
    hotel = House(clock=ManualClock(NOW), property_id="alameda", http_port=1)
    line = directory.line(hotel, channel=directory.channel_of(written), address="+12025550101")
    assert line.identity == channel_pb2.ChannelIdentity(**identity)
    assert directory.channel_of_identity(line.identity) == directory.channel_of(written)
    await hotel.close()


@pytest.mark.parametrize("channel", ["sms", "email", "webchat", "converse"])
async def test_what_a_channel_cannot_carry_is_said(channel: str) -> None:
    hotel = House(clock=ManualClock(NOW), property_id="alameda", http_port=1)
    line = directory.line(hotel, channel=channel, address="+12025550101")
    reaction = Sent(message_id="1", kind="reaction", content="👍", options={"of": "0"}, time=NOW)
    with pytest.raises(NotCarried, match="carries no reaction"):
        await line.deliver([reaction])
    await hotel.close()
