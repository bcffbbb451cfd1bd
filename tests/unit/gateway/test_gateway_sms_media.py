"""Media from Twilio: with our credentials from its API alone, without them from its stores, never too much."""

import base64
from typing import Any

import httpx
import pytest

from services.gateway.channels.sms.media import TwilioMedia
from services.gateway.voice.ports import NotYet, Recording, Unheard

URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
STORE = "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x"


class Twilio:
    """Answers by address; remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {URL: answers.get("api"), STORE: answers.get("store")}
        self.requests: list[httpx.Request] = []
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.media = TwilioMedia(http=http, account_sid="AC1", token="secret", seconds=5)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[str(request.url)]
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx.Response)
        return answer


AUDIO = httpx.Response(200, content=b"OggS", headers={"Content-Type": "audio/ogg"})
SENT_ON = httpx.Response(307, headers={"Location": STORE})


async def test_a_medium_is_fetched_with_our_credentials() -> None:
    twilio = Twilio(api=AUDIO)
    assert await twilio.media.fetch(URL, most_bytes=100) == Recording(audio=b"OggS", mime_type="audio/ogg")
    given = twilio.requests[0].headers["authorization"]
    assert given == "Basic " + base64.b64encode(b"AC1:secret").decode()


async def test_the_store_behind_it_never_sees_them() -> None:
    twilio = Twilio(api=SENT_ON, store=AUDIO)
    assert (await twilio.media.fetch(URL, most_bytes=100)).audio == b"OggS"
    assert "authorization" not in twilio.requests[1].headers


@pytest.mark.parametrize("media_id", ["https://evil.example/x", "http://api.twilio.com/x", "", "ME1"])
async def test_no_other_host_is_asked(media_id: str) -> None:
    twilio = Twilio()
    with pytest.raises(Unheard):
        await twilio.media.fetch(media_id, most_bytes=100)
    assert twilio.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://x.twiliocdn.com/",
        "https://169.254.169.254/",
        "https://[::ffff:169.254.169.254]/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://localhost/",
        "https://x.twiliocdn.com@10.0.0.1/",
        "https://10.0.0.1#.twiliocdn.com/",
        "https://10.0.0.1/.twiliocdn.com",
        "https://10.0.0.1?.twiliocdn.com",
        "https://10.0.0.1\\.twiliocdn.com",
        "https://twiliocdn.com.evil.example/",
        "//evil.example/x",
        "/relative",
        "gopher://x.twiliocdn.com/",
    ],
)
async def test_nobody_is_followed_out_of_twilios_stores(location: str) -> None:
    twilio = Twilio(api=httpx.Response(302, headers={"Location": location}))
    with pytest.raises(Unheard):
        await twilio.media.fetch(URL, most_bytes=100)
    assert len(twilio.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, content=b"x" * 101), Unheard),
        (httpx.Response(404), Unheard),
        (httpx.Response(401), Unheard),
        (httpx.Response(429), NotYet),
        (httpx.Response(503), NotYet),
        (httpx.ReadTimeout("x"), NotYet),
    ],
)
async def test_what_may_pass_is_tried_again_and_nothing_else(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await Twilio(api=answer).media.fetch(URL, most_bytes=100)
