"""Staff get in with a password, stay in with tokens, and nobody else does."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import jwt
import pytest
from mesh.errors import Busy, Conflict, Invalid, NotAllowed, Unauthenticated

from services.gateway.staff.domain.role import RIGHTS, Right, Role
from services.gateway.staff.domain.user import Person, check_password
from services.gateway.staff.upkeep import StaffUpkeep
from tests.support.gateway import migrated
from tests.support.staff import KEY, PASSWORD, START, StaffHouse, staff_house

EMAIL = "ana@alameda.test"
HERE = "192.0.2.1"


@pytest.fixture
def gateway_url(postgres_databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def house(gateway_url: str) -> AsyncIterator[StaffHouse]:
    async with staff_house(gateway_url) as made:
        yield made


async def test_the_right_password_lets_in_and_it_is_written_down(house: StaffHouse) -> None:
    user = await house.hire()
    tokens = await house.access.sign_in(" ANA@alameda.test ", PASSWORD, address=HERE)
    person = await house.access.authenticate(tokens.access_token)
    assert person.user == user
    assert tokens.access_expire_time == START + timedelta(hours=24)
    assert await house.actions() == ["account.sign_in"]


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "another password"), ("nobody@alameda.test", PASSWORD), ("not an address", PASSWORD), (EMAIL, "")],
)
async def test_one_answer_for_everything_that_is_wrong(house: StaffHouse, email: str, password: str) -> None:
    await house.hire()
    with pytest.raises(Unauthenticated) as caught:
        await house.access.sign_in(email, password, address=HERE)
    assert str(caught.value) == "sign in"
    assert await house.actions() == ["account.sign_in_failed"]


async def test_guessing_is_slowed_down_for_the_guesser_and_not_for_the_account(house: StaffHouse) -> None:
    await house.hire()
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await house.access.sign_in(EMAIL, "guess", address=HERE)
    with pytest.raises(Busy) as caught:
        await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    assert caught.value.retry_after == 900
    assert await house.access.sign_in(EMAIL, PASSWORD, address="198.51.100.7"), "from elsewhere the owner gets in"
    house.clock.advance(timedelta(minutes=16))
    assert await house.access.sign_in(EMAIL, PASSWORD, address=HERE)


async def test_many_accounts_tried_from_one_place_are_slowed_down_too(house: StaffHouse) -> None:
    for number in range(30):
        with pytest.raises(Unauthenticated):
            await house.access.sign_in(f"a{number}@alameda.test", "guess", address=HERE)
    with pytest.raises(Busy):
        await house.access.sign_in("a31@alameda.test", "guess", address=HERE)


async def test_refresh_tokens_are_good_once_and_a_second_use_ends_the_sign_in(house: StaffHouse) -> None:
    await house.hire()
    first = await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    second = await house.access.refresh(first.refresh_token, address=HERE)
    assert await house.access.authenticate(second.access_token)
    with pytest.raises(Unauthenticated):
        await house.access.refresh(first.refresh_token, address=HERE)
    for token in (first.access_token, second.access_token):
        with pytest.raises(Unauthenticated):
            await house.access.authenticate(token)
    with pytest.raises(Unauthenticated):
        await house.access.refresh(second.refresh_token, address=HERE)
    assert (await house.actions())[-1] == "account.token_reused"


async def test_of_two_refreshes_at_once_one_wins(house: StaffHouse) -> None:
    await house.hire()
    tokens = await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    results = await asyncio.gather(
        *(house.access.refresh(tokens.refresh_token, address=HERE) for _ in range(4)), return_exceptions=True
    )
    assert sum(not isinstance(result, Exception) for result in results) <= 1
    assert sum(isinstance(result, Unauthenticated) for result in results) >= 3


async def test_a_guessed_secret_does_not_end_a_sign_in(house: StaffHouse) -> None:
    await house.hire()
    tokens = await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    token_id = tokens.refresh_token.partition(".")[0]
    for guess in (f"{token_id}.{'A' * 43}", token_id, "", "rft_.x", tokens.refresh_token + "x"):
        with pytest.raises(Unauthenticated):
            await house.access.refresh(guess, address=HERE)
    assert await house.access.refresh(tokens.refresh_token, address=HERE)


async def test_refresh_tokens_last_thirty_days_of_silence(house: StaffHouse) -> None:
    await house.hire()
    tokens = await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    house.clock.advance(timedelta(days=29))
    tokens = await house.access.refresh(tokens.refresh_token, address=HERE)
    house.clock.advance(timedelta(days=30))
    with pytest.raises(Unauthenticated):
        await house.access.refresh(tokens.refresh_token, address=HERE)


async def test_signing_out_locking_and_a_new_password_end_what_was_given(house: StaffHouse) -> None:
    user = await house.hire()

    async def enter() -> str:
        return (await house.access.sign_in(EMAIL, PASSWORD, address=HERE)).access_token

    out = await enter()
    await house.access.sign_out(await house.access.authenticate(out), address=HERE)
    changed = await enter()
    with pytest.raises(Invalid):
        await house.access.change_password(await house.access.authenticate(changed), "wrong", "x" * 20, address=HERE)
    await house.access.change_password(
        await house.access.authenticate(changed), PASSWORD, "otra frase bien larga", address=HERE
    )
    with pytest.raises(Unauthenticated):
        await enter()
    locked = (await house.access.sign_in(EMAIL, "otra frase bien larga", address=HERE)).access_token
    present = await house.users.get(user.user_id)
    await house.users.change(replace(present, active=False), now=START)
    for token in (out, changed, locked):
        with pytest.raises(Unauthenticated):
            await house.access.authenticate(token)
    with pytest.raises(Unauthenticated):
        await house.access.sign_in(EMAIL, "otra frase bien larga", address=HERE)


async def test_a_role_that_changes_counts_at_once(house: StaffHouse) -> None:
    user = await house.hire(role=Role.ADMIN)
    token = (await house.access.sign_in(EMAIL, PASSWORD, address=HERE)).access_token
    (await house.access.authenticate(token)).must(Right.USERS)
    await house.users.change(replace(user, role=Role.AGENT), now=START)
    with pytest.raises(NotAllowed):
        (await house.access.authenticate(token)).must(Right.USERS)


async def test_of_two_changes_of_an_account_one_is_told_it_is_late(house: StaffHouse) -> None:
    user = await house.hire()
    await house.users.change(replace(user, name="Ana"), now=START)
    with pytest.raises(Conflict):
        await house.users.change(replace(user, name="Eva"), now=START)


def _segment(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def test_forged_tokens_open_nothing(house: StaffHouse) -> None:
    user = await house.hire()
    good = (await house.access.sign_in(EMAIL, PASSWORD, address=HERE)).access_token
    claims = jwt.decode(good, KEY, algorithms=["HS256"], audience="staff", options={"verify_exp": False})
    header, payload, signature = good.split(".")
    far = claims | {"exp": claims["exp"] + 10**6}
    forged = {
        "no algorithm": f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        "no algorithm, old signature": f"{_segment({'alg': 'none'})}.{payload}.{signature}",
        "another key": jwt.encode(claims, "x" * 32, algorithm="HS256"),
        "another algorithm, our key": jwt.encode(claims, KEY * 2, algorithm="HS512"),
        "another algorithm named": f"{_segment({'alg': 'RS256', 'typ': 'JWT'})}.{payload}.{signature}",
        "other claims, old signature": f"{header}.{_segment(far)}.{signature}",
        "truncated": good[:-1],
        "without signature": f"{header}.{payload}.",
        "two parts": f"{header}.{payload}",
        "nothing": "",
        "white space": f" {good}",
        "not text of ours": "é" * 40,
        "another audience": jwt.encode(claims | {"aud": "guests"}, KEY, algorithm="HS256"),
        "another issuer": jwt.encode(claims | {"iss": "elsewhere"}, KEY, algorithm="HS256"),
        "no end": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, KEY, algorithm="HS256"),
        "an end that is no number": jwt.encode(claims | {"exp": "tomorrow"}, KEY, algorithm="HS256"),
        "from the future": jwt.encode(claims | {"iat": claims["iat"] + 3600}, KEY, algorithm="HS256"),
        "another sign-in": jwt.encode(claims | {"sid": "sgn_x"}, KEY, algorithm="HS256"),
        "another person": jwt.encode(claims | {"sub": "usr_x"}, KEY, algorithm="HS256"),
        "a key id to follow": jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "../../dev/null"}),
    }
    opened = []
    for what, token in forged.items():
        try:
            await house.access.authenticate(token)
        except Unauthenticated:
            continue
        opened.append(what)
    assert opened == []
    assert (await house.access.authenticate(good)).user == user
    house.clock.advance(timedelta(hours=24))
    with pytest.raises(Unauthenticated):
        await house.access.authenticate(good)


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "aaaaaaaaaaaaaaaa", "ana is my name 1", "Password1234!", "Hotel2026hotel"]
)
def test_passwords_that_are_easily_guessed_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, email=EMAIL)


async def test_rights_grow_with_the_role(house: StaffHouse) -> None:
    assert RIGHTS[Role.AGENT] < RIGHTS[Role.MANAGER] < RIGHTS[Role.ADMIN] == frozenset(Right)
    agent = Person(user=await house.hire(), family_id="sgn_x")
    with pytest.raises(NotAllowed):
        agent.must(Right.ERASURE)


async def test_entries_of_the_audit_log_cannot_be_changed(house: StaffHouse) -> None:
    await house.hire()
    await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    async with house.pool.acquire() as connection:
        for statement in ("UPDATE audit_log SET actor = 'nobody'", "TRUNCATE audit_log"):
            with pytest.raises(asyncpg.RaiseError):
                await connection.execute(statement)


async def test_passwords_are_kept_as_argon2id_alone(house: StaffHouse) -> None:
    await house.hire()
    found = await house.users.find(EMAIL)
    assert found is not None
    assert found[1].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in repr(found[0])


async def test_what_is_old_is_removed_and_what_is_not_stays(house: StaffHouse) -> None:
    await house.hire()
    await house.access.sign_in(EMAIL, PASSWORD, address=HERE)
    upkeep = StaffUpkeep(audit=house.audit, keep=timedelta(days=730), clock=house.clock)
    house.clock.advance(timedelta(days=729))
    await upkeep.forget_once()
    assert await house.actions()
    assert await house.pool.fetchval("SELECT count(*) FROM staff_sign_ins") == 0
    house.clock.advance(timedelta(days=2))
    await upkeep.forget_once()
    assert await house.actions() == []
