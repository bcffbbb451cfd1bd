"""Where plain words speak against the model, by the tables of rules and by what else was understood."""

from __future__ import annotations

from services.nlp.domain.danger import is_elsewhere
from services.nlp.domain.overruling_answers import ANSWER_RULES
from services.nlp.domain.overruling_asking import ASKING_RULES
from services.nlp.domain.overruling_changes import CHANGE_RULES
from services.nlp.domain.overruling_house import ACUTE, HOUSE_RULES
from services.nlp.domain.overruling_stays import STAY_RULES
from services.nlp.domain.overruling_talk import TALK_RULES
from services.nlp.domain.screening import screened

_UNLIKELY = 0.2
_WISHES = (
    "cancellation_request",
    "modification_request",
    "reservation_request",
    "availability_check",
    "general_inquiry",
)
_ILL = screened(
    r"\b(?:ill|sick|unwell|poorly|flu|covid|surgery|operation|hospital\w*|enferm\w+|malit[oa]|gripe|operan"
    r"|operad[oa]|operacion|cirugia)\b"
)
_ONLY_URGENT = screened(
    r"\W*(?:(?:es|it'?s|it is|this is|esto es|muy|very|really|super|algo|something)\s+)*"
    r"(?:urgent(?:e|ly)?|urgentisimo|me urge|urge)(?: please| por favor)?\W*"
)


def overrule(scores: dict[str, float], folded: str, *, certain_danger: bool) -> None:
    """Corrects scores in place. `certain_danger`: a word of danger stands in the message."""
    asks = max(scores[name] for name in _WISHES) >= 0.5
    explains = (asks and _ILL.search(folded) and not ACUTE.search(folded)) or is_elsewhere(folded)
    hurries = _ONLY_URGENT.fullmatch(folded)
    if not certain_danger and (explains or hurries):
        # "My wife is sick, we have to cancel" needs nobody to come running.
        scores["emergency"] = min(scores["emergency"], _UNLIKELY)
    if hurries:
        scores["human_request"] = max(scores["human_request"], 0.6)
    for rule in (*ANSWER_RULES, *STAY_RULES, *CHANGE_RULES, *HOUSE_RULES, *ASKING_RULES, *TALK_RULES):
        if rule.holds(folded):
            for name in rule.not_told:
                scores[name] = min(scores[name], _UNLIKELY)
            if rule.told:
                scores[rule.told] = max(scores[rule.told], rule.score)
