"""A guest who is forgotten leaves the books, and the books stay whole: rooms, nights and money, and everybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from mesh.clock import ManualClock
from mesh.errors import NotFound

from services.pms.adapters.ledger import Ledger
from services.pms.adapters.own_inventory import KEEP_GUESTS, OwnInventory
from services.pms.domain.change import preview_cancellation
from services.pms.domain.forgetting import Forgetting
from services.pms.domain.reservation import Booker, Identity, Reservation
from services.pms.ports import ReservationQuery
from tests.contract.pms_backends import a_charge
from tests.contract.pms_house import OPENED, House, connect, ledger_on, opened_in_memory, prepare_database
from tests.support.dumps import leaks, rows_of
from tests.support.stores import Databases

PHONE, MAIL = "+5215598765432", "lupita.casas@example.com"
WHATSAPP = Identity(channel="WHATSAPP", address="5215598765432")
LUPITA = Booker(
    given_name="Guadalupe", family_name="Casas", email=MAIL, phone_number=PHONE, language="es", identity=WHATSAPP
)
NOBODY = Booker(given_name="")
KEYS = "SELECT substring(sealed FOR 16) FROM reservation WHERE confirmation_code = ANY($1)"
SECRETS = ("Guadalupe", "Casas", PHONE[1:], MAIL, "Firulais", "tequila Centauro", "la abuela Remedios")


@pytest.fixture
def pms_url(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@pytest.fixture(params=["memory", "builtin"])
async def house(request: pytest.FixtureRequest, pms_url: str) -> AsyncIterator[House]:
    if request.param == "memory":
        clock = ManualClock(OPENED)
        yield on_books(await opened_in_memory(clock), clock)
        return
    pool = await connect(pms_url)
    yield on_books(ledger_on(pool), ManualClock(OPENED))
    await pool.close()


def on_books(ledger: Ledger, clock: ManualClock) -> House:
    return House(OwnInventory(ledger=ledger, clock=clock), ledger, clock)


async def booked_and_canceled(house: House) -> tuple[Reservation, Reservation]:
    """A stay to come with all there can be of a guest, and one that was canceled."""
    live = await house.book(await house.quote("2026-12-14", 2), booker=LUPITA)
    live = await house.change(live, remark="viaja mi perro Firulais")
    charge = replace(a_charge(live.reservation_id, house), description="tequila Centauro")
    await house.backend.post_charge(house.write("folio.charge"), charge)
    other = await house.book(await house.quote("2026-12-20", 1), booker=LUPITA)
    preview = preview_cancellation(house.hotel, other, house.clock.now())
    canceled = await house.backend.cancel_reservation(
        house.write("reservation.cancel"), preview, "por la abuela Remedios"
    )
    return live, canceled


def asked(house: House) -> Forgetting:
    return Forgetting(identities=(WHATSAPP, Identity(channel="EMAIL", address=MAIL)), time=house.clock.now())


async def test_what_is_over_loses_its_guest_and_what_is_to_come_keeps_it_until_its_day(house: House) -> None:
    live, canceled = await booked_and_canceled(house)
    forgetting = asked(house)
    for times in range(2):
        done = await house.backend.forget_guest(forgetting)
        assert done.erased == (0 if times else 1), "a second time finds nothing more to do"
        [kept] = done.kept
        assert (kept.confirmation_code, kept.until) == (live.confirmation_code, live.stay.check_out + KEEP_GUESTS)
    gone = await house.by_code(canceled.confirmation_code)
    assert (gone.booker, gone.cancel_reason) == (NOBODY, "")
    assert (gone.stay, gone.total, gone.state) == (canceled.stay, canceled.total, canceled.state)
    assert (await house.by_code(live.confirmation_code)).booker == LUPITA
    with pytest.raises(NotFound):
        await house.backend.guest_profile("alameda", phone_number=PHONE)

    assert await house.backend.forget_departed() == 0
    house.clock.advance(timedelta(days=(live.stay.check_out - OPENED.date()).days) + KEEP_GUESTS)
    assert [await house.backend.forget_departed() for _ in range(2)] == [1, 0]
    over = await house.by_code(live.confirmation_code)
    assert (over.booker, over.remark, over.total, over.stay) == (NOBODY, "", live.total, live.stay)
    query = ReservationQuery(property_id="alameda", phone_number=PHONE)
    assert await house.backend.reservations(query) == []
    told = [event.reservation.booker for event in await house.backend.events("alameda", after=0, limit=99)]
    assert LUPITA not in told
    assert (await house.by_code("R1003")).booker.given_name == "Ana"


async def test_who_books_again_after_it_is_a_new_guest(house: House) -> None:
    _, canceled = await booked_and_canceled(house)
    forgetting = asked(house)
    house.clock.advance(timedelta(minutes=1))
    again = await house.book(await house.quote("2027-01-10", 1), booker=LUPITA)
    await house.backend.forget_guest(forgetting)
    assert (await house.by_code(canceled.confirmation_code)).booker == NOBODY
    assert (await house.by_code(again.confirmation_code)).booker == LUPITA
    assert (await house.backend.guest_profile("alameda", phone_number=PHONE)).given_name == "Guadalupe"


async def test_the_key_is_destroyed_with_the_last_thing_it_opens(pms_url: str) -> None:
    pool = await connect(pms_url)
    house = on_books(ledger_on(pool), ManualClock(OPENED))
    live, canceled = await booked_and_canceled(house)
    codes = [live.confirmation_code, canceled.confirmation_code]
    [key_id] = {row[0] for row in await pool.fetch(KEYS, codes)}

    async def dump() -> str:
        return "\n".join(row for rows in (await rows_of(pms_url, "pms")).values() for row in rows)

    await house.backend.forget_guest(asked(house))
    assert key_id.hex() in await dump(), "the stay to come keeps it"
    house.clock.advance(timedelta(days=365))
    assert await house.backend.forget_departed() == 1
    left = await dump()
    assert key_id.hex() not in left
    assert leaks(left, SECRETS) == []
    # What was asked for then is still known, so that a repeat of it is no second booking.
    assert await pool.fetchval("SELECT count(*) FROM request_answer WHERE sealed = ''") == 5
    await pool.close()
