"""Cancellation rules in set phrases: `free until 48 h before 15:00 of the arrival day, then first night`.

A rule is penalties in their order, each but the last with its end: `50% until 7 days before, then no refund`.
"""

from __future__ import annotations

import re
from typing import Any

_THEN = re.compile(r"\s*[,;]?\s*\b(?:and\s+)?(?:then|after(?:wards| that)?)\b[,:]?\s*|\s*;\s*")
_UNTIL = re.compile(r"(?:until|up to|till)\s+(?:the\s+)?(?:(\d+)\s?-?(h|hours?|d|days?|w|weeks?)|day|arrival)\b")
_HOURS = {"h": 1, "d": 24, "w": 168}
_NIGHTS = re.compile(r"(?:first|1st|one|(\d+))\s+nights?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?%")
_AMOUNT = re.compile(r"(?:[a-z]{3}\s+)?(\d+(?:\.\d+)?)(?:\s+[a-z]{3})?\b")
_ALL = re.compile(r"no(?:n|t)?[- ]?refund|no money back|total|whole|full|everything|100\s?%")


def cancellation_steps(text: str) -> list[dict[str, Any]]:
    """The steps of a hotel file. Raises ValueError for a rule that is not understood."""
    steps: list[dict[str, Any]] = []
    hours: int | None = None
    parts = [part for part in _THEN.split(text.strip().lower()) if part]
    for number, part in enumerate(parts):
        penalty = _penalty(part, text)
        if penalty is not None:
            steps.append(({} if hours is None else {"hours_before_arrival": hours}) | penalty)
        until = _UNTIL.search(part)
        if until is None and number < len(parts) - 1:
            raise ValueError(f"cancellation rule not understood: {text!r} does not say until when")
        if until is not None:
            hours = int(until[1]) * _HOURS[until[2][0]] if until[1] else 24 if until[0].endswith("day") else 0
    return steps


def _penalty(part: str, text: str) -> dict[str, Any] | None:
    """None while cancelling is free."""
    rule = _UNTIL.split(part)[0]
    if re.search(r"\b(?:free|no (?:fee|charge|penalty))\b", rule):
        return None
    if found := _NIGHTS.search(rule):
        return {"nights": int(found[1] or 1)}
    if _ALL.search(rule):
        return {"percent": 100}
    if found := _PERCENT.search(rule):
        # Whole per cents are all that a hotel file has.
        return {"percent": int(float(found[1]))}
    if re.search(r"\bhalf\b", rule):
        return {"percent": 50}
    if found := _AMOUNT.search(rule):
        return {"amount": found[1]}
    raise ValueError(f"cancellation rule not understood: {text!r}")
