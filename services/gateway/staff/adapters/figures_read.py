"""The manager's figures out of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mesh.errors import DomainError
from mesh.store.postgres import Connection, Pool, connection
from mesh.telemetry import get_logger

from services.gateway.staff.adapters.hotel import GrpcHotel
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.figures import Counts, Figures, share

# $1 and $2 are the span; $3 the property, empty for all.
_SPAN = "turn_time >= $1 AND turn_time < $2 AND ($3 = '' OR property_id = $3)"
_TOTALS = f"""
    SELECT count(*) AS turns, count(DISTINCT session_id) AS conversations, count(*) FILTER (WHERE degraded) AS degraded,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_seconds) FILTER (WHERE replies > 0) AS median,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY answer_seconds) FILTER (WHERE replies > 0) AS high,
           count(*) FILTER (WHERE booked_code <> '') AS bookings,
           count(*) FILTER (WHERE booked_code <> '' AND booked_value IS NULL) AS unvalued
    FROM turn_figures WHERE {_SPAN}
"""  # noqa: S608 (constants only, as below)
_BY = f"SELECT {{column}}, count(*) FROM turn_figures WHERE {_SPAN} GROUP BY 1 ORDER BY 2 DESC LIMIT 12"  # noqa: S608
_BY_TIME = f"SELECT date_bin($4, turn_time, $1), count(*) FROM turn_figures WHERE {_SPAN} GROUP BY 1"  # noqa: S608
_VALUE = f"""
    SELECT booked_currency, sum(booked_value) FROM turn_figures
    WHERE {_SPAN} AND booked_value IS NOT NULL GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_NEEDED_A_PERSON = f"""
    SELECT count(DISTINCT t.session_id) FROM turn_figures t JOIN handoff_figures h USING (session_id)
    WHERE {_SPAN.replace("property_id", "t.property_id")}
"""  # noqa: S608
_LOOKED_AT = f"""
    SELECT count(*) AS answers, count(*) FILTER (WHERE EXISTS (
        SELECT FROM proposals p WHERE p.turn_id = t.turn_id AND p.state <> 'rejected')) AS wrong
    FROM turn_figures t
    WHERE {_SPAN} AND replies > 0 AND EXISTS (
        SELECT FROM audit_log a WHERE a.subject = t.session_id AND a.action = $4)
"""  # noqa: S608
_HANDOFFS = """
    SELECT count(*) AS total,
           count(*) FILTER (WHERE due_time < coalesce(claim_time, $4) AND reason <> 'taken_over') AS broken,
           count(*) FILTER (WHERE claim_time IS NULL AND release_time IS NULL) AS waiting,
           -- What staff took by themselves waited for nobody.
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM claim_time - open_time))
               FILTER (WHERE reason <> 'taken_over') AS claim
    FROM handoff_figures WHERE open_time >= $1 AND open_time < $2 AND ($3 = '' OR property_id = $3)
"""
_REASONS = """
    SELECT reason, count(*) FROM handoff_figures
    WHERE open_time >= $1 AND open_time < $2 AND ($3 = '' OR property_id = $3) GROUP BY 1 ORDER BY 2 DESC LIMIT 8
"""
_UNVALUED = """
    SELECT turn_id, property_id, booked_code FROM turn_figures
    WHERE booked_code <> '' AND booked_value IS NULL ORDER BY turn_time DESC LIMIT 20
"""
_BUCKETS = 24
log = get_logger(__name__)


class PostgresFiguresReader:
    """On a pool whose search path is the gateway's schema. What a booking is worth is asked of the PMS once."""

    def __init__(self, *, pool: Pool, hotel: GrpcHotel) -> None:
        self._pool = pool
        self._hotel = hotel

    async def read(self, *, since: datetime, until: datetime, property_id: str = "") -> Figures:
        """The figures of a span. Raises Down."""
        await self._value_bookings()
        span = (since, until, property_id)
        step = (until - since) / _BUCKETS
        async with connection(self._pool) as conn:
            totals = await _row(conn, _TOTALS, *span)
            looked_at = await _row(conn, _LOOKED_AT, *span, Action.SESSION_READ.value)
            handoffs = await _row(conn, _HANDOFFS, *span, until)
            needed = int(await conn.fetchval(_NEEDED_A_PERSON, *span))
            counted = {row[0]: int(row[1]) for row in await conn.fetch(_BY_TIME, *span, step)}
            value = [(str(row[0]), Decimal(row[1])) for row in await conn.fetch(_VALUE, *span)]
            by_channel = await _counts(conn, _BY.format(column="channel"), *span)
            by_intent = await _counts(conn, _BY.format(column="intent"), *span)
            by_reason = await _counts(conn, _REASONS, *span)
        contained = share(totals["conversations"] - needed, totals["conversations"])
        return Figures(
            since=since,
            until=until,
            turns=totals["turns"],
            conversations=totals["conversations"],
            by_channel=by_channel,
            by_intent=by_intent,
            by_time=_filled(counted, since, step),
            contained=contained,
            wrong=share(looked_at["wrong"], looked_at["answers"]),
            looked_at=looked_at["answers"],
            degraded=totals["degraded"],
            answer_median=totals["median"],
            answer_95=totals["high"],
            handoffs=handoffs["total"],
            by_reason=by_reason,
            claim_median=float(handoffs["claim"]) if handoffs["claim"] is not None else None,
            broken=handoffs["broken"],
            waiting=handoffs["waiting"],
            bookings=totals["bookings"],
            unvalued=totals["unvalued"],
            value=value,
        )

    async def _value_bookings(self) -> None:
        """Fills in what is not known yet, some at a time; with the PMS away they stay counted without a value."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_UNVALUED)
        for row in rows:
            try:
                value = await self._hotel.value(row["property_id"], row["booked_code"])
            except DomainError as error:
                log.warning("bookings_not_valued", reason=error.reason)
                return
            if value is not None:
                async with connection(self._pool) as conn:
                    await conn.execute(
                        "UPDATE turn_figures SET booked_value = $2, booked_currency = $3 WHERE turn_id = $1",
                        row["turn_id"],
                        value.amount,
                        value.currency,
                    )


async def _row(conn: Connection, statement: str, *values: object) -> Any:
    row = await conn.fetchrow(statement, *values)
    assert row is not None, "a count has a row"
    return row


async def _counts(conn: Connection, statement: str, *values: object) -> Counts:
    return [(str(row[0]), int(row[1])) for row in await conn.fetch(statement, *values)]


def _filled(counted: dict[datetime, int], since: datetime, step: timedelta) -> Sequence[tuple[datetime, int]]:
    """Every bucket, the empty ones too."""
    times = [since + step * number for number in range(_BUCKETS)]
    return [(time, counted.get(time, 0)) for time in times]
