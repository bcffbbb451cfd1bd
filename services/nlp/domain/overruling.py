"""What a rule that speaks against the model says: words that leave no doubt, where the model was seen to doubt.

The model does not learn from the rules, so that one can be added without a new training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.nlp.domain.screening import Pattern, screened

LIKELY = 0.8
OF_A_STAY = ("reservation_request", "availability_check")
# What is ordered beside a room.
EXTRAS = (
    r"(?:desayunos?|breakfasts?|cuna|cot|crib|(?:cama|bed) (?:extra|adicional|supletoria)|extra bed|estacionamiento"
    r"|cochera|parking|traslado|transfer|cena|dinner|spa|masaje|massage)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Intents `told` and `not_told` by words that match `says`, unless `unless` matches, too."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    told: str = ""
    not_told: tuple[str, ...] = ()
    score: float = LIKELY
    _said: Pattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_said", screened(self.says))

    def holds(self, folded: str) -> bool:
        return bool(self._said.search(folded)) and not (self.unless and self.unless.search(folded))
