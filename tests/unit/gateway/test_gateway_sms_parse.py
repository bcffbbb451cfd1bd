"""What Twilio's parameters become: words, pictures, taps, opt-outs, statuses, and what is kept as it is."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.channels.sms.contents import decoded, is_media_url
from services.gateway.channels.sms.optout import opt_out_of
from services.gateway.channels.sms.parse import read_webhook
from services.gateway.domain.message import (
    Button,
    Channel,
    Delivery,
    InboundMessage,
    Location,
    Media,
    MediaKind,
    Text,
    Unsupported,
    Voice,
)

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OWNERS = {"+15005550006": "alameda", "MG1": "jacarandas"}
MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"
GUEST = {"MessageSid": "SM1", "From": "+5215512345678", "To": "+15005550006", "SmsStatus": "received"}


def read(message_id: str = "", owners: dict[str, str] = OWNERS, **parameters: str) -> Delivery:
    return read_webhook([parameters], owners=owners, message_id=message_id, now=NOW)


def said(**parameters: str) -> InboundMessage:
    [message] = read(**{**GUEST, **parameters}).messages
    return message


def test_words_come_from_a_phone_to_the_property_of_our_number() -> None:
    message = said(Body="  ¿Tienen\r\nhabitación? ")
    assert message.body == Text(text="¿Tienen\nhabitación?")
    assert (message.message_id, message.property_id, message.account) == ("SM1", "alameda", "+15005550006")
    assert (message.sender.channel, message.sender.address) == (Channel.SMS, "+5215512345678")
    assert message.sender.phone_number == "+525512345678"


def test_parameters_nobody_knows_change_nothing() -> None:
    assert said(Body="hola", Tomorrow="1", FromCity="") == said(Body="hola")


def test_pictures_carry_the_words_and_each_has_an_id() -> None:
    media = {"NumMedia": "2", "MediaUrl0": MEDIA + "1", "MediaContentType0": "image/jpeg"}
    media |= {"MediaUrl1": MEDIA + "2", "MediaContentType1": "application/pdf"}
    first, second = read(**{**GUEST, **media, "Body": "mi reserva"}).messages
    assert first.body == Media(kind=MediaKind.IMAGE, media_id=MEDIA + "1", mime_type="image/jpeg", caption="mi reserva")
    assert isinstance(second.body, Media)
    assert second.body.kind is MediaKind.DOCUMENT
    assert [first.message_id, second.message_id] == ["SM1", "SM1/1"]


def test_a_picture_without_a_body_is_a_picture() -> None:
    message = said(NumMedia="1", MediaUrl0=MEDIA, MediaContentType0="video/3gpp")
    assert isinstance(message.body, Media)
    assert message.body.caption == ""


def test_a_voice_note_is_voice_and_its_words_stay() -> None:
    parameters = {**GUEST, "NumMedia": "1", "MediaUrl0": MEDIA, "MediaContentType0": "audio/amr", "Body": "oigan"}
    words, voice = read(**parameters).messages
    assert words.body == Text(text="oigan")
    assert voice.body == Voice(media_id=MEDIA, mime_type="audio/amr")


def test_media_from_another_host_is_never_fetched() -> None:
    url = "https://evil.example/x"
    message = said(NumMedia="1", MediaUrl0=url, MediaContentType0="image/png")
    assert message.body == Media(kind=MediaKind.IMAGE, media_id=url, mime_type="image/png")
    assert not is_media_url(url)


def test_nothing_at_all_is_answered_politely() -> None:
    assert said().body == Unsupported(kind="empty")
    assert said(NumMedia="x", Body=" \u200b ").body == Unsupported(kind="empty")


@pytest.mark.parametrize("words", ["¿Tienen habitación del 3 al 6?", "hola", "I would like a room, please"])
def test_base64_of_some_carriers_is_read(words: str) -> None:
    packed = base64.b64encode(words.encode()).decode()
    assert said(Body=packed).body == Text(text=words)
    broken = "\r\n".join(packed[start : start + 20] for start in range(0, len(packed), 20))
    assert decoded(broken) == words


def test_base64_that_a_carrier_cut_within_a_character_keeps_the_rest() -> None:
    cut = "¿Hay lugar mañana? \u201cSuite\u201d".encode()[:-1]
    assert decoded(base64.b64encode(cut).decode()) == "¿Hay lugar mañana? \u201cSuite"


@pytest.mark.parametrize(
    "words",
    ["hola", "Reservaciones", "internationalization", "ABCDEFGHIJKLMNOP", "4111111111111111", "1234"],
)
def test_a_long_word_is_a_word(words: str) -> None:
    assert decoded(words) == words


def test_a_messaging_service_names_the_property_when_the_number_does_not() -> None:
    message = said(To="+15550001111", MessagingServiceSid="MG1", Body="hola")
    assert (message.property_id, message.account) == ("jacarandas", "+15550001111")


def test_a_number_of_nobody_is_kept_and_not_answered() -> None:
    delivery = read(**{**GUEST, "To": "+15559998888", "Body": "hola"})
    assert (delivery.messages, [event.kind for event in delivery.events]) == ((), ["unrouted_message"])


def test_a_sender_that_is_only_a_name_is_kept_and_not_answered() -> None:
    delivery = read(**{**GUEST, "From": "BANCO", "Body": "Su clave es 1234"})
    assert (delivery.messages, [event.kind for event in delivery.events]) == ((), ["unanswerable_message"])


class TestWhatsAppThroughTwilio:
    def test_a_phone_and_a_user_id_are_one_person(self) -> None:
        message = said(
            From="whatsapp:+5215512345678", To="whatsapp:+15005550006", ExternalUserId="US.1349", WaId="5215512345678",
            ProfileName="María", Body="hola",
        )  # fmt: skip
        assert message.property_id == "alameda"
        assert message.sender.address == "whatsapp:+5215512345678"
        assert set(message.sender.aliases) == {"whatsapp:US.1349", "whatsapp:phone:525512345678"}
        assert (message.sender.phone_number, message.display_name) == ("+525512345678", "María")

    def test_a_user_id_without_a_phone_is_answered_where_it_came_from(self) -> None:
        message = said(From="whatsapp:US.1349", ExternalUserId="US.1349", Body="hola")
        assert (message.sender.address, message.sender.phone_number) == ("whatsapp:US.1349", "")

    def test_rcs_is_answered_where_it_came_from_and_a_pages_guest_has_no_phone(self) -> None:
        rcs = said(From="rcs:+5215512345678", To="rcs:agent", MessagingServiceSid="MG1", Body="hola")
        assert (rcs.sender.address, rcs.sender.phone_number) == ("rcs:+5215512345678", "+525512345678")
        page = said(From="messenger:525512345678123", To="messenger:1", MessagingServiceSid="MG1", Body="hola")
        assert (page.sender.address, page.sender.phone_number, page.sender.aliases) == (
            "messenger:525512345678123", "", (),
        )  # fmt: skip

    def test_what_is_no_user_id_names_nobody(self) -> None:
        message = said(From="whatsapp:+5215512345678", ExternalUserId="whatsapp:foo_bar", Body="hola")
        assert message.sender.aliases == ("whatsapp:phone:525512345678",)

    def test_taps_and_places(self) -> None:
        tap = said(ButtonPayload="confirm:1", ButtonText="Sí", Body="Sí", MessageType="button")
        assert tap.body == Button(button_id="confirm:1", title="Sí")
        assert said(ListId="room:2", ListTitle="Suite").body == Button(button_id="room:2", title="Suite")
        place = said(Latitude="19.43", Longitude="-99.13", Address="Centro", MessageType="location")
        assert place.body == Location(latitude=19.43, longitude=-99.13, label="Centro")
        assert said(Forwarded="true", Body="x").forwarded

    def test_a_type_nobody_knows_is_named(self) -> None:
        assert said(MessageType="hologram").body == Unsupported(kind="hologram")


class TestStatuses:
    def test_a_status_is_not_a_message_and_carries_our_id(self) -> None:
        delivery = read("out_1", MessageSid="SM9", MessageStatus="delivered", To="+52155", From="+15005550006")
        assert delivery.messages == ()
        [status] = delivery.statuses
        assert (status.channel_message_id, status.status, status.message_id) == ("SM9", "delivered", "out_1")

    def test_a_status_by_its_old_name_is_one_too(self) -> None:
        [status] = read(SmsSid="SM9", SmsStatus="sent").statuses
        assert status.status == "sent"

    def test_a_failure_tells_its_code_and_our_word(self) -> None:
        [status] = read(MessageSid="SM9", MessageStatus="undelivered", ErrorCode="30003").statuses
        assert (status.failure_code, status.failure_word) == ("30003", "handset unreachable")

    def test_an_opt_out_told_late_is_mirrored(self) -> None:
        failed = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "21610"}
        [consent] = read(**failed, To="+5255", From="+15005550006").consents
        assert (consent.stopped, consent.identity.address, consent.property_id) == (True, "+5255", "alameda")

    def test_an_opt_out_without_our_number_is_the_only_hotels(self) -> None:
        failed = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "21610", "To": "+5255"}
        [consent] = read(owners={"+15005550006": "alameda", "MG1": "alameda"}, **failed).consents
        assert (consent.stopped, consent.property_id) == (True, "alameda")
        assert read(**failed).consents == ()


class TestOptOut:
    @pytest.mark.parametrize("word", ["STOP", "Stop.", "unsubscribe", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT"])
    def test_a_stop_that_twilio_handled_is_mirrored_and_not_answered(self, word: str) -> None:
        delivery = read(**{**GUEST, "Body": word, "OptOutType": "STOP"})
        assert (delivery.messages, [consent.stopped for consent in delivery.consents]) == ((), [True])
        assert [event.kind for event in delivery.events] == ["opt_out"]

    def test_cancel_that_twilio_took_for_a_stop_still_reaches_the_hotel(self) -> None:
        delivery = read(**{**GUEST, "Body": "CANCEL", "OptOutType": "STOP"})
        assert [message.body for message in delivery.messages] == [Text(text="CANCEL")]
        assert [consent.stopped for consent in delivery.consents] == [True]

    @pytest.mark.parametrize("words", ["CANCEL", "Cancelar", "cancelar reserva", "cancel"])
    def test_cancel_moved_out_of_twilios_list_is_a_request_like_any_other(self, words: str) -> None:
        delivery = read(**{**GUEST, "Body": words})
        assert ([m.body for m in delivery.messages], delivery.consents) == ([Text(text=words)], ())

    def test_yes_is_an_answer_even_where_twilio_takes_it_for_a_start(self) -> None:
        delivery = read(**{**GUEST, "Body": "YES", "OptOutType": "START"})
        assert [message.body for message in delivery.messages] == [Text(text="YES")]
        assert [consent.stopped for consent in delivery.consents] == [False]

    @pytest.mark.parametrize(("word", "stopped"), [("BAJA", True), ("baja.", True), ("PARAR", True), ("ALTA", False)])
    def test_words_of_spanish_and_portuguese_are_heard_here_and_acknowledged(self, word: str, stopped: bool) -> None:
        delivery = read(**{**GUEST, "Body": word})
        assert ([consent.stopped for consent in delivery.consents], len(delivery.messages)) == ([stopped], 1)

    def test_a_sentence_with_such_a_word_is_no_opt_out(self) -> None:
        assert opt_out_of("", "quiero una habitación en planta baja").stopped is None
        assert opt_out_of("HELP", "HELP").spoken


NAMES = st.sampled_from(
    ["MessageSid", "SmsSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MessageStatus", "ErrorCode", "OptOutType",
     "Latitude", "Longitude", "ButtonPayload", "ExternalUserId", "WaId", "MessagingServiceSid", "EventType", "Author",
     "Media", "Surprise"]
)  # fmt: skip

VALUES = st.sampled_from(["+5255", "whatsapp:", "9", "SM1", "received", "onMessageAdded", "[{}]"])


# A busy machine is slow at drawing the first example; that says nothing about the parser.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(NAMES, st.one_of(st.text(), VALUES)))
def test_no_parameters_make_a_fault(parameters: dict[str, Any]) -> None:
    delivery = read_webhook([parameters], owners={"*": "alameda", "+1500": "alameda"}, message_id="x", now=NOW)
    assert delivery.messages or delivery.statuses or delivery.events
