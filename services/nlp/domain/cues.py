"""Words that speak for an intent, in Spanish and English. Each cue is evidence with a weight, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from services.nlp.domain.cues_lexicon import PATTERNS
from services.nlp.domain.screening import Pattern, screened


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A folded pattern; `weight` is the probability of the intent if nothing else were known."""

    intent: str
    weight: float
    pattern: Pattern


CUES: tuple[Cue, ...] = tuple(Cue(intent=i, weight=w, pattern=screened(p)) for i, w, p in PATTERNS)


def seen_cues(folded: str) -> dict[str, float]:
    """Cue number ("c0", "c1", …) to its weight, for every cue seen."""
    return {f"c{n}": cue.weight for n, cue in enumerate(CUES) if cue.pattern.search(folded)}


def cue_scores(seen: dict[str, float]) -> dict[str, float]:
    """Cues of one intent add up like independent evidence."""
    scores: dict[str, float] = {}
    for name, weight in seen.items():
        intent = CUES[int(name[1:])].intent
        scores[intent] = 1 - (1 - scores.get(intent, 0.0)) * (1 - weight)
    return scores
