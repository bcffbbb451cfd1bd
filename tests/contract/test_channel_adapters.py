"""What every channel does alike, each on its stand-in: a new channel gets a rig in tests/support/channel_rigs.py."""

import pytest
from mesh.errors import Refused
from mesh.values import derived_id

from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel, Choice, Text
from services.gateway.domain.outbox import Accepted, Advice, Rejected, Unknown
from tests.support.channel_rig import NOW, Rig, Trouble
from tests.support.channel_rigs import RIGS
from tests.support.files import document, elsewhere, picture

CHOICES = (Choice(id="room:1", title="Doble", description="4,350 MXN"), Choice(id="room:2", title="Suite"))
LONG = " ".join(f"palabra{number}" for number in range(390))
# The chat page is ours: nobody stands between who could refuse, be silent or be away.
REMOTE = [channel for channel in Channel if channel is not Channel.WEBCHAT]


def test_every_channel_has_a_rig() -> None:
    assert set(RIGS) == set(Channel)


@pytest.fixture(params=Channel)
def rig(request: pytest.FixtureRequest) -> Rig:
    return RIGS[request.param]()


@pytest.fixture(params=REMOTE)
def remote(request: pytest.FixtureRequest) -> Rig:
    rig = RIGS[request.param]()
    assert rig.remote
    return rig


async def test_a_genuine_message_is_stored_before_the_answer(rig: Rig) -> None:
    answer = await rig.post(rig.call("¿Hay lugar?", "m1"))
    assert answer.is_success
    [message] = rig.messages()
    assert message.body == Text(text="¿Hay lugar?", subject=getattr(message.body, "subject", ""))
    assert (message.property_id, message.sender.channel) == ("alameda", rig.adapter.channel)
    assert message.sender.address == rig.identity.address


async def test_what_is_not_genuine_is_refused_and_not_kept(rig: Rig) -> None:
    answer = await rig.post(rig.spoiled(rig.call("hola", "m1")))
    assert answer.status_code == 401
    assert rig.deliveries == []


async def test_a_repeated_call_brings_the_same_message_id(rig: Rig) -> None:
    for _ in range(3):
        assert (await rig.post(rig.call("hola", "m1"))).is_success
    await rig.post(rig.call("hola", "m2"))
    assert len(rig.messages()) == 2


async def test_a_shape_nobody_knows_is_no_fault_and_no_message(rig: Rig) -> None:
    assert (await rig.post(rig.unknown())).status_code in (200, 204, 400)
    assert rig.messages() == []


async def test_what_cannot_be_stored_is_to_be_sent_again(rig: Rig) -> None:
    rig.down = True
    answer = await rig.post(rig.call("hola", "m1"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    rig.down = False
    assert (await rig.post(rig.call("hola", "m1"))).is_success
    assert [message.body.text for message in rig.messages()] == ["hola"]


async def test_words_are_cleaned_and_card_numbers_masked(rig: Rig) -> None:
    await rig.post(rig.call("mi tarjeta 4111 1111 1111 1111\x00", "m1"))
    assert "4111 1111" not in rig.messages()[0].body.text


async def test_a_message_of_ours_is_taken(rig: Rig) -> None:
    outcome = await rig.adapter.send(rig.item("Sí hay lugar."))
    assert isinstance(outcome, Accepted)
    assert outcome.channel_message_id
    [words] = rig.sent()
    assert "Sí hay lugar." in words


async def test_long_words_arrive_whole_and_in_order(rig: Rig) -> None:
    assert len(LONG) > 4000
    assert isinstance(await rig.adapter.send(rig.item(LONG[:4000])), Accepted)
    told = [word for part in rig.sent() for word in part.split() if word.startswith("palabra")]
    assert told == LONG[:4000].split()


async def test_choices_reach_the_guest(rig: Rig) -> None:
    assert isinstance(await rig.adapter.send(rig.item("¿Cuál prefiere?", choices=CHOICES)), Accepted)
    assert "¿Cuál prefiere?" in rig.sent()[-1]


@pytest.mark.parametrize("attachment", [picture(), document("cuenta 12.pdf")], ids=["picture", "document"])
async def test_a_file_reaches_the_guest_whole_with_its_words(rig: Rig, attachment: Attachment) -> None:
    assert rig.adapter.refuses(attachment, address=rig.identity.address) == ""
    item = rig.item("Así se llega.", attachment=attachment)
    assert isinstance(await rig.adapter.send(item), Accepted)
    [file] = await rig.files_sent()
    assert (file.mime_type.partition(";")[0], file.content) == (attachment.mime_type, attachment.content)
    assert file.name in (attachment.name, "")
    [words] = rig.sent()
    assert "Así se llega." in words


async def test_a_file_goes_without_words_and_before_choices(rig: Rig) -> None:
    assert isinstance(await rig.adapter.send(rig.item("", attachment=picture())), Accepted)
    item = rig.item("¿Cuál prefiere?", attachment=picture(), choices=CHOICES, message_id=derived_id("out", "2"))
    assert isinstance(await rig.adapter.send(item), Accepted)
    assert len({file.content for file in await rig.files_sent()}) == 1
    assert "¿Cuál prefiere?" in rig.sent()[-1]


async def test_a_file_that_others_keep_is_named_by_its_address(rig: Rig) -> None:
    assert isinstance(await rig.adapter.send(rig.item("El mapa:", attachment=elsewhere())), Accepted)
    named = [file.content.decode() for file in await rig.files_sent()]
    assert any("https://cdn.example/mapa.png" in text for text in [*named, *rig.sent()])


async def test_a_free_form_message_keeps_the_channels_window(rig: Rig) -> None:
    if rig.adapter.window is None:
        outcome = await rig.adapter.send(rig.item(last_inbound_time=None))
        assert isinstance(outcome, Accepted)
        return
    outcome = await rig.adapter.send(rig.item(last_inbound_time=NOW - rig.adapter.window))
    assert isinstance(outcome, Rejected)
    assert (outcome.advice, rig.sent()) == (Advice.GIVE_UP, [])


async def test_pace_is_kept_and_grows_again(remote: Rig) -> None:
    assert await remote.adapter.pace(remote.item()) == 0
    assert await remote.adapter.pace(remote.item()) > 0


@pytest.mark.parametrize(
    ("trouble", "advice"), [("busy", Advice.RETRY), ("never", Advice.FIX), ("away", Advice.UNREACHABLE)]
)
async def test_a_refusal_says_what_to_do(remote: Rig, trouble: Trouble, advice: Advice) -> None:
    remote.trouble = trouble
    outcome = await remote.adapter.send(remote.item())
    assert isinstance(outcome, Rejected)
    assert outcome.advice is advice


async def test_silence_is_not_taken_for_a_refusal(remote: Rig) -> None:
    remote.trouble = "silence"
    assert isinstance(await remote.adapter.send(remote.item()), Unknown)


async def test_a_property_without_an_account_cannot_be_written_from(remote: Rig) -> None:
    assert remote.adapter.account_for("alameda") == remote.account
    with pytest.raises(Refused):
        remote.adapter.account_for("elsewhere")
