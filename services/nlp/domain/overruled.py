"""Where plain words speak against the model: illness that only explains a wish, hurry, and thanks that are none."""

from __future__ import annotations

import re

_ILL = re.compile(
    r"\b(?:ill|sick|unwell|poorly|flu|covid|surgery|operation|hospital\w*|enferm\w+|malit[oa]|gripe|operan"
    r"|operad[oa]|operacion|cirugia)\b"
)
_ACUTE = re.compile(
    r"\b(?:help|ayuda\w*|auxilio|doctor|medico|ambulan\w+|ahora mismo|right now|can'?t|cannot"
    r"|no (?:puede|puedo|responde)|fever|fiebre|vomit\w+|desmay\w+|faint\w+|chest|pecho|blood|sangre)\b"
)
_ONLY_URGENT = re.compile(
    r"\W*(?:(?:es|it'?s|it is|this is|esto es|muy|very|really|super|algo|something)\s+)*"
    r"(?:urgent(?:e|ly)?|urgentisimo|me urge|urge)(?: please| por favor)?\W*"
)
_OWN_DATA = re.compile(
    r"\b(?:datos|data|dados|personal\w*|privaci\w+|privacidad|gdpr|rgpd|lopd|arco|cuenta|account|historial|history"
    r"|registros?"
    r"|records?|conversaci\w+|chat|numero|number|borr\w+|elimin\w+|suprim\w+|delete|erase|remove|forget|olvid\w+"
    r"|about me|sobre mi|de mi|my info\w*|mi info\w*)\b"
)
_ASKS_INFORMATION = re.compile(
    r"\b(?:das?|dan|dame|deme|denme|dar(?:me|nos)?|give|send|get|need|want)\b[^.?!]{0,30}\binfo\w*"
)
_NO_THANKS = re.compile(r"\b(?:gracias por nada|thanks for nothing|thank you for nothing|de nada sirv\w+)\b")
_WISHES = (
    "cancellation_request",
    "modification_request",
    "reservation_request",
    "availability_check",
    "general_inquiry",
)
_LIKELY, _UNLIKELY = 0.8, 0.2


def overrule(scores: dict[str, float], folded: str, *, certain_danger: bool) -> None:
    """Corrects scores in place. `certain_danger`: a word of danger stands in the message."""
    asks = max(scores[name] for name in _WISHES) >= 0.5
    explains = asks and _ILL.search(folded) and not _ACUTE.search(folded)
    hurries = _ONLY_URGENT.fullmatch(folded)
    if not certain_danger and (explains or hurries):
        # "My wife is sick, we have to cancel" needs nobody to come running.
        scores["emergency"] = min(scores["emergency"], _UNLIKELY)
    if hurries:
        scores["human_request"] = max(scores["human_request"], 0.6)
    if _ASKS_INFORMATION.search(folded) and not _OWN_DATA.search(folded):
        # "¿Me das información?" asks for anything but what is kept of the guest.
        scores["privacy_request"] = min(scores["privacy_request"], _UNLIKELY)
    if _NO_THANKS.search(folded):
        scores["complaint"] = max(scores["complaint"], _LIKELY)
        scores["goodbye"] = min(scores["goodbye"], _UNLIKELY)
