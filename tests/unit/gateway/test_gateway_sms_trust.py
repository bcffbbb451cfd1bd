"""Whether Twilio made a call: published vectors, ports, repeated names, rotation, addresses behind a proxy."""

import hashlib

import pytest
from starlette.requests import Request

from services.gateway.channels.public_address import PublicAddress, port_variants, read_networks
from services.gateway.channels.sms.contents import is_media_url
from services.gateway.channels.sms.signature import is_body_of, is_signed, sign

TOKEN = b"12345"
LONG = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("To", "+18005551212")]


def called_by(number: str) -> list[tuple[str, str]]:
    return [*CALL, ("Caller", number), ("From", number)]


@pytest.mark.parametrize(
    ("url", "number", "signature"),
    [
        (LONG, "+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (LONG, "+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("https://mycompany.com/myapp", "+12349013030", "3KI2uRuYyAdhZIJXcpU0izDUzWI="),
    ],
)
def test_known_signatures_are_accepted_and_altered_calls_are_not(url: str, number: str, signature: str) -> None:
    assert is_signed(url, called_by(number), signature, [TOKEN])
    assert not is_signed(url, called_by("+19999999999"), signature, [TOKEN])
    assert not is_signed(url + "x", called_by(number), signature, [TOKEN])
    assert not is_signed(url, [*called_by(number), ("Extra", "")], signature[:-2] + "x=", [TOKEN])
    assert not is_signed(url, called_by(number), signature, [b"54321"])


@pytest.mark.parametrize("signature", [None, "", "dummy", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B8"])
def test_a_missing_or_made_up_signature_is_none(signature: str | None) -> None:
    assert not is_signed(LONG, called_by("+14158675309"), signature, [TOKEN])


def test_names_are_sorted_before_values_are_joined_to_them() -> None:
    parameters = [("ReasonConferenceEnded", "test"), ("Reason", "zebra")]
    assert sign(LONG, parameters, TOKEN) == sign(LONG, parameters[::-1], TOKEN)
    by_name = LONG + "Reason" + "zebra" + "ReasonConferenceEnded" + "test"
    assert sign(LONG, parameters, TOKEN) == sign(by_name, [], TOKEN)


def test_values_of_a_repeated_name_are_sorted_and_counted_once() -> None:
    repeated = [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]
    assert sign(LONG, repeated, TOKEN) == sign(LONG + "MediaUrla" + "MediaUrlb", [], TOKEN)


def test_parameters_nobody_knows_are_part_of_the_signature() -> None:
    known = called_by("+14158675309")
    assert not is_signed(LONG, [*known, ("Tomorrow", "1")], sign(LONG, known, TOKEN), [TOKEN])


def test_two_tokens_are_believed_while_one_is_rotated() -> None:
    signature = sign(LONG, CALL, b"new")
    assert is_signed(LONG, CALL, signature, [b"new", b"old"])
    assert is_signed(LONG, CALL, signature, [b"old", b"new"])


@pytest.mark.parametrize(
    ("seen", "signed"),
    [
        ("https://h.example/w?a=1", "https://h.example:443/w?a=1"),
        ("https://h.example:443/w", "https://h.example/w"),
        ("http://h.example/w", "http://h.example:80/w"),
        ("https://h.example:8443/w", "https://h.example/w"),
        ("http://[::1]:80/w", "http://[::1]/w"),
    ],
)
def test_the_port_may_be_signed_or_not(seen: str, signed: str) -> None:
    assert is_signed(seen, CALL, sign(signed, CALL, TOKEN), [TOKEN])
    assert signed in port_variants(seen)


def test_a_port_of_another_service_is_not_ours() -> None:
    assert not is_signed("https://h.example/w", CALL, sign("https://h.example:8443/w", CALL, TOKEN), [TOKEN])


def test_a_json_body_is_vouched_for_by_its_digest_in_the_address() -> None:
    body = b'{"a":"habitaci\xc3\xb3n"}'
    url = f"https://h.example/w?x=1&bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert is_body_of(url, body)
    assert not is_body_of(url, body + b" ")
    assert not is_body_of("https://h.example/w", body)


def request(
    *, client: str, port: int = 5000, host: str = "inside:8000", query: str = "a=1%20b", **headers: str
) -> Request:
    named = [(b"host", b"inside:8000"), *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())]
    return Request(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": "/webhooks/twilio",
            "raw_path": b"/webhooks/twilio",
            "query_string": query.encode(),
            "headers": named,
            "client": (client, port),
            "server": ("inside", 8000),
        }
    )


def test_the_public_address_is_the_one_that_is_set() -> None:
    address = PublicAddress(base="https://hotel.example/hook/", proxies=read_networks("10.0.0.0/8"))
    forged = request(client="10.1.1.1", x_forwarded_proto="http", x_forwarded_host="evil.example")
    assert address.url_of(forged) == "https://hotel.example/hook/webhooks/twilio?a=1%20b"


def test_forwarded_headers_are_believed_from_our_proxies_alone() -> None:
    address = PublicAddress(base="", proxies=read_networks("10.0.0.0/8, ::1"))
    told = {"x_forwarded_proto": "https", "x_forwarded_host": "hotel.example, inner"}
    assert address.url_of(request(client="10.1.1.1", query="", **told)) == "https://hotel.example/webhooks/twilio"
    assert address.url_of(request(client="203.0.113.9", query="", **told)) == "http://inside:8000/webhooks/twilio"
    assert address.url_of(request(client="testclient", query="", **told)) == "http://inside:8000/webhooks/twilio"
    # A proxy that uvicorn believed: it shows the guest's address instead, without a port.
    seen = request(client="203.0.113.9", port=0, query="", **told)
    assert address.url_of(seen) == "https://hotel.example/webhooks/twilio"


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1", True),
        ("https://api.twilio.com:443/x", True),
        ("http://api.twilio.com/x", False),
        ("https://api.twilio.com.evil.example/x", False),
        ("https://api.twilio.com@evil.example/x", False),
        ("https://user@api.twilio.com/x", False),
        ("https://169.254.169.254/latest", False),
        ("https://[::ffff:10.0.0.1]/x", False),
        ("https://10.0.0.1#@api.twilio.com/x", False),
        ("https://10.0.0.1\\@api.twilio.com/x", False),
        ("https://api.twilio.com.:443@10.0.0.1/x", False),
        ("https://2130706433/x", False),
        ("https://api.twilio.com:99999/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_media_is_only_at_twilio(url: str, ours: bool) -> None:
    assert is_media_url(url) is ours
