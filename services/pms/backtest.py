"""`python -m services.pms backtest`: what the pricing rules would have done on the bookings in the books."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from mesh.clock import Clock, SystemClock
from mesh.settings import ConfigurationError
from mesh.store import postgres

from services.pms.adapters.builtin import builtin_backend
from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFileError, read
from services.pms.desk.demand import history_of
from services.pms.domain.back_test import BackTest, back_test
from services.pms.domain.demand import HISTORY
from services.pms.domain.property import Property
from services.pms.ports import Backend
from services.pms.settings import Settings


def parse_backtest(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m services.pms backtest", description=__doc__)
    parser.add_argument("--property", default="", help="the property (the first one in the books)")
    parser.add_argument("--days", type=int, default=180, help="bookings made in so many days until today (180)")
    parser.add_argument("--file", type=Path, help="a hotel file whose `pricing` to try, instead of the loaded one's")
    return parser.parse_args(arguments)


async def backtest_report(settings: Settings, options: argparse.Namespace) -> str:
    """The report. Raises ConfigurationError when there is no such property or it has no rules, Down."""
    url = settings.postgres_url.get_secret_value()
    pool = await postgres.connect_pool(url, application_name="pms-backtest", schema="pms", size=1, overflow=1)
    try:
        clock = SystemClock()
        return await report(builtin_backend(pool, clock, settings.vault()), clock, options)
    finally:
        await pool.close()


async def report(backend: Backend, clock: Clock, options: argparse.Namespace) -> str:
    """The report on one property of a backend."""
    hotel = _with_rules(_chosen(await backend.properties(), options.property), options.file)
    today = hotel.today(clock.now())
    first = today - timedelta(days=options.days)
    # Bookings of those days may be for nights as far ahead as nights are sold.
    until = hotel.last_check_out(clock.now())
    reservations = await history_of(backend, hotel.property_id, first=first - HISTORY, until=until)
    return _told(hotel, back_test(hotel, reservations, first=first, until=today), days=options.days)


def _chosen(hotels: Sequence[Property], property_id: str) -> Property:
    found = next((hotel for hotel in hotels if property_id in {"", hotel.property_id}), None)
    if found is None:
        raise ConfigurationError([f"property {property_id!r} is not in the books" if property_id else "no books yet"])
    return found


def _with_rules(hotel: Property, path: Path | None) -> Property:
    if path is not None:
        try:
            hotel = replace(hotel, pricing=configuration_of(read(path)).hotel.pricing)
        except HotelFileError as error:
            raise ConfigurationError([f"{error.source}: {problem}" for problem in error.problems]) from None
    if hotel.pricing is None:
        raise ConfigurationError([f"{hotel.property_id} has no `pricing` in its hotel file: nothing to test"])
    return hotel


def _told(hotel: Property, result: BackTest, *, days: int) -> str:
    """A table a person can read, and what it does not say."""
    rows = [["rule", "room nights", "sold for", "would be", "change"]]
    rows += [
        [each.rule, str(each.room_nights), f"{each.sold_for.amount:.2f}", f"{each.would_be.amount:.2f}",
         _change(each.sold_for.amount, each.would_be.amount)]
        for each in result.rules
    ]  # fmt: skip
    before = sum((each.sold_for.amount for each in result.rules), Decimal(0))
    after = sum((each.would_be.amount for each in result.rules), Decimal(0))
    nights = sum(each.room_nights for each in result.rules)
    rows.append(["all", str(nights), f"{before:.2f}", f"{after:.2f}", _change(before, after)])
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [f"{hotel.property_id}: bookings of the last {days} days, net prices in {hotel.currency}", ""]
    lines += ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines += [
        "",
        f"{result.forecasts} nights forecast, {result.mean_error * 100:.1f} points of occupancy wrong on average.",
        "The same bookings at other prices: whether guests would have booked at them is not known.",
    ]
    return "\n".join(lines)


def _change(before: Decimal, after: Decimal) -> str:
    return f"{(after / before - 1) * 100:+.1f} %" if before else "-"
