"""Random walks: guests, staff, other channels and faults, in any order; afterwards our books and QloApps agree."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from mesh.clock import ManualClock
from mesh.errors import Busy, Conflict, Down, Refused

from services.pms.domain.change import preview_cancellation
from services.pms.domain.reservation import Booker, Reservation, ReservationState
from services.pms.domain.stay import Occupancy, Stay
from services.pms.ports import ReservationQuery
from tests.contract.pms_house import OPENED
from tests.contract.pms_qloapps_house import QloAppsHouse, at_qloapps
from tests.service.test_pms_qloapps_races import doubly_sold, rival
from tests.support.qloapps.faults import Effect
from tests.support.qloapps.shop import is_live

STEPS = 60
EFFECTS = [effect for effect in Effect if effect is not Effect.SLOW]
PLACES = [("POST", "bookings"), ("PUT", "bookings"), ("GET", "orders"), ("GET", "room_bookings"),
          ("POST", "order_histories"), ("PUT", "room_bookings"), ("POST", "hotel_ari")]  # fmt: skip


class Walk:
    """One walk: what was begun is repeated with its request id until it is answered, as every caller does."""

    def __init__(self, house: QloAppsHouse, seed: int) -> None:
        self.house = house
        self.dice = random.Random(seed)
        self.known: dict[str, Reservation] = {}

    async def step(self) -> None:
        house, dice = self.house, self.dice
        if dice.random() < 0.5:
            house.fake.faults.plan(dice.choice(EFFECTS), *dice.choice(PLACES), times=dice.choice([1, 1, 2, 4]))
        house.fake.faults.hidden_losers = dice.random() < 0.5
        live = [each for each in self.known.values() if each.state is ReservationState.CONFIRMED]
        kind = dice.choice(["book", "book", "book", "move", "cancel", "people"] if live else ["book"])
        try:
            if kind == "book":
                await self.book()
            else:
                await self.change(kind, dice.choice(live))
        except (Refused, Conflict):
            pass
        finally:
            house.fake.faults.planned.clear()
            house.fake.faults.rival = None
            # What was cut off ends before the next guest comes: QloApps gives no way to call it back.
            await house.fake.settled()

    async def book(self) -> None:
        house, dice = self.house, self.dice
        stay = Stay.of(date(2027, 1, 4) + timedelta(days=dice.randrange(8)), dice.randint(1, 3))
        room = dice.choice(["DBL", "SUI", "FAM"])
        rooms = (Occupancy(2),) * dice.choice([1, 1, 2])
        quoted = await self.persist(lambda: house.quote(str(stay.check_in), len(stay), room=room, rooms=rooms))
        if dice.random() < 0.3:
            house.fake.faults.rival = rival(house.fake.shop, stay)
        booker = Booker(given_name="Zoë", phone_number=f"+5255000{dice.randrange(10_000, 99_999)}")
        write = house.write("reservation.create")
        made = await self.persist(lambda: house.book(quoted, write=write, booker=booker))
        self.known[made.reservation_id] = made

    async def change(self, kind: str, of: Reservation) -> None:
        house, dice = self.house, self.dice
        reservation = await self.persist(lambda: house.backend.reservation(of.reservation_id))
        self.known[of.reservation_id] = reservation
        if reservation.state is not ReservationState.CONFIRMED:
            return
        write = house.write(kind)
        if kind == "cancel":
            cancellation = preview_cancellation(house.hotel, reservation, house.clock.now())
            changed = await self.persist(lambda: house.backend.cancel_reservation(write, cancellation, "plans"))
        else:
            wanted: dict[str, object] = {"rooms": (Occupancy(1),) * reservation.units}
            if kind == "move":
                first = reservation.stay.check_in + timedelta(days=dice.randint(-2, 2))
                wanted = {"stay": Stay.of(first, dice.randint(1, 4))}
            preview = await self.persist(lambda: house.preview_change(reservation, **wanted))
            changed = await self.persist(lambda: house.backend.modify_reservation(write, preview))
        self.known[of.reservation_id] = changed

    async def persist(self, call):
        for _ in range(10):
            try:
                return await call()
            except (Down, Busy):
                await self.house.fake.settled()
                self.house.pass_time(seconds=95)
        return await call()


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("seed", range(8))
async def test_books_and_qloapps_agree_after_any_walk(seed: int, strict: bool) -> None:
    async with at_qloapps(ManualClock(OPENED)) as house:
        house.fake.faults.strict = strict
        walk = Walk(house, seed)
        for _ in range(STEPS):
            await walk.step()
        house.pass_time(seconds=200)
        shop = house.fake.shop
        ours = await house.backend.reservations(ReservationQuery(property_id="alameda", limit=1000))
        live = {int(each.external_ids[0].external_id): each for each in ours if each.takes_rooms}
        kept = {int(row["id_order"]) for row in shop.lines() if is_live(row)}
        assert kept == set(live)
        for order_id, reservation in live.items():
            lines = [row for row in shop.lines_of(order_id) if is_live(row)]
            slept = {(row["id_room"], night) for row in lines for night in _nights(row)}
            assert len(slept) == reservation.units * len(reservation.stay), (order_id, reservation.stay)
            assert {night for _, night in slept} == set(reservation.stay.nights())
            assert sorted({row["room_num"] for row in lines}) == sorted(room.room_number for room in reservation.rooms)
        totals = {order: shop.table("orders")[order]["total_paid_tax_incl"] for order in live}
        assert totals == {order: f"{each.total.amount}0000" for order, each in live.items()}
        assert doubly_sold(shop) == []
        assert len(walk.known) > 5


def _nights(row: dict[str, str]) -> list[date]:
    return list(Stay(date.fromisoformat(row["date_from"][:10]), date.fromisoformat(row["date_to"][:10])).nights())
