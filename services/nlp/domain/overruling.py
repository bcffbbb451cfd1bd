"""What a rule that speaks against the model says: words that leave no doubt, where the model was seen to doubt.

The model does not learn from the rules, so that one can be added without a new training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LIKELY = 0.8
OF_A_STAY = ("reservation_request", "availability_check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Intents `told` and `not_told` by words that match `says`, unless `unless` matches, too."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    told: str = ""
    not_told: tuple[str, ...] = ()
    score: float = LIKELY

    def holds(self, folded: str) -> bool:
        return bool(self.says.search(folded)) and not (self.unless and self.unless.search(folded))
