"""Prices, and the tokens that promise them."""

from datetime import timedelta
from decimal import Decimal

import grpc
from google.type.money_pb2 import Money
from hotel.pms.v1 import pms_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, Visit, date_of, dates_of, now

SKEW = timedelta(minutes=2)


@check("a price adds up: nights, taxes, gross, what is due, total of all rooms")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=3, rooms=2, least_left=2)
    quote = await visit.quote(offer, rooms=2)
    price = quote.offer.price
    check_in, check_out = dates_of(offer.stay)
    expect_equal(
        [date_of(night.date) for night in price.nights],
        [check_in + timedelta(days=offset) for offset in range((check_out - check_in).days)],
        "the nights of the price",
    )
    expect_equal(sum(_sum(night.net) for night in price.nights), _sum(price.net), "the sum of the nights")
    added = sum(_sum(tax.amount) for tax in price.taxes if not tax.included)
    expect_equal(_sum(price.gross), _sum(price.net) + added, "gross")
    expect_equal(_sum(price.due_now) + _sum(price.due_at_property), _sum(price.gross), "due now and at the hotel")
    expect_equal(_sum(quote.total), _sum(price.gross) * 2, "the total of two equal rooms")
    expect(all(night.rule for night in price.nights), "a night does not say which rule made its price")
    currencies = {quote.total.currency_code, price.gross.currency_code, price.net.currency_code}
    expect_equal(currencies, {visit.ground.hotel.currency_code}, "the currencies")


@check("a quote costs what the search said, and expires after the property's quote duration")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    quote = await visit.quote(offer)
    expect_equal(quote.offer.price, offer.price, "the quoted price")
    expect_equal((quote.property_id, quote.offer.stay), (visit.property_id, offer.stay), "what is quoted")
    expires = quote.expire_time.ToDatetime(tzinfo=now().tzinfo)
    most = visit.ground.hotel.quote_duration.ToTimedelta()
    expect(now() - SKEW < expires <= now() + most + SKEW, f"expire_time {expires} is not within {most}")
    expect(bool(quote.quote_id and quote.quote_token), "no id or token")


@check("cancellation terms are worked out: deadlines in order, the penalty never above the total")
async def _(visit: Visit) -> None:
    for plan in visit.ground.rate_plans:
        quote = await visit.quote(await visit.offer(plan=plan.rate_plan_id))
        terms = quote.offer.cancellation
        times = [deadline.from_time.ToNanoseconds() for deadline in terms.deadlines]
        expect_equal(times, sorted(times), f"the order of {plan.rate_plan_id}'s deadlines")
        penalties = [_sum(deadline.penalty) for deadline in terms.deadlines] + [_sum(terms.penalty)]
        expect(
            all(0 <= each <= _sum(quote.total) for each in penalties), f"a penalty of {plan.rate_plan_id} is too high"
        )
        expect_equal(terms.date_change_allowed, plan.date_change_allowed, f"date_change_allowed of {plan.rate_plan_id}")
        expect(not (terms.non_refundable and terms.HasField("free_until_time")), "non-refundable, yet free for a time")


@check("a quote takes no room off sale")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    before = await visit.nights(offer)
    for _ in range(3):
        await visit.quote(offer)
    expect_equal(await visit.nights(offer), before, "the inventory")


@check("an altered token, and one of another kind, are TOKEN_INVALID")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer())
    token = quote.quote_token
    middle = len(token) // 2
    altered = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for bad in (altered, token[:-1], token + "A", "nonsense", "a.b.c"):
        request = pms_pb2.PlaceHoldRequest(request_id=visit.request_id(), quote_token=bad)
        call = visit.pms.PlaceHold(request, timeout=READ_SECONDS)
        await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "TOKEN_INVALID")
        booking = visit.booking(quote, quote_token=bad)
        await expect_refused(visit.send(booking), grpc.StatusCode.INVALID_ARGUMENT, "TOKEN_INVALID")
    for method, swapped in (
        ("ModifyReservation", pms_pb2.ModifyReservationRequest(request_id="x", modification_token=token)),
        ("CancelReservation", pms_pb2.CancelReservationRequest(request_id="y", cancellation_token=token)),
    ):
        swapped.request_id = visit.request_id()
        call = getattr(visit.pms, method)(swapped, timeout=READ_SECONDS)
        await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "TOKEN_INVALID")


def _sum(money: Money) -> Decimal:
    return Decimal(money.units) + Decimal(money.nanos) / 1_000_000_000
