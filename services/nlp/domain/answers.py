"""Yes and no, read against what was asked: the words alone, or yes and no with something else beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.nlp.domain.screening import screened

_YES = (
    r"(?:si(?:p|pi|p+)?|sii+|s[ií]mon|yes+|yep|yea+h*|yup|ya+s|ok(?:ay|ey|is|i|idoki)?|okk+|k\b|vale|dale"
    r"|va\b|sale\b|claro(?: que si)?|por supuesto|de acuerdo|confirmo|confirmado|confirmada"
    r"|confirmar|confirmalo|confirmala|confirme(?:n)?|confirmed?|correcto|correcta|correct|exacto|exactly"
    r"|asi es|perfect[oa]?|esta bien|esta perfecto|me parece (?:bien|perfecto|genial)|adelante|procede"
    r"|proceda"
    r"|go ahead|go for it|sure(?: thing)?|of course|absolutely|definitely|certainly|please do|sounds (?:good"
    r"|great|perfect)|that works|works for me|that'?s (?:right|correct|fine|perfect|great|it)"
    r"|that is (?:right|correct|fine)|(?:kindly |please )?do the needful"
    r"|fine|great|good|all good|right|do it|let'?s do it|book it|hagalo|hazlo|hagamoslo|reservala|reservalo"
    r"|listo|genial|orale|andale|de una|bueno|obvio|afirmativo|affirmative|aye|aceptar|acepto"
    r"|i (?:confirm|agree|accept|do)|lo confirmo|la confirmo|cancel[ae]la|cancel[ae]lo|👍\w*|✅|👌|💯|🙌|🆗)"
)
_NO = (
    r"(?:no+\b|nop+e?|nah+|nel\b|para nada|claro que no|no gracias|no thank(?:s| you)|negativo|negative"
    r"|mejor no|todavia no|aun no|not yet|not really|not now|not right|never ?mind|olvidalo|forget it"
    r"|(?:asi )?dej[ae]lo(?: asi)?|deja asi|dejemoslo|leave it(?: then| there)?|incorrect[oa]?|wrong|that'?s (?:not"
    r"|wrong)|that is (?:not|wrong)"
    r"|equivocad[oa]|esta mal|don'?t|do not|i don'?t|nunca|ninguno|ninguna|neither|none of|cancel that|👎\w*|❌"
    r"|🚫|jamas|i'?d rather not|prefiero no|tampoco)"
)
_FILLER = (
    r"(?:por favor|please|porfa\w*|porfis|gracias|muchas gracias|thanks|thank you|thx|ty|todo|eso|it|that|is"
    r"|es|la|lo|el|the|reserva|reservacion|booking|then|entonces|pues|mucho|muy|very|much|bien|well|amigo"
    r"|senorita|sir|madam|mate|adelante|con|with|todo bien|y|and|ahi|nomas|si|yes|no|ya|now|quiero|want|this"
    r"|esta|este|for me|me|parece|estoy|i am|am|i'?m|sure|segur[oa]|all|en)"
)
_LEAD = r"^[^\w👍✅👌💯🙌🆗👎❌🚫]*(?:(?:ah|oh|eh|um|uh|mmm*|pues|bueno|well|hola|hi|ay|uy|hmm+|ok|a ver|ya)[ ,.]+)?"
# These start many sentences that are no answer ("va a llover", "good morning"), so a pause must follow them.
_WEAK_YES = r"(?:va|sale|bueno|good|right|fine|great|genial|listo|perfect[oa]?|correct[oa]?|obvio|k|sure|dale|vale)"
_STARTS_YES = re.compile(rf"{_LEAD}(?!{_WEAK_YES}\s+\w)(?P<yes>{_YES})(?=\W|$)")
_STARTS_NO = re.compile(rf"{_LEAD}(?P<no>{_NO})(?=\W|$)")
_ANY_YES = re.compile(rf"{_LEAD}(?:{_YES})(?=\W|$)")
_YES_WORD = re.compile(rf"\W*(?:{_YES}|{_FILLER})(?=\W|$)")
_NO_WORD = re.compile(rf"\W*(?:{_NO}|{_FILLER})(?=\W|$)")
_IF_NOT_YES = screened(
    r"^\W*(?:y )?si (?:no |llego|llegamos|puedo|pueden|puede|hay|tienen|es posible|voy|vamos|quiero cambiar"
    r"|cancelo|me|nos|se|la|el|viajo|traigo|llevo|alguien|necesito|pago|reservo|hago|fuera|quisiera|tengo"
    r"|llueve|ustedes|esta mas|sale mas|cuesta mas|es mas)\b"
)
_YES_AFTER_IF = re.compile(
    r"^\W*si (?:me (?:interesa|parece|gusta|sirve)|la (?:quiero|confirmo|tomo)|lo (?:quiero|confirmo|tomo)"
    r"|quiero|se puede reservar|es correcto)"
)
_NOT_A_NO = re.compile(
    r"^\W*no (?:hay problema|problem|worries|pasa nada|problema|funciona|sirve|hay|tengo|me|se|puedo|podemos"
    r"|encuentro|tienen|jala|anda|one|hot|water|towels|ice|wifi|power|he|hemos|entiendo|idea|prob)"
)
# How one answers where every key costs time.
_ONE_LETTER = {"y": "yes", "s": "yes", "n": "no"}
# "Ok, but why so much?" agrees to nothing yet.
_WITH_RESERVE = re.compile(
    r"\b(?:but|though|why|how come|unless|only if|depends|pero|aunque|por que|porque tan|a menos|depende|solo si"
    r"|siempre que|(?:and|y|what) (?:if|si)\b(?! (?:that|you|eso|me)\b))\b"
)
# "Ok, and if we came on Friday?": that much was read, and more is asked before anything is agreed to.
_ONLY_READ = r"(?:ok(?:ay)?|k|right|fine|good|great|all good|bueno|vale|va|bien|genial)"
_ASKED_FIRST = screened(
    rf"{_LEAD}(?:{_ONLY_READ}|{_ONLY_READ} (?:then|entonces))\b(?![^?]*\b(?:please|por favor|book it|do it|go ahead"
    rf"|yes|si)\b)"
    r"[^?]*\?"
)
# "Actually, leave it as it is": nothing is to be done, whatever the sentence begins with.
_AS_IT_IS = screened(
    r"\b(?:(?:dej[aeo]|manten|mantenga|conserv)\w*[^.,;?!]{0,25}\b(?:(?:tal (?:y )?)?como esta(?:n|ba|ban)?|tal cual"
    r"|igual que estaba|sin cambios)"
    r"|(?:leave|keep)\b[^.,;?!]{0,25}\b(?:(?:as|the way|how) (?:it|they) (?:is|are|was|were)|as is|unchanged)"
    r"|no (?:me )?(?:cambi|toqu|modifi|muev)\w+ nada|(?:do not|don'?t) (?:change|touch) (?:anything|it)\b)"
)
_BUT = re.compile(r"\b(?:but|except|only|pero|salvo|menos|solo|excepto|y|and)\b.*\w")
_NO_PROBLEM = screened(r"^\W*no (?:hay problema|problem|worries|pasa nada|prob|problema)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How much the message is a yes and a no, 0-1. `alone` means that it says nothing else."""

    yes: float = 0.0
    no: float = 0.0
    alone: bool = False


def read_answer(folded: str, *, asked: bool) -> Answer:  # noqa: PLR0911 (a list of cases)
    """A yes or no at the start counts; in the middle it does not. Conditions ("si llego tarde…") are no yes."""
    text = folded[:400]
    if (stays := _AS_IT_IS.search(text)) and not _BUT.search(text, stays.end()):
        return Answer(no=0.97 if asked else 0.6, alone=True)
    if letter := _ONE_LETTER.get(text.strip(" .!")) if asked else None:
        return Answer(yes=0.9, alone=True) if letter == "yes" else Answer(no=0.9, alone=True)
    if _only(_STARTS_NO, _NO_WORD, text) and not _only(_ANY_YES, _YES_WORD, text):
        return Answer(no=0.97 if asked else 0.9, alone=True)
    if _IF_NOT_YES.match(text) and not _YES_AFTER_IF.match(text):
        return Answer()
    if _only(_ANY_YES, _YES_WORD, text):
        return Answer(yes=0.97 if asked else 0.85, alone=True)
    if polite := _NO_PROBLEM.match(text):
        rest = read_answer(text[polite.end() :], asked=asked)  # "no worries, book it", "no worries, leave it then"
        return rest if rest.alone or rest.no else Answer(yes=0.8 if asked else 0.4)
    if _STARTS_NO.match(text) and not _NOT_A_NO.match(text):
        return Answer(no=0.85 if asked else 0.55)
    if _STARTS_YES.match(text):
        open_still = _WITH_RESERVE.search(text) or _ASKED_FIRST.match(text)
        return Answer(yes=0.85 if asked and not open_still else 0.35)
    return Answer()


def _only(start: re.Pattern[str], word: re.Pattern[str], text: str) -> bool:
    """The whole text is such a word and more of them. Word by word, so that long repetitions take no longer."""
    m = start.match(text)
    while m:
        at = m.end()
        if not re.search(r"\w", text[at:]):
            return True
        m = word.match(text, at)
    return False
