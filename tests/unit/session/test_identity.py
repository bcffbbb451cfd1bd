"""By what two identities are seen to be one guest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh.errors import Invalid

from services.session.domain.identity import (
    Channel,
    ChannelIdentity,
    checked,
    email_of,
    is_business_scoped,
    lookup_keys,
    own_keys,
    phone_of,
)
from services.session.domain.recognition import KnownKey, recognise, refreshed


def whatsapp(address: str, phone_number: str = "") -> ChannelIdentity:
    return ChannelIdentity(channel=Channel.WHATSAPP, address=address, phone_number=phone_number)


def keys_of(identity: ChannelIdentity) -> list[str]:
    return [key.key for key in own_keys(identity)]


@given(
    st.from_regex(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", fullmatch=True),
)
def test_a_business_scoped_id_is_told_by_its_shape_and_kept_as_it_is(address: str) -> None:
    assert is_business_scoped(address)
    assert keys_of(whatsapp(address)) == [f"bsuid:{address}"]
    assert phone_of(whatsapp(address)) == ""


@pytest.mark.parametrize("address", ["us.1", "USA.1", "US.", "US.a-b", "US.ENT.", "US." + "a" * 129, "52155"])
def test_other_shapes_are_no_business_scoped_ids(address: str) -> None:
    assert not is_business_scoped(address)


def test_a_parent_id_is_not_the_portfolios_own() -> None:
    assert keys_of(whatsapp("US.ENT.77")) != keys_of(whatsapp("US.77"))


def test_a_whatsapp_id_has_no_plus_and_is_the_line_all_the_same() -> None:
    assert keys_of(whatsapp("5215512345678")) == keys_of(whatsapp("+52 55 1234 5678")) == ["tel:525512345678"]


def test_an_id_with_a_disclosed_number_has_two_keys_its_own_first() -> None:
    assert keys_of(whatsapp("MX.1", "+525512345678")) == ["bsuid:MX.1", "tel:525512345678"]


@given(st.emails())
def test_the_case_of_an_email_address_does_not_matter(address: str) -> None:
    def keys(text: str) -> list[str]:
        return keys_of(ChannelIdentity(channel=Channel.EMAIL, address=text))

    assert keys(address.upper()) == keys(address.lower())


def test_the_address_stays_as_the_channel_gave_it() -> None:
    identity = checked(ChannelIdentity(channel=Channel.EMAIL, address=" Maria@Example.com "))
    assert identity.address == "Maria@Example.com"
    assert email_of(identity) == "Maria@Example.com"


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WEBCHAT, Channel.GENERIC])
def test_a_number_beside_an_address_proves_nothing_off_the_phone(channel: Channel) -> None:
    identity = ChannelIdentity(channel=channel, address="x", phone_number="+525512345678")
    assert all(not key.startswith("tel:") for key in keys_of(identity))
    assert lookup_keys(identity) == own_keys(identity)
    assert phone_of(identity) == "+525512345678"


def test_a_phone_line_is_looked_up_on_whatsapp_and_sms() -> None:
    channels = [key.channel for key in lookup_keys(ChannelIdentity(channel=Channel.SMS, address="+525512345678"))]
    assert channels == [Channel.SMS, Channel.WHATSAPP]


@pytest.mark.parametrize("address", ["", "   ", "a" * 321, "a\x00b", "a\nb"])
def test_an_address_that_cannot_be_one_is_refused_with_its_path(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked(ChannelIdentity(channel=Channel.WEBCHAT, address=address))
    assert list(caught.value.fields) == ["identity.address"]


def test_a_channel_name_is_for_generic_channels_only() -> None:
    assert checked(ChannelIdentity(channel=Channel.SMS, address="x", channel_name="y")).channel_name == ""
    assert checked(ChannelIdentity(channel=Channel.GENERIC, address="x", channel_name=" Y ")).channel_name == "y"


def test_nobody_is_recognised_by_nothing() -> None:
    seen = recognise(whatsapp("5215512345678"), {})
    assert seen.guest_id is None
    assert not seen.complete


def test_the_addresss_own_key_decides_who_writes() -> None:
    identity = whatsapp("MX.1", "+525512345678")
    by_id, by_number = own_keys(identity)
    known = {
        by_id: KnownKey(guest_id="one", identity=identity),
        by_number: KnownKey(guest_id="two", identity=whatsapp("525512345678")),
    }
    seen = recognise(identity, known)
    assert seen.guest_id == "one"
    assert seen.complete, "the other guest keeps the number until it is proven"


def test_a_number_that_was_disclosed_once_is_kept() -> None:
    with_number, without = whatsapp("MX.1", "+525512345678"), whatsapp("MX.1")
    assert refreshed(with_number, without) == with_number
    assert refreshed(without, with_number) == with_number
    assert refreshed(with_number, whatsapp("MX.2")) == whatsapp("MX.2")
