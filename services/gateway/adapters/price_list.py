"""The price list of WhatsApp messages, from a YAML file; `data/whatsapp_prices.yaml` shows its form."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from services.gateway.domain.costs import PriceList, PricePeriod

EXAMPLE = Path(__file__).parents[1] / "data" / "whatsapp_prices.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Period(_Strict):
    start: date
    prices: dict[str, dict[str, Decimal]]


class _File(_Strict):
    currency: str
    periods: list[_Period]


def read_price_list(path: Path) -> PriceList:
    """Raises OSError, yaml.YAMLError or pydantic.ValidationError for a file that is none."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for period in content.get("periods", []):
        period["start"] = period.pop("from")
    file = _File.model_validate(content)
    periods = [
        PricePeriod(
            start=datetime.combine(period.start, time.min, UTC),
            markets={
                market: {category: int(price * 1_000_000) for category, price in prices.items()}
                for market, prices in period.prices.items()
            },
        )
        for period in file.periods
    ]
    return PriceList(currency=file.currency, periods=tuple(sorted(periods, key=lambda period: period.start)))
