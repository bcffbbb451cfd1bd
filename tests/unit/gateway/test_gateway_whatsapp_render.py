"""Messages of ours fit the Cloud API's limits, in Spanish too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.channels.whatsapp.render import render, template
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import Channel, Choice, Identity, OutboundMessage
from services.gateway.domain.outbox import OutboxItem
from services.gateway.sandbox.rules import faults_of

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def item(content: OutboundMessage, *, address: str = "5215512345678") -> OutboxItem:
    conversation = Conversation(
        conversation_id="cnv_1",
        property_id="alameda",
        identity=Identity(channel=Channel.WHATSAPP, address=address),
        account="100000000000001",
        reply_address=address,
    )
    return OutboxItem(
        message_id="out_1",
        sequence=1,
        conversation=conversation,
        content=content,
        lease=Lease(holder="one", fence=1, until=NOW + timedelta(seconds=30)),
        tries=1,
        possibly_repeated=False,
        create_time=NOW,
    )


def rendered(content: OutboundMessage, **more: Any) -> dict[str, Any]:
    [payload] = render(item(content, **more))
    assert faults_of(payload) == []
    return payload


def choices(*titles: str, description: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{n}", title=title, description=description) for n, title in enumerate(titles))


def test_words_go_as_text_with_our_id() -> None:
    assert rendered(OutboundMessage(text="¡Hola!")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "5215512345678",
        "type": "text",
        "text": {"body": "¡Hola!", "preview_url": False},
        "biz_opaque_callback_data": "out_1",
    }


def test_a_user_id_is_a_recipient_and_no_phone() -> None:
    payload = rendered(OutboundMessage(text="Hola"), address="US.13491208655302741918")
    assert payload["recipient"] == "US.13491208655302741918"
    assert "to" not in payload


def test_three_short_choices_are_buttons() -> None:
    payload = rendered(OutboundMessage(text="¿Confirma?", choices=choices("Sí", "No", "Cambiar")))
    assert payload["interactive"]["type"] == "button"
    assert [b["reply"]["title"] for b in payload["interactive"]["action"]["buttons"]] == ["Sí", "No", "Cambiar"]


def test_a_title_too_long_for_a_button_makes_a_list_and_is_said_in_full() -> None:
    payload = rendered(OutboundMessage(text="¿?", choices=choices("Confirmar reservación", "No"), language="es"))
    assert payload["interactive"]["type"] == "list"
    assert payload["interactive"]["action"]["button"] == "Ver opciones"
    assert payload["interactive"]["action"]["sections"][0]["rows"][0]["title"] == "Confirmar reservación"
    longer = rendered(OutboundMessage(text="¿?", choices=choices("Habitación familiar con vista al jardín")))
    row = longer["interactive"]["action"]["sections"][0]["rows"][0]
    assert len(row["title"]) <= 24
    assert row["description"] == "Habitación familiar con vista al jardín"


def test_ten_rows_at_most_over_all() -> None:
    payload = rendered(OutboundMessage(text="¿Cuál?", choices=choices(*map(str, range(12)))))
    assert len(payload["interactive"]["action"]["sections"][0]["rows"]) == 10


def test_equal_titles_are_told_apart() -> None:
    payload = rendered(OutboundMessage(text="¿Cuál?", choices=choices("Doble", "Doble")))
    assert [b["reply"]["title"] for b in payload["interactive"]["action"]["buttons"]] == ["Doble", "Doble 2"]


def test_words_too_long_for_choices_go_ahead_and_only_the_last_part_carries_our_id() -> None:
    payloads = render(
        item(OutboundMessage(text="palabra " * 300, choices=choices("Sí"), reply_to_message_id="wamid.Q"))
    )
    assert len(payloads) > 1
    assert [faults_of(payload) for payload in payloads] == [[]] * len(payloads)
    *ahead, last = [payload["biz_opaque_callback_data"] for payload in payloads]
    assert ahead == [f"{last}/{number}" for number in range(1, len(payloads))]
    assert payloads[0]["context"] == {"message_id": "wamid.Q"}
    assert payloads[-1]["type"] == "interactive"


def test_a_template_has_its_language_and_arguments() -> None:
    content = OutboundMessage(text="", template_name="pre_arrival", template_arguments=("Ana", "3"), language="es-MX")
    assert template(item(content))["template"] == {
        "name": "pre_arrival",
        "language": {"code": "es_MX"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "3"}]}
        ],
    }


@settings(max_examples=80)
@given(
    text=st.text(min_size=1, max_size=4096).filter(str.strip),
    titles=st.lists(st.text(min_size=1, max_size=60).filter(str.strip), max_size=12),
    description=st.text(max_size=120),
)
def test_whatever_is_said_fits_the_limits(text: str, titles: list[str], description: str) -> None:
    content = OutboundMessage(text=text, choices=choices(*titles, description=description))
    assert [faults_of(payload) for payload in render(item(content))] == [[]] * len(render(item(content)))


@pytest.mark.parametrize(
    "payload",
    [
        {"messaging_product": "whatsapp", "to": "1", "type": "text", "text": {"body": ""}},
        {"messaging_product": "whatsapp", "to": "1", "type": "text", "text": {"body": "x" * 4097}},
        {"to": "1", "type": "text", "text": {"body": "x"}},
        {"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}},
        {"messaging_product": "whatsapp", "to": "1", "type": "interactive", "interactive": {"type": "button"}},
    ],
)
def test_the_sandbox_refuses_what_meta_refuses(payload: dict[str, Any]) -> None:
    assert faults_of(payload)
