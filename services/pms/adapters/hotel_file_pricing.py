"""The part of a hotel file that lets prices move with demand: steps and, by room type, how far they may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.pms.domain.price_steps import PriceStep, PricingRules
from services.pms.domain.pricing import LIST_PRICE


def _exact(value: object) -> object:
    return str(value) if isinstance(value, float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
Share = Annotated[Exact, Field(ge=0, le=1)]
Limit = Annotated[Exact, Field(gt=0, max_digits=14, decimal_places=4)]


class StepPart(BaseModel):
    """A factor for nights whose expected occupancy lies in `[at_least, below)`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    factor: Annotated[Exact, Field(gt=0, le=5)]
    at_least: Share | None = None
    below: Share | None = None
    within_days: int | None = Field(None, ge=0, le=365)

    @model_validator(mode="after")
    def _bounded(self) -> StepPart:
        if self.name == LIST_PRICE:
            raise ValueError(f"{LIST_PRICE!r} is the name of the price that no step moved")
        if self.at_least is None and self.below is None:
            raise ValueError("give at_least, below or both")
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError("at_least comes before below")
        return self


class PricingPart(BaseModel):
    """The first step that applies moves a price; room types without floor and ceiling keep theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: list[StepPart] = Field(min_length=1, max_length=20)
    floor: dict[str, Limit]
    ceiling: dict[str, Limit]
    history_nights: int = Field(20, ge=1, le=365)

    @model_validator(mode="after")
    def _consistent(self) -> PricingPart:
        names = [step.name for step in self.steps]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two steps are called {twice[0]}")
        if alone := sorted(self.floor.keys() ^ self.ceiling.keys()):
            raise ValueError(f"{alone[0]} has a floor or a ceiling, and needs both")
        if crossed := sorted(key for key in self.floor if self.floor[key] > self.ceiling[key]):
            raise ValueError(f"the floor of {crossed[0]} is above its ceiling")
        return self

    @property
    def rules(self) -> PricingRules:
        """The same, as the domain has it."""
        return PricingRules(
            steps=tuple(PriceStep(**step.model_dump()) for step in self.steps),
            floor=self.floor,
            ceiling=self.ceiling,
            history_nights=self.history_nights,
        )


def pricing_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """One line for a limit of a room type that is not there, and for prices that another system sets."""
    pricing = content.get("pricing")
    if not isinstance(pricing, Mapping):
        return
    if content.get("pms"):
        yield "pricing: the PMS sets the prices; leave it out"
    types = content.get("room_types")
    known = types if isinstance(types, Mapping) else {}
    for part in ("floor", "ceiling"):
        limits = pricing.get(part)
        for room_type in limits if isinstance(limits, Mapping) else {}:
            if room_type not in known:
                yield f"pricing.{part}.{room_type}: no such room type"
