"""Books from before there were keys: the migration seals them, the service goes on with them, and they open again."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import asyncpg
from mesh.clock import ManualClock
from mesh.store.migrations import migrate

from services.pms.adapters.opening_books import open_books
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.qloapps.journal import Change
from services.pms.adapters.qloapps.journal_postgres import PostgresJournal
from services.pms.domain import record
from services.pms.domain.event import EventType
from services.pms.domain.guest import Charge, profile_for
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.reservation import Booker, Identity, Reservation
from services.pms.ports import ReservationQuery, Write
from services.pms.settings import Settings
from tests.contract.pms_house import MIGRATIONS, OPENED, House, alameda, connect, ledger_on
from tests.support.dumps import leaks, rows_of

PHONE, MAIL = "+5215598765432", "lupita.casas@example.com"
SECRETS = ("Guadalupe", "Casas", PHONE[1:], match_key(PHONE), MAIL, "mi perro Firulais", "tequila Centauro",
           "maria.lopez@example.com", "525512345678")  # fmt: skip
LUPITA = Booker(
    given_name="Guadalupe",
    family_name="Casas",
    email=MAIL,
    phone_number=PHONE,
    language="es",
    identity=Identity(channel="WHATSAPP", address="5215598765432"),
)
DIGEST = "ab" * 32
WRITE = Write(request_id="book-lupita", operation="reservation.create", digest=DIGEST)
# More than the migration takes at a time.
MANY = 501


def reservation(number: int = 0, *, profile_id: str | None = None) -> Reservation:
    """Lupita's reservation number so and so, as it was stored before there were keys."""
    existing = alameda().reservations[0]
    made = existing.reservation(alameda().hotel, alameda().exceptions, OPENED)
    return record.from_plain(
        Reservation,
        record.to_plain(made)
        | {
            "reservation_id": f"res_{number}",
            "confirmation_code": f"L{number}",
            "booker": record.to_plain(LUPITA),
            "remark": "viaja mi perro Firulais",
            "profile_id": profile_for("alameda", LUPITA).profile_id if profile_id is None else profile_id,
        },
    )


def row_of(each: Reservation) -> tuple[Any, ...]:
    booker = each.booker
    assert booker.identity is not None
    contact = match_key(booker.phone_number), email_key(booker.email), booker.identity.key
    return (each.reservation_id, each.property_id, each.confirmation_code, each.state.value, each.room_type_id,
            each.stay.check_in, each.stay.check_out, each.units, each.version, each.profile_id, *contact,
            record.to_text(each))  # fmt: skip


async def fill_plain(url: str) -> None:
    """Every table with personal data as the release before wrote it."""
    db = await asyncpg.connect(url, server_settings={"search_path": "pms"})
    kept, guest = [reservation(number) for number in range(MANY)], profile_for("alameda", LUPITA)
    # A guest's row was never promised: this one is of nobody in the books of guests.
    kept.append(reservation(MANY, profile_id=""))
    charge = Charge(charge_id="chg_1", reservation_id="res_0", description="tequila Centauro", amount=kept[0].total,
                    post_time=OPENED)  # fmt: skip
    change = Change(request_id="change-lupita", digest=DIGEST, property_id="alameda", target=kept[0],
                    event_type=EventType.MODIFIED, begin_time=OPENED)  # fmt: skip
    document = record.to_text(alameda().hotel)
    await db.execute("INSERT INTO property VALUES ('alameda', $1, $2, 'digest', $3, now())", document,
                     record.to_text(alameda()), MANY)  # fmt: skip
    await db.execute("INSERT INTO guest VALUES ($1, 'alameda', $2, $3, $4)", guest.profile_id, match_key(PHONE),
                     email_key(MAIL), record.to_text(guest))  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, 15))
    await db.executemany(f"INSERT INTO reservation VALUES ({places})", [row_of(each) for each in kept])
    events = [(number + 1, record.to_text(each), OPENED) for number, each in enumerate(kept[:MANY])]
    await db.executemany("INSERT INTO reservation_event VALUES ('alameda', $1, 'CREATED', $2, $3)", events)
    await db.execute("INSERT INTO charge VALUES ('chg_1', 'alameda', 'res_0', $1, $2)", record.to_text(charge), OPENED)
    answers = {
        WRITE.request_id: record.to_text(kept[0]),
        "charge": record.to_text(charge),
        "guest": record.to_text(guest),
        "hold": json.dumps({"hold_id": "hld_1", "fence": 3}),
        "empty": "",
    }
    await db.executemany("INSERT INTO request_answer VALUES ($1, 'any', $2, $3, $4)",
                         [(request_id, DIGEST, answer, OPENED) for request_id, answer in answers.items()])  # fmt: skip
    await db.execute("INSERT INTO qloapps_journal VALUES ('change-lupita', 'alameda', 'change', $1, $2)",
                     record.to_text(change), OPENED)  # fmt: skip
    await db.close()


async def read_sealed(url: str) -> None:
    """The service of now over those books, which it opens anew as it does at every start."""
    pool = await connect(url)
    clock = ManualClock(OPENED)
    ledger = ledger_on(pool)
    house = House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)
    by_phone = await house.backend.reservations(ReservationQuery(property_id="alameda", phone_number=PHONE, limit=999))
    assert len(by_phone) == MANY + 1
    assert {each.booker for each in by_phone} == {LUPITA}
    profile = await house.backend.guest_profile("alameda", email=MAIL)
    assert (profile.given_name, len(profile.live_codes)) == ("Guadalupe", MANY)
    booked = await house.by_code("L0")
    assert (booked.remark, booked.profile_id) == ("viaja mi perro Firulais", profile.profile_id)
    events = await house.backend.events("alameda", after=0, limit=MANY)
    assert [event.reservation.booker for event in events] == [LUPITA] * MANY
    # The request of that booking is still known, and so is what was under way.
    async with ledger.transaction() as tx:
        stored = await tx.claim(WRITE, OPENED)
    assert record.from_text(Reservation, stored or "") == booked
    journal = PostgresJournal(pool=pool, vault=Settings().vault())
    (under_way,) = await journal.entries("alameda")
    assert isinstance(under_way, Change)
    assert under_way.target == booked
    assert await pool.fetchval("SELECT count(*) FROM data_key") == 2
    await pool.close()


def opened_rows(url: str) -> dict[str, list[list[str]]]:
    """Rows but for the ids of guests and the order of columns, which migrations change; without configurations."""
    found = {}
    for table, rows in asyncio.run(rows_of(url, "pms")).items():
        named = [re.sub("gst_[0-9a-f]{20}", "its guest", row) for row in rows]
        found[table] = sorted(sorted(row.replace('""', '"').strip("()").split(",")) for row in named)
    return {table: rows for table, rows in found.items() if table not in {"alembic_version", "property"}}


def test_books_from_before_are_sealed_and_opened_again_by_the_migration(postgres_url: str) -> None:
    def move(revision: str) -> None:
        migrate(postgres_url, schema="pms", directory=MIGRATIONS, revision=revision)

    def told() -> str:
        return str(asyncio.run(rows_of(postgres_url, "pms")))

    move("0002")
    asyncio.run(fill_plain(postgres_url))
    assert leaks(told(), SECRETS) == list(SECRETS)
    before = opened_rows(postgres_url)
    named_after_a_phone = profile_for("alameda", LUPITA).profile_id
    for _ in range(2):
        move("0003")
        assert leaks(told(), (*SECRETS, named_after_a_phone, DIGEST)) == []
        asyncio.run(read_sealed(postgres_url))
        move("-1")
        assert opened_rows(postgres_url) == before


async def test_the_configuration_in_the_books_says_nothing_of_who_booked(postgres_url: str) -> None:
    await asyncio.to_thread(migrate, postgres_url, schema="pms", directory=MIGRATIONS)
    pool = await connect(postgres_url)
    assert await open_books(ledger_on(pool), ManualClock(OPENED), alameda())
    assert not await open_books(ledger_on(pool), ManualClock(OPENED), alameda())
    told = await pool.fetchval("SELECT configuration ->> 'reservations' FROM property")
    assert "R1001" in told
    assert "López" not in told
    await pool.close()
