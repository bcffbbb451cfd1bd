"""What guests tell a hotel is nowhere to be read in the books, and everything is found and opened with the keys."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from mesh.clock import ManualClock
from mesh.store import postgres
from mesh.store.rotation import count_old_keys, rewrap_keys
from mesh.store.vault import KeyMissing
from pydantic import SecretStr

from services.pms.adapters.builtin import PostgresLedger
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain.change import preview_cancellation
from services.pms.domain.event import EventType
from services.pms.domain.guest import profile_for
from services.pms.domain.phone import match_key
from services.pms.domain.reservation import Booker, Identity, Reservation, ReservationState, reservation_for
from services.pms.ports import ReservationQuery, Write
from services.pms.settings import KEY_TABLES, Settings
from tests.contract.pms_backends import a_charge
from tests.contract.pms_house import OPENED, House, connect, ledger_on, prepare_database
from tests.support.dumps import leaks, rows_of
from tests.support.stores import Databases

PHONE, OTHER_FORM, MAIL = "+5215598765432", "+525598765432", "lupita.casas@example.com"
IDENTITY = Identity(channel="WHATSAPP", address="5215598765432", channel_name="hotel")
LUPITA = Booker(
    given_name="Guadalupe", family_name="Casas", email=MAIL, phone_number=PHONE, language="es", identity=IDENTITY
)
# Those of the hotel's file, too: María López and what she left there.
SECRETS = ("Guadalupe", "Casas", PHONE[1:], match_key(PHONE), MAIL, "mi perro Firulais", "por la abuela Remedios",
           "tequila Centauro", "maria.lopez@example.com", "525512345678", "López")  # fmt: skip
WRITE = Write(request_id="book-lupita", operation="reservation.create", digest="ab" * 32)


@pytest.fixture
def pms_url(postgres_databases: Databases) -> Iterator[str]:
    """A database with the demo hotel's books opened."""
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture
async def house(pms_url: str) -> AsyncIterator[House]:
    pool = await connect(pms_url)
    yield on_books(ledger_on(pool))
    await pool.close()


def on_books(ledger: PostgresLedger) -> House:
    clock = ManualClock(OPENED)
    return House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)


async def books_of_lupita(house: House) -> Reservation:
    """A reservation with personal data wherever some can stand: booked, changed, charged; another one canceled."""
    quoted = await house.quote("2026-12-14", 2)
    wanted = reservation_for(quoted, LUPITA, now=house.clock.now(), source="test", remark="viaja mi perro Firulais")
    booked = await house.backend.create_reservation(WRITE, quoted, wanted)
    changed = await house.change(booked, remark="mi perro Firulais come tarde")
    charge = replace(a_charge(changed.reservation_id, house), description="tequila Centauro")
    await house.backend.post_charge(house.write("folio.charge"), charge)
    other = await house.book(await house.quote("2026-12-20", 1), booker=LUPITA)
    preview = preview_cancellation(house.hotel, other, house.clock.now())
    await house.backend.cancel_reservation(house.write("reservation.cancel"), preview, "por la abuela Remedios")
    profile = await house.backend.guest_profile("alameda", phone_number=PHONE)
    await house.backend.update_guest_profile(house.write("guest.update"), replace(profile, language="en"))
    return changed


async def test_nothing_that_a_guest_told_can_be_read_in_a_dump(house: House, pms_url: str) -> None:
    booked = await books_of_lupita(house)
    rows = await rows_of(pms_url, "pms")
    assert len(rows["reservation"]) == 6
    assert {table: leaks("\n".join(found), SECRETS) for table, found in rows.items()} == {table: [] for table in rows}
    # Nor can anybody try phones: hashes made without a key are not there.
    by_phone = profile_for("alameda", LUPITA).profile_id
    assert leaks(str(rows), (by_phone, WRITE.digest)) == []
    # And it was there to be read: the service reads it.
    assert (await house.by_code(booked.confirmation_code)).booker == LUPITA


async def test_another_replica_finds_and_opens_everything(house: House, pms_url: str) -> None:
    booked = await books_of_lupita(house)
    pool = await connect(pms_url)
    other = on_books(ledger_on(pool))
    assert await other.backend.reservation(booked.reservation_id) == booked
    for found_by in (
        {"phone_number": OTHER_FORM},
        {"email": MAIL.upper()},
        {"identity": IDENTITY},
        {"identity": Identity(channel="SMS", address=OTHER_FORM)},
        {"identity": Identity(channel="EMAIL", address=MAIL)},
        {"phone_number": PHONE, "states": frozenset({ReservationState.CONFIRMED})},
    ):
        found = await other.backend.reservations(ReservationQuery(property_id="alameda", **found_by))
        assert found[0] == booked
    assert await other.backend.reservations(ReservationQuery(property_id="alameda", phone_number="+5255")) == []
    profile = await other.backend.guest_profile("alameda", email=MAIL)
    assert (profile.given_name, profile.phone_number, profile.language) == ("Guadalupe", PHONE, "en")
    assert (booked.profile_id, len(profile.live_codes)) == (profile.profile_id, 1)
    told = [event.reservation.booker for event in await other.backend.events("alameda", after=4, limit=9)]
    assert told == [LUPITA] * 5
    quoted = await other.quote("2026-12-14", 2)
    first = await other.backend.create_reservation(WRITE, quoted, booked)
    assert (first.reservation_id, first.booker, first.version) == (booked.reservation_id, LUPITA, 1)
    await pool.close()


async def test_a_row_opens_in_its_place_alone_and_not_without_its_key(house: House, pms_url: str) -> None:
    booked = await books_of_lupita(house)
    db = await asyncpg.connect(pms_url, server_settings={"search_path": "pms"})
    await db.execute(
        "UPDATE reservation SET sealed = (SELECT sealed FROM reservation WHERE reservation_id = $1)"
        " WHERE confirmation_code = 'R1001'",
        booked.reservation_id,
    )
    with pytest.raises(KeyMissing):
        await house.by_code("R1001")
    await db.execute("DELETE FROM data_key WHERE owner = $1", booked.profile_id)
    await db.close()
    pool = await connect(pms_url)
    other = on_books(ledger_on(pool))
    with pytest.raises(KeyMissing, match="destroyed"):
        await other.by_code(booked.confirmation_code)
    assert (await other.by_code("R1003")).booker.given_name == "Ana"
    assert await other.left("DBL", booked.stay.check_in) == 3
    await pool.close()


async def test_nothing_is_sealed_under_a_key_that_is_nowhere_stored(house: House) -> None:
    booked = await books_of_lupita(house)
    with pytest.raises(LookupError):
        async with house.ledger.transaction() as tx:
            await tx.append_event(EventType.MODIFIED, booked, house.clock.now())
    assert len(await house.backend.events("alameda", after=0, limit=99)) == 9


async def test_first_bookings_of_one_guest_at_once_make_one_guest_and_everything_opens(house: House) -> None:
    quoted = await house.quote("2026-12-14", 1)
    made = await asyncio.gather(*(house.book(quoted, booker=LUPITA) for _ in range(3)))
    assert len({each.profile_id for each in made}) == 1
    for each in made:
        assert (await house.by_code(each.confirmation_code)).booker == LUPITA
    assert len((await house.backend.guest_profile("alameda", phone_number=PHONE)).live_codes) == 3


def with_masters(masters: str) -> Settings:
    return Settings(data_master_keys=SecretStr(masters))


async def test_keys_are_wrapped_anew_while_everything_goes_on(house: House, pms_url: str) -> None:
    old, both, new = (with_masters(masters) for masters in ("dev-1:dev-master-key", "b:2,dev-1:dev-master-key", "b:2"))
    booked = await books_of_lupita(house)
    pool = await connect(pms_url)

    def books(settings: Settings) -> House:
        return on_books(PostgresLedger(pool=pool, vault=settings.vault()))

    assert await count_old_keys(pool, old.vault(), KEY_TABLES) == 0
    with pytest.raises(KeyMissing, match="'dev-1' is not among"):
        await books(new).by_code(booked.confirmation_code)
    assert await rewrap_keys(pool, both.vault(), KEY_TABLES, batch=2) == 5
    assert await rewrap_keys(pool, both.vault(), KEY_TABLES) == 0
    assert (await books(new).by_code(booked.confirmation_code)).booker == LUPITA
    await pool.close()


def test_the_command_rotates_and_says_what_is_left(pms_url: str) -> None:
    environment = {"POSTGRES_URL": pms_url, "DATA_MASTER_KEYS": "dev-2:x,dev-1:dev-master-key", "PATH": "/usr/bin"}
    command = [sys.executable, "-m", "services.pms", "rotate-keys"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=root)
    assert (done.returncode, done.stdout) == (0, "pms: 4 keys wrapped under dev-2, 0 under others\n")


async def test_a_booking_takes_the_statements_that_it_took_in_the_open(pms_url: str) -> None:
    pool = await postgres.connect_pool(pms_url, application_name="test", schema="pms", size=1, overflow=0)
    house = on_books(ledger_on(pool))
    quoted = await house.quote("2026-12-14", 1)
    statements: list[str] = []
    async with pool.acquire() as listening:
        # What asyncpg asks of types in a process's first statements is not the booking's.
        listening.add_query_logger(lambda each: "typeinfo" in each.query or statements.append(each.query))
    hold = await house.hold(quoted)
    statements.clear()
    booked = await house.book(quoted, hold=hold, booker=LUPITA)
    assert len(statements) == 14, "with BEGIN, COMMIT and the limit of waiting; counted before anything was sealed"
    statements.clear()
    await house.backend.reservations(ReservationQuery(property_id="alameda", phone_number=PHONE))
    await house.by_code(booked.confirmation_code)
    assert len(statements) == 2
    await pool.close()
