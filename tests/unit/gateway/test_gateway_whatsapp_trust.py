"""What is believed: signatures over the raw bytes, the handshake, visitors' tokens."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.channels.webchat.token import Visitor, VisitorTokens
from services.gateway.channels.whatsapp.handshake import answer_to
from services.gateway.channels.whatsapp.signature import is_signed, sign
from tests.support.channel_rig import SECRET as RIG_SECRET
from tests.support.channel_rigs import WhatsAppRig

BODY = b'{"entry":[{"text":"habitaci\\u00f3n","url":"https:\\/\\/example.com"}]}'
SECRET, OLD = b"app-secret", b"old-secret"
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_a_known_vector_is_accepted() -> None:
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_signed(b"what do ya want for nothing?", f"sha256={expected}", [b"Jefe"])


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_either_secret_is_accepted_while_rotating(secret: bytes) -> None:
    assert is_signed(BODY, sign(BODY, secret), [SECRET, OLD])


def test_the_bytes_are_signed_and_not_their_meaning() -> None:
    same_meaning = BODY.replace(b"\\u00f3", "ó".encode()).replace(b"\\/", b"/")
    assert not is_signed(same_meaning, sign(BODY, SECRET), [SECRET])
    assert is_signed(same_meaning, sign(same_meaning, SECRET), [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "dummy",
        "sha256=dummy",
        "sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(),
        hmac.new(SECRET, BODY, hashlib.sha256).hexdigest(),
        sign(BODY, SECRET).upper(),
        sign(BODY, SECRET) + "00",
        sign(BODY, SECRET)[:-1],
        sign(BODY, b"other"),
        "sha256=" + "é" * 64,
    ],
)
def test_any_other_header_is_refused(header: str | None) -> None:
    assert not is_signed(BODY, header, [SECRET, OLD])


def test_without_a_secret_nothing_is_believed() -> None:
    assert not is_signed(BODY, sign(BODY, b""), [])


def test_the_handshake_echoes_the_challenge() -> None:
    assert answer_to(b"hub.mode=subscribe&hub.verify_token=T%20k&hub.challenge=1158201444", "T k") == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1",
        b"hub.mode=unsubscribe&hub.verify_token=T&hub.challenge=1",
        b"hub_mode=subscribe&hub_verify_token=T&hub_challenge=1",
        b"hub.mode=subscribe&hub.verify_token=T",
        b"hub.mode=subscribe&hub.verify_token=T&hub.challenge=%3Cscript%3E",
        b"hub.mode=subscribe&hub.verify_token=T&hub.challenge=" + b"1" * 300,
        b"hub.mode=subscribe&hub.verify_token=%C3%A9&hub.challenge=1",
        b"\xff",
        b"&".join(b"a=1" for _ in range(50)),
    ],
)
def test_any_other_handshake_is_refused(query: bytes) -> None:
    assert answer_to(query, "T") is None


def test_a_visitors_token_names_its_visitor_until_it_is_over() -> None:
    tokens = VisitorTokens(secret="s" * 32, life=timedelta(hours=1))
    token, subject, end = tokens.issue(now=NOW, property_id="alameda")
    assert tokens.visitor_of(token, now=NOW) == Visitor(subject, "alameda")
    assert tokens.visitor_of(token, now=end) is None
    renewed, same, _ = tokens.issue(now=NOW + timedelta(minutes=30), property_id="alameda", subject=subject)
    assert same == subject
    assert tokens.visitor_of(renewed, now=end) == Visitor(subject, "alameda")


def test_a_token_that_was_altered_or_is_of_another_installation_is_refused() -> None:
    tokens = VisitorTokens(secret="s" * 32, life=timedelta(hours=1))
    token, _, _ = tokens.issue(now=NOW, property_id="alameda")
    subject, owner, end, signature = token.split(".")
    other = VisitorTokens(secret="t" * 32, life=timedelta(hours=1))
    for bad in (
        "",
        "x",
        f"web_{'0' * 20}.{owner}.{end}.{signature}",
        f"{subject}.jacarandas.{end}.{signature}",
        f"{subject}.{owner}.{int(end) + 1}.{signature}",
        f"{subject}.{owner}.{end}.{'0' * 64}",
        token + "0",
        other.issue(now=NOW, property_id="alameda")[0],
    ):
        assert tokens.visitor_of(bad, now=NOW) is None


async def test_the_webhook_believes_the_bytes_it_was_sent_and_no_others_of_the_same_meaning() -> None:
    rig = WhatsAppRig()
    call = rig.call("habitación/suite", "m1")
    escaped = call.content.replace(b"/", b"\\/")
    indented = json.dumps(json.loads(call.content), indent=1).encode()
    for other in (escaped, indented):
        assert (await rig.post(replace(call, content=other))).status_code == 401
    assert rig.deliveries == []
    signature = {"X-Hub-Signature-256": sign(escaped, RIG_SECRET.encode())}
    assert (await rig.post(replace(call, content=escaped, headers=signature))).status_code == 200
    assert rig.messages()[0].body.text == "habitación/suite"
