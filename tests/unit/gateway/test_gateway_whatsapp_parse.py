"""Every shape of WhatsApp webhook is understood, or kept; none is lost and none makes an error."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.adapters.rows import message_from_text, message_to_text
from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.domain.message import Channel, Delivery, InboundMessage, Text
from tests.support.whatsapp_shapes import CASES, DEFAULTS, SHAPES, WIRE_FORMS, broken_webhooks

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
NUMBERS = {"100000000000001": "alameda", "100000000000002": "jacarandas"}


def value_of(**parts: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "+52 55 0000 0000", "phone_number_id": "100000000000001"}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def webhook(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    entries = [{"id": "1", "changes": [{"field": field, "value": value}]} for value in values]
    return {"object": "whatsapp_business_account", "entry": entries}


def read(payload: object) -> Delivery:
    return read_webhook(payload, numbers=NUMBERS, now=NOW)


def text(message_id: str, body: str = "hola", **more: Any) -> dict[str, Any]:
    return {**DEFAULTS, "id": message_id, "type": "text", "text": {"body": body}, **more}


@pytest.mark.parametrize("form", WIRE_FORMS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_message_of_the_table_is_understood(case: dict[str, Any], form: str) -> None:
    message = {key: value for key, value in {**DEFAULTS, **case["message"]}.items() if value is not None}
    contacts = [case["contact"]] if "contact" in case else []
    delivery = read(json.loads(WIRE_FORMS[form](webhook(value_of(contacts=contacts, messages=[message])))))
    if "event" in case:
        assert [event.kind for event in delivery.events] == [case["event"]]
        assert delivery.messages == ()
    else:
        [understood] = delivery.messages
        wanted = dict(case["want"])
        assert type(understood.body).__name__ == wanted.pop("type")
        assert_contains(json.loads(json.dumps(asdict(understood.body))), wanted)
        assert_contains(json.loads(json.dumps(asdict(understood.sender))), case.get("sender", {}))
        assert understood.forwarded is case.get("forwarded", False)
        assert understood.reply_to_message_id == case.get("reply_to", "")
        assert understood.display_name == case.get("display_name", understood.display_name)
        assert understood.send_time == datetime.fromtimestamp(1763654395, UTC)
        assert message_from_text(message_to_text(understood)) == understood
    changes = [[change.previous, change.current] for change in delivery.address_changes]
    assert changes == ([case["address_change"]] if "address_change" in case else [])


def assert_contains(found: Any, wanted: Any) -> None:
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert_contains(found[key], value)
    else:
        assert found == wanted


def test_every_entry_change_and_message_is_read() -> None:
    status = {"id": "s", "status": "read"}
    payload = {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1", "changes": [{"field": "messages", "value": value_of(messages=[text("a"), text("b")])}] * 1},
            {
                "id": "2",
                "changes": [
                    {"field": "messages", "value": value_of(messages=[text("c")])},
                    {
                        "field": "messages",
                        "value": value_of(messages=[text("d")], statuses=[status]),
                    },
                ],
            },
        ],
    }
    delivery = read(payload)
    assert [message.message_id for message in delivery.messages] == ["a", "b", "c", "d"]
    assert [status.channel_message_id for status in delivery.statuses] == ["s"]


def test_the_property_is_told_by_the_number_written_to() -> None:
    second = value_of(messages=[text("b")], metadata={"phone_number_id": "100000000000002"})
    delivery = read(webhook(value_of(messages=[text("a")]), second))
    assert [(m.property_id, m.account) for m in delivery.messages] == [
        ("alameda", "100000000000001"),
        ("jacarandas", "100000000000002"),
    ]


def test_a_message_to_a_number_nobody_owns_is_kept_and_given_to_no_property() -> None:
    delivery = read(webhook(value_of(messages=[text("a")], metadata={"phone_number_id": "999"})))
    assert delivery.messages == ()
    assert [event.kind for event in delivery.events] == ["unrouted_message"]


def test_a_star_takes_every_other_number() -> None:
    payload = webhook(value_of(messages=[text("a")], metadata={"phone_number_id": "999"}))
    [message] = read_webhook(payload, numbers={"*": "alameda"}, now=NOW).messages
    assert (message.property_id, message.account) == ("alameda", "999")


def test_contacts_belong_to_the_messages_of_their_people() -> None:
    contacts = [{"wa_id": "1", "profile": {"name": "Uno"}}, {"wa_id": "2", "profile": {"name": "Dos"}}]
    messages = [{**text("a"), "from": "2"}, {**text("b"), "from": "1"}]
    delivery = read(webhook(value_of(contacts=contacts, messages=messages)))
    assert [message.display_name for message in delivery.messages] == ["Dos", "Uno"]


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "99999999999999999999", None, 12.5, [], "1e9"])
def test_a_timestamp_that_is_none_becomes_the_time_of_receipt(timestamp: object) -> None:
    [message] = read(webhook(value_of(messages=[{**text("a"), "timestamp": timestamp}]))).messages
    assert message.send_time == NOW


def test_a_timestamp_as_a_number_is_read_like_text() -> None:
    [message] = read(webhook(value_of(messages=[{**text("a"), "timestamp": 1763654395}]))).messages
    assert message.send_time == datetime.fromtimestamp(1763654395, UTC)


def test_a_message_from_the_future_is_taken_as_sent_now() -> None:
    [message] = read(webhook(value_of(messages=[{**text("a"), "timestamp": "1999999999"}]))).messages
    assert message.send_time == NOW


def test_a_status_is_no_message_and_carries_our_own_id_and_the_error() -> None:
    status = {
        "id": "wamid.OURS",
        "status": "failed",
        "timestamp": "1763654395",
        "recipient_id": "5215512345678",
        "biz_opaque_callback_data": "out_1",
        "errors": [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "x"}}],
    }
    delivery = read(webhook(value_of(statuses=[status])))
    assert delivery.messages == ()
    [update] = delivery.statuses
    assert (update.message_id, update.status, update.failure_code) == ("out_1", "failed", "131026")
    assert [event.kind for event in delivery.events] == ["status.failed"]


def test_prices_of_statuses_are_read_and_errors_kept_for_people() -> None:
    pricing = {"billable": True, "pricing_model": "PMP", "category": "utility"}
    delivered = {"id": "w", "status": "delivered", "pricing": pricing}
    failed = {"id": "x", "status": "failed", "errors": [{"code": 131026}], "pricing": None}
    delivery = read(webhook(value_of(statuses=[delivered, failed])))
    assert [(s.price_category, s.billable) for s in delivery.statuses] == [("utility", True), ("", False)]
    assert [event.kind for event in delivery.events] == ["status.failed"]


@pytest.mark.parametrize(
    "field",
    ["account_update", "message_template_status_update", "phone_number_quality_update", "calls", "group_update", "new"],
)
def test_other_fields_are_kept_as_events(field: str) -> None:
    delivery = read(webhook({"event": "X", "decision": "APPROVED"}, field=field))
    assert [event.kind for event in delivery.events] == [field]


def echoed(**content: object) -> InboundMessage:
    """What a person wrote from the hotel's phone, as it is read."""
    echo = {"from": "525500000000", "to": "5215512345678", "id": "e", "timestamp": "1795276800", **content}
    delivery = read(webhook(value_of(message_echoes=[echo], messages=[text("b")]), field="smb_message_echoes"))
    [message] = delivery.messages
    assert message.by_staff
    return message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "text", "text": {"body": "Ya le mando el <b>precio</b>"}}, "Ya le mando el precio"),
        ({"type": "image", "image": {"id": "1", "caption": "La terraza"}}, "La terraza"),
        ({"type": "document", "document": {"id": "1", "filename": "tarifas.pdf"}}, "📎 tarifas.pdf"),
        ({"type": "video", "video": {"id": "1"}}, "📎 video"),
        ({"type": "audio", "audio": {"id": "1", "voice": True}}, "🎤"),
        ({"type": "location", "location": {"latitude": 1, "longitude": 2, "name": "Hotel"}}, "📍 Hotel"),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ana"}}]}, "👤 Ana"),
    ],
)
def test_what_staff_write_from_the_hotels_phone_is_theirs_to_the_guest(content: dict[str, object], words: str) -> None:
    message = echoed(**content)
    assert (message.sender.address, message.body) == ("5215512345678", Text(text=words))


def test_an_echo_to_a_guest_without_a_phone_goes_by_the_user_id() -> None:
    assert echoed(type="text", text={"body": "a"}, to=None, to_user_id="MX.1").sender.address == "MX.1"


@pytest.mark.parametrize(
    "echo",
    [
        {"to": "5215512345678", "id": "e", "type": "reaction", "reaction": {"message_id": "x", "emoji": "👍"}},
        {"to": "5215512345678", "id": "e", "type": "revoke", "revoke": {"original_message_id": "x"}},
        {"id": "e", "type": "text", "text": {"body": "a"}},
        {"to": "5215512345678", "type": "text", "text": {"body": "a"}},
    ],
)
def test_an_echo_without_words_or_addressee_is_kept(echo: dict[str, object]) -> None:
    delivery = read(webhook(value_of(message_echoes=[echo]), field="smb_message_echoes"))
    assert (delivery.messages, [event.kind for event in delivery.events]) == ((), ["message_echo"])


def test_errors_of_the_account_are_kept() -> None:
    delivery = read(webhook(value_of(errors=[{"code": 130429, "title": "Rate limit hit"}])))
    assert [event.kind for event in delivery.events] == ["messages"]


def test_a_repeated_event_has_the_same_id_and_another_one_has_not() -> None:
    first, again = (read(webhook({"event": "X"}, field="account_update")).events[0] for _ in range(2))
    other = read(webhook({"event": "Y"}, field="account_update")).events[0]
    assert first.event_id == again.event_id != other.event_id


def test_a_new_user_id_is_linked_to_the_old_one() -> None:
    update = {"user_id": {"previous": "US.1", "current": "US.2"}, "detail": "changed"}
    delivery = read(webhook(value_of(user_id_update=[update]), field="user_id_update"))
    [change] = delivery.address_changes
    assert (change.previous, change.current, change.channel) == ("US.1", "US.2", Channel.WHATSAPP)


@pytest.mark.parametrize(("word", "stopped"), [("stop", True), ("resume", False)])
def test_marketing_preferences_are_consents(word: str, *, stopped: bool) -> None:
    preference = {"wa_id": "5215512345678", "category": "marketing_messages", "value": word, "timestamp": 1763654395}
    delivery = read(webhook(value_of(user_preferences=[preference]), field="user_preferences"))
    assert [(c.identity.address, c.stopped) for c in delivery.consents] == [("5215512345678", stopped)]


@pytest.mark.parametrize(
    ("kind", "told", "more"),
    [
        ("referral", referral := {"source_id": "1", "ctwa_clid": "abc"}, {"referral": referral}),
        ("referred_product", product := {"catalog_id": "1"}, {"context": {"id": "q", "referred_product": product}}),
        ("errors", errors := [{"code": 131051, "title": "Unsupported"}], {"errors": errors}),
    ],
)
def test_what_comes_beside_a_message_is_kept(kind: str, told: object, more: dict[str, Any]) -> None:
    delivery = read(webhook(value_of(messages=[text("a", **more)])))
    assert [message.message_id for message in delivery.messages] == ["a"]
    [event] = delivery.events
    assert (event.kind, json.loads(event.payload)) == (kind, {"id": "a", kind: told})


def test_an_answer_names_its_question_by_either_word() -> None:
    messages = [text("a", context={"id": "wamid.q"}), text("b", context={"message_id": "wamid.q"})]
    delivery = read(webhook(value_of(messages=messages)))
    assert [message.reply_to_message_id for message in delivery.messages] == ["wamid.q"] * 2


def test_a_notice_of_a_new_number_that_only_names_the_customer_leads_to_it() -> None:
    system = {"type": "user_changed_number", "customer": "5215511111111", "wa_id": "5215522222222"}
    notice = {"id": "n", "timestamp": "1763654395", "type": "system", "system": system}
    [change] = read(webhook(value_of(messages=[notice]))).address_changes
    assert (change.previous, change.current) == ("5215511111111", "5215522222222")


def test_an_entry_without_changes_is_kept_beside_one_with_messages() -> None:
    payload = webhook(value_of(messages=[text("a")]))
    payload["entry"] += [{"id": "9", "standby": [{"text": {"body": "de otra aplicación"}}]}]
    delivery = read(payload)
    assert [message.message_id for message in delivery.messages] == ["a"]
    assert [event.kind for event in delivery.events] == ["unreadable"]


def test_a_message_that_is_no_object_is_kept_with_its_webhook() -> None:
    delivery = read(webhook(value_of(messages=[text("a"), "b"])))
    assert [message.message_id for message in delivery.messages] == ["a"]
    assert [event.kind for event in delivery.events] == ["messages"]


def test_history_of_a_phone_is_kept_and_never_answered() -> None:
    thread = {"id": "5215512345678", "messages": [text("old"), {**text("media"), "type": "media_placeholder"}]}
    delivery = read(webhook(value_of(history=[{"metadata": {"phase": 0}, "threads": [thread]}]), field="history"))
    assert delivery.messages == ()
    assert [event.kind for event in delivery.events] == ["history"]


def test_an_old_name_leads_to_every_new_one() -> None:
    update = {
        "wa_id": "5215599999999",
        "user_id": {"previous": "US.1", "current": "US.2"},
        "parent_user_id": {"previous": "US.ENT.1", "current": "US.ENT.2"},
    }
    delivery = read(webhook(value_of(user_id_update=[update]), field="user_id_update"))
    changes = {(change.previous, change.current) for change in delivery.address_changes}
    assert {("US.1", "US.2"), ("US.1", "5215599999999"), ("US.ENT.1", "US.2")} <= changes


@pytest.mark.parametrize(
    ("words", "signals"),
    [
        ("' OR 1=1; -- ", ("sql",)),
        ("x UNION SELECT password FROM users", ("sql",)),
        ("<script>alert(1)</script>hola", ("script",)),
        ("${jndi:ldap://x} {{7*7}}", ("template",)),
        ("../../etc/passwd", ("path",)),
        ("please update my booking or cancel", ()),
        ("quiero seleccionar y actualizar la reserva; ¿puede ser?", ()),
        ("drop off at 5, table for two, select the suite", ()),
    ],
)
def test_what_looks_like_an_attack_is_recorded_and_understood_like_anything_else(
    words: str, signals: tuple[str, ...]
) -> None:
    [message] = read(webhook(value_of(messages=[text("a", words)]))).messages
    assert message.signals == signals
    assert isinstance(message.body, Text)
    assert message_from_text(message_to_text(message)) == message


def test_the_same_message_twice_in_one_webhook_is_one() -> None:
    assert len(read(webhook(value_of(messages=[text("a"), text("a")]))).messages) == 1


@pytest.mark.parametrize("payload", [None, [], "x", 5, {}, {"entry": None}, {"entry": [1, None]}, {"entry": [{}]}])
def test_a_payload_without_changes_is_kept_as_unreadable(payload: object) -> None:
    assert [event.kind for event in read(payload).events] == ["unreadable"]


@settings(max_examples=200, deadline=None)
@given(payload=st.one_of(broken_webhooks(), SHAPES), form=st.sampled_from(sorted(WIRE_FORMS)))
def test_no_shape_of_payload_raises_and_everything_can_be_stored(payload: object, form: str) -> None:
    try:
        received = json.loads(WIRE_FORMS[form](payload))
    except UnicodeDecodeError:
        return  # half a surrogate in raw UTF-8 is no JSON and is refused before it is read
    delivery = read(received)
    for message in delivery.messages:
        assert message_from_text(message_to_text(message)) == message
        stored_as = [message.message_id, message.sender.address, *message.sender.aliases, message.display_name]
        assert all("\x00" not in part and part.encode() is not None for part in stored_as)
    for event in delivery.events:
        assert event.payload.isascii()


@settings(max_examples=80, deadline=None)
@given(words=st.text(max_size=300))
def test_words_survive_every_wire_form_alike(words: str) -> None:
    payload = webhook(value_of(messages=[text("a", words)]))
    bodies = {repr(read(json.loads(json.dumps(payload))).messages[0].body)}
    bodies.add(repr(read(json.loads(json.dumps(payload).replace("/", "\\/"))).messages[0].body))
    assert len(bodies) == 1
    [message] = read(payload).messages
    if isinstance(message.body, Text):
        assert 1 <= len(message.body.text) <= 4000
