"""What one room of a stay costs: nights, taxes, sum. Decimal arithmetic; rounded to the minor unit once, at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mesh.values import Money

from .property import Per, Property, RatePlan, TaxRule
from .stay import Occupancy

LIST_PRICE = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPrice:
    """The price of the night that begins on `night`, without taxes that are added; `rule` names what made it."""

    night: date
    net: Money
    rule: str = LIST_PRICE


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One tax of a price; `included` when it is contained in the net price."""

    code: str
    amount: Money
    included: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one room costs. `gross` = `net` + taxes that are not included = `due_now` + `due_at_property`."""

    nights: tuple[NightPrice, ...]
    net: Money
    taxes: tuple[TaxLine, ...]
    gross: Money
    due_now: Money
    due_at_property: Money


def night_price(
    hotel: Property, plan: RatePlan, *, night: date, list_price: Decimal, rule: str = LIST_PRICE
) -> NightPrice:
    """The price of a night under a rate plan, rounded to what can be printed on a price tag; `rule` made it."""
    return NightPrice(night=night, net=hotel.money(list_price * plan.price_factor).rounded(), rule=rule)


def price_room(hotel: Property, nights: Sequence[NightPrice], occupancy: Occupancy) -> Price:
    """The price of one room for these nights and people."""
    net = hotel.money(sum((night.net.amount for night in nights), Decimal(0)))
    base = _without_included(hotel.taxes, net.amount, len(nights), occupancy)
    exact = [_tax(rule, base, len(nights), occupancy) for rule in hotel.taxes]
    added = sum((tax for rule, tax in zip(hotel.taxes, exact, strict=True) if not rule.included), Decimal(0))
    gross = (net + hotel.money(added)).rounded()
    lines = _lines(hotel, exact, added=gross.amount - net.rounded().amount)
    return Price(
        nights=tuple(nights),
        net=net.rounded(),
        taxes=lines,
        gross=gross,
        due_now=gross * 0,
        due_at_property=gross,
    )


def _tax(rule: TaxRule, base: Decimal, nights: int, occupancy: Occupancy) -> Decimal:
    """The exact tax of a rule on a price that contains no tax."""
    return base * rule.rate if rule.rate is not None else _fixed(rule, nights, occupancy)


def _fixed(rule: TaxRule, nights: int, occupancy: Occupancy) -> Decimal:
    amount = rule.amount or Decimal(0)
    match rule.per:
        case Per.STAY:
            return amount
        case Per.NIGHT:
            return amount * nights
        case Per.PERSON_NIGHT:
            taxed = occupancy.adults + sum(age >= rule.exempt_below_age for age in occupancy.child_ages)
            return amount * nights * taxed


def _without_included(rules: Sequence[TaxRule], net: Decimal, nights: int, occupancy: Occupancy) -> Decimal:
    """The part of the displayed price that is not tax."""
    included = [rule for rule in rules if rule.included]
    fixed = sum((_fixed(rule, nights, occupancy) for rule in included if rule.rate is None), Decimal(0))
    rate = sum((rule.rate for rule in included if rule.rate is not None), Decimal(0))
    return (net - fixed) / (1 + rate)


def _lines(hotel: Property, exact: Sequence[Decimal], *, added: Decimal) -> tuple[TaxLine, ...]:
    """Tax lines in whole minor units; the added ones sum to `added` exactly, the largest line taking the odd cents."""
    amounts = [hotel.money(tax).rounded().amount for tax in exact]
    open_lines = [index for index, rule in enumerate(hotel.taxes) if not rule.included]
    if open_lines:
        odd = added - sum((amounts[index] for index in open_lines), Decimal(0))
        largest = max(open_lines, key=lambda index: amounts[index])
        amounts[largest] = (amounts[largest] + odd).quantize(amounts[largest], ROUND_HALF_UP)
    return tuple(
        TaxLine(code=rule.code, amount=hotel.money(amount), included=rule.included)
        for rule, amount in zip(hotel.taxes, amounts, strict=True)
    )
