"""Replies of a turn by mail are one letter; on every other channel they stay what they were."""

import pytest

from services.gateway.domain.letters import as_sent_by
from services.gateway.domain.message import Channel, Choice, OutboundMessage

REPLIES = (
    OutboundMessage(text="Hola.", language="es", reply_to_message_id="<1@x>"),
    OutboundMessage(text=" ¿Cuál prefiere?\n", subject="Su estancia", choices=(Choice(id="a", title="Doble"),)),
    OutboundMessage(text="Gracias.", choices=(Choice(id="b", title="Suite"),), reply_to_message_id="<2@x>"),
)


def test_one_mail_says_everything_in_order_and_answers_the_newest() -> None:
    assert as_sent_by(Channel.EMAIL, REPLIES) == (
        OutboundMessage(
            text="Hola.\n\n¿Cuál prefiere?\n\nGracias.",
            language="es",
            subject="Su estancia",
            choices=(Choice(id="a", title="Doble"), Choice(id="b", title="Suite")),
            reply_to_message_id="<2@x>",
        ),
    )


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.EMAIL])
def test_other_channels_send_each_reply(channel: Channel) -> None:
    assert as_sent_by(channel, REPLIES) == REPLIES


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_join_is_left_alone(count: int) -> None:
    assert as_sent_by(Channel.EMAIL, REPLIES[:count]) == REPLIES[:count]


def test_a_template_stays_a_message_of_its_own() -> None:
    template = OutboundMessage(text="", template_name="bienvenida")
    joined = as_sent_by(Channel.EMAIL, (template, *REPLIES))
    assert (len(joined), joined[1]) == (2, template)
