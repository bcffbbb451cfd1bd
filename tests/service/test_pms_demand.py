"""Prices that follow demand, as clients of the service see them: with the flag off, on, and on for some properties."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hotel.pms.v1 import offer_pb2, pms_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.testing.mesh import running

from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE, OPENED
from tests.service.pms_calls import SECONDS, book, people, pesos, quote, stay
from tests.support.pms_process import migrated

# Rooms were booked thirty days ahead, so nights further away than that still gain what such nights gained.
FAR, NEAR = ("2027-01-05", "2027-01-07"), ("2026-12-08", "2026-12-10")
PRICING = {
    "history_nights": 20,
    "steps": [{"name": "high_demand", "at_least": 0.7, "factor": 1.25}],
    "floor": {"DBL": 1000},
    "ceiling": {"DBL": 1400},
}


def hotel_content(today: date, pricing: dict[str, Any] | None) -> dict[str, Any]:
    """The demo hotel with three of four doubles booked on every night of 120 days before today."""
    content = yaml.safe_load(HOTEL_FILE.read_text(encoding="utf-8"))
    content["inventory"] = []
    content["reservations"] = [
        {
            "code": f"P{number}{room}",
            "guest": {"given_name": "Past", "email": f"past-{number}-{room}@example.com"},
            "room_type": "DBL",
            "rate_plan": "FLEX",
            "check_in": today - timedelta(days=number),
            "check_out": today - timedelta(days=number - 1),
            "adults": 2,
        }
        for number in range(1, 121)
        for room in range(3)
    ]
    if pricing:
        content["pricing"] = pricing
    return content


@pytest.fixture(scope="module")
def hotel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hotel") / "busy.yaml"
    path.write_text(yaml.safe_dump(hotel_content(OPENED.date(), PRICING), allow_unicode=True), encoding="utf-8")
    return path


@asynccontextmanager
async def served(hotel_file: Path, clock: ManualClock | None = None, **fields: Any) -> AsyncIterator[PmsServiceStub]:
    settings = Settings(pms_backend="memory", hotel_files=str(hotel_file), **fields)
    async with running({"pms": (build, settings)}, clock=clock or ManualClock(OPENED)) as mesh:
        yield PmsServiceStub(mesh.channel("pms"))


def rules_of(offer: offer_pb2.Offer) -> list[tuple[str, int]]:
    return [(night.rule, night.net.units) for night in offer.price.nights]


async def test_with_the_flag_off_it_is_the_list_price(hotel_file: Path) -> None:
    async with served(hotel_file) as pms:
        for nights in (FAR, NEAR):
            assert rules_of((await quote(pms, *nights)).offer) == [("list", 1200)] * 2


async def test_with_the_flag_on_nights_that_will_fill_up_cost_more_within_the_owners_ceiling(hotel_file: Path) -> None:
    async with served(hotel_file, predictive_pricing=True) as pms:
        far = await quote(pms, *FAR)
        assert rules_of(far.offer) == [("high_demand", 1400)] * 2  # 1500, but for the ceiling
        assert rules_of((await quote(pms, *NEAR)).offer) == [("list", 1200)] * 2
        assert rules_of((await quote(pms, *FAR, room="TWN")).offer) == [("list", 1200)] * 2  # without limits
        assert far.total.units == 3332  # 2 × 1400 × 1.19
        request = pms_pb2.SearchAvailabilityRequest(
            property_id="alameda", stay=stay(*FAR), rooms=[people()], room_type_id="DBL", rate_plan_id="NRF"
        )
        (offer,) = (await pms.SearchAvailability(request, timeout=SECONDS)).offers
        assert rules_of(offer) == [("high_demand", 1260)] * 2  # the plan's factor comes after
        booked = await book(pms, far)
        assert (booked.total, rules_of(booked)) == (far.total, rules_of(far.offer))


async def test_the_inventory_keeps_telling_list_prices(hotel_file: Path) -> None:
    async with served(hotel_file, predictive_pricing=True) as pms:
        request = pms_pb2.ListInventoryRequest(property_id="alameda", nights=stay(*FAR), room_type_id="DBL")
        nights = (await pms.ListInventory(request, timeout=SECONDS)).nights
        assert [night.net_price for night in nights] == [pesos(1200)] * 2


async def test_a_change_keeps_the_price_of_nights_that_stay_and_moves_that_of_new_ones(hotel_file: Path) -> None:
    async with served(hotel_file, predictive_pricing=True) as pms:
        booked = await book(pms, await quote(pms, *NEAR))
        request = pms_pb2.PreviewModificationRequest(
            reservation_id=booked.reservation_id, stay=stay("2026-12-08", "2026-12-11"), room_type_id="DBL"
        )
        preview = (await pms.PreviewModification(request, timeout=SECONDS)).preview
        assert rules_of(preview.reservation) == [("list", 1200)] * 3
        moved = pms_pb2.PreviewModificationRequest(reservation_id=booked.reservation_id, stay=stay(*FAR))
        preview = (await pms.PreviewModification(moved, timeout=SECONDS)).preview
        assert rules_of(preview.reservation) == [("high_demand", 1400)] * 2


async def test_what_was_learned_is_learned_anew_each_day(hotel_file: Path) -> None:
    clock = ManualClock(OPENED)
    async with served(hotel_file, clock, predictive_pricing=True) as pms:
        assert rules_of((await quote(pms, *FAR)).offer)[0][0] == "high_demand"
        clock.advance(timedelta(days=60))  # sixty quiet days later: those nights are near, and so is their fill
        assert rules_of((await quote(pms, "2027-01-20", "2027-01-21")).offer) == [("list", 1200)]


async def test_a_hotel_without_rules_keeps_its_prices_whatever_the_flag_says() -> None:
    async with served(HOTEL_FILE, predictive_pricing=True) as pms:
        assert (await quote(pms, "2026-12-03", "2026-12-06")).total == pesos(4284)


async def test_the_flags_file_decides_by_property(hotel_file: Path, tmp_path: Path) -> None:
    flags = tmp_path / "flags.json"
    only = {"if": [{"==": [{"var": "property_id"}, "alameda"]}, "on", "off"]}
    for targeting, rule in ((only, "high_demand"), ({"if": [False, "on", "off"]}, "list")):
        flag = {
            "state": "ENABLED",
            "variants": {"on": True, "off": False},
            "defaultVariant": "off",
            "targeting": targeting,
        }
        flags.write_text(json.dumps({"flags": {"predictive_pricing": flag}}))
        async with served(hotel_file, flags_file=str(flags)) as pms:
            assert rules_of((await quote(pms, *FAR)).offer)[0][0] == rule


# The back-test, as an owner runs it.


@pytest.fixture
def database(postgres_url: str) -> str:
    return migrated(postgres_url)


async def run_pms(url: str, *arguments: str) -> tuple[int | None, str, str]:
    environment = {**os.environ, "POSTGRES_URL": url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.pms", *arguments, stdout=PIPE, stderr=PIPE, env=environment
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.slow
async def test_the_back_test_reads_the_books_and_prints_a_table(database: str, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    loaded, rules = tmp_path / "loaded.yaml", tmp_path / "rules.yaml"
    loaded.write_text(yaml.safe_dump(hotel_content(today, None), allow_unicode=True), encoding="utf-8")
    cautious = {**PRICING, "steps": [{"name": "nearly_full", "at_least": 0.6, "factor": 1.1}], "history_nights": 5}
    rules.write_text(yaml.safe_dump(hotel_content(today, cautious), allow_unicode=True), encoding="utf-8")
    assert (await run_pms(database, "load-hotel", str(loaded)))[0] == 0

    code, _, err = await run_pms(database, "backtest")
    assert (code, "has no `pricing`" in err) == (2, True)
    code, _, err = await run_pms(database, "backtest", "--property", "nowhere")
    assert (code, "is not in the books" in err) == (2, True)

    code, out, err = await run_pms(database, "backtest", "--file", str(rules), "--days", "100")
    assert code == 0, err
    lines = [line.split() for line in out.splitlines()]
    rows = {line[0]: line for line in lines if line and line[0] in {"list", "nearly_full", "all"}}
    assert int(rows["all"][1]) == int(rows["list"][1]) + int(rows.get("nearly_full", ["", "0"])[1])
    assert float(rows["all"][3]) >= float(rows["all"][2])
    assert "whether guests would have booked at them is not known" in out
