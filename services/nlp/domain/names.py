"""The guest's name: after "me llamo" or "name is", as a bare answer, or signed at the end of a request."""

from __future__ import annotations

import re

from services.nlp.domain.name_cues import LEAD_IN, NAME_CUE, NAME_WORD, NAMED, SURNAME_CUE, TITLED, TITLES
from services.nlp.domain.names_lexicon import GIVEN, NOT_A_NAME, PARTICLES
from services.nlp.domain.text import Text, fold
from services.nlp.domain.types import Context, Entity, EntityType, Span

# The dot of an initial ends nothing: "jake t. miller".
_SEGMENT = re.compile(r"(?:[^,;.!?\n]|(?<=[^\W\d_] [^\W\d_])\.(?= ))+")
# What an address or a number is called before it.
_LABEL = re.compile(
    r"(?:\b(?:tel|tel[eé]fono|cel|celular|m[oó]vil|phone|mobile|cell|e-?mail|correo|mail|code|c[oó]digo"
    r"|ref(?:erence)?|reserva"
    r"|booking)\b\W*)+$",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"(?:\s*\b(?:please|pls|por favor|rate|tarifa|room|for|para|name)\b)*\s*", re.IGNORECASE)
_BREAK = re.compile(r"[,;.!?\n]")
_CLOSING = re.compile(
    r"\b(?:saludos|atentamente|atte|gracias|regards|best|cheers|thanks|thank you|sincerely|cordialmente|abrazo)\W*$"
)
_NEXT_WORD = re.compile(rf"[ \t]*(?P<w>{NAME_WORD})")
_AND_ANOTHER = re.compile(rf"\s+(?P<and>and|y|e|&)\s+(?P<w>{NAME_WORD})(?=\s+[A-ZÁÉÍÓÚÑÜ])")
# "Constructora Ríos S.A. de C.V.".
_COMPANY = re.compile(
    r",? (?P<w>(?:S\. ?A\.?(?: ?S\.?)?|S\. ?de R\. ?L\.?|SA)(?: de C\. ?V\.?| de CV)?|S\. ?L\.?|SL|SAS|Ltd\.?"
    r"|Inc\.?|LLC"
    r"|GmbH)(?=\W|$)"
)
_JOINED = ("and", "y", "e", "&")
_MAX_WORDS = 8
# Words of a name that nothing but its given name tells, as in what is dictated.
_MOST_UNMARKED = 3
_SPOKEN_LEAD = re.compile(
    r"[\s)]*(?:(?:please|pls|por favor|i'?m|i am|soy|this is|it'?s|for|para)\b\s*)*", re.IGNORECASE
)


def find_name(text: Text, context: Context, *, blocked: list[Span], contacts: list[Span]) -> list[Entity]:
    """At most one name. `blocked` are stretches already read as something else, `contacts` those of them that are a
    code, an address or a number, beside which people put their names."""
    free = _Free(text, blocked)
    whose = context.asks("reservation", "reservation_code", "verification")
    asked = context.asks("guest_name", "name", "full_name", "verification")
    name = _after_cue(free, asked=asked)
    if name is None and asked:
        name = _bare_answer(free)
    if name is None:
        name = _titled(free) or _named(free) or _signed(free) or _beside(free, contacts, one_word=whose)
    if name is None and context.asked and not whose:
        name = _unasked(free)
    return [name] if name else []


class _Free:
    """Original text with a test for what is still unread."""

    def __init__(self, text: Text, blocked: list[Span]) -> None:
        self.text = text
        self.blocked = blocked

    def words_from(self, start: int) -> list[tuple[int, int]]:
        """Consecutive name-like words from original position start, stopping at anything that cannot be a name."""
        words: list[tuple[int, int]] = []
        at = start
        original = self.text.original
        while len(words) < _MAX_WORDS:
            if words and (company := _COMPANY.match(original, at)):
                words.append(company.span("w"))
                return words
            m = _NEXT_WORD.match(original, at)
            if m is None or (words and m.start("w") == at):
                break
            span = Span(start=m.start("w"), end=m.end("w"))
            if any(span.overlaps(b) for b in self.blocked) or not self._is_name_word(m["w"], first=not words):
                break
            ends_sentence = m["w"].endswith(".") and len(m["w"]) > 4
            words.append((span.start, span.end - (1 if m["w"].endswith(".") and ends_sentence else 0)))
            if ends_sentence:
                break
            at = m.end()
            if joined := self._another_given(at):  # "Robert and Helen Hughes"
                words.append(joined.span("and"))
                at = joined.end("and")
        while words and fold(original[words[-1][0] : words[-1][1]]).folded in PARTICLES:
            words.pop()
        if words and original[words[-1][1] - 1] == "." and words[-1][1] - words[-1][0] > len("J."):
            words[-1] = (words[-1][0], words[-1][1] - 1)  # the end of a sentence, and no initial
        return words

    def is_read(self, start: int, end: int) -> bool:
        """Nothing stands there but what was read as something else: "Ann Lee, flexible" without its comma."""
        return all(
            any(span.start <= at < span.end for span in self.blocked)
            for at in range(start, end)
            if self.text.original[at] not in " .!"
        )

    def _another_given(self, at: int) -> re.Match[str] | None:
        m = _AND_ANOTHER.match(self.text.original, at)
        return m if m and m["w"][0].isupper() and fold(m["w"]).folded in GIVEN else None

    def _is_name_word(self, word: str, *, first: bool) -> bool:
        folded = fold(word).folded.rstrip(".")
        if "ñ" in word.lower() and word[0].isupper():
            return True  # "Peña" is no "pena"
        if "'" in folded and folded.split("'")[0] in NOT_A_NAME:
            return False  # "what's", "that's", "it's"
        if folded in PARTICLES:
            return not first or word[0].isupper()
        if word[0].isupper() and not word.isupper() and not first and folded not in NOT_A_NAME:
            return True
        initial = word[0].isupper() or (word.endswith(".") and not first)
        return folded not in NOT_A_NAME and (len(folded) > 1 or initial)

    def entity(self, words: list[tuple[int, int]], confidence: float) -> Entity | None:
        if not words:
            return None
        span = Span(start=words[0][0], end=words[-1][1])
        name = _capitalised(" ".join(self.text.original[start:end] for start, end in words))
        return Entity(
            type=EntityType.GUEST_NAME, span=span, text=self.text.original[span.start : span.end], value=name,
            confidence=confidence,
        )  # fmt: skip


def _capitalised(written: str) -> str:
    """ "carlos méndez" to "Carlos Méndez"; names written with capitals stay as they are, shouting does not."""
    if any(c.isupper() for c in written) and not written.isupper():
        return " ".join(written.split())
    words = written.lower().split()
    return " ".join(w if fold(w).folded in PARTICLES and i else _title(w) for i, w in enumerate(words))


def _title(word: str) -> str:
    return re.sub(r"(^|[-'’])(\w)", lambda m: m[1] + m[2].upper(), word)


def _original_position(text: Text, folded_position: int) -> int:
    if folded_position < len(text.starts):
        return text.starts[folded_position]
    return len(text.original)


def _after_cue(free: _Free, *, asked: bool) -> Entity | None:
    for m in NAME_CUE.finditer(free.text.folded):
        start = _original_position(free.text, m.end())
        title = TITLES.match(free.text.original[start:])
        words = free.words_from(start + (title.end() if title else 0))
        capital = bool(words) and free.text.original[words[0][0]].isupper()
        if m["kind"] and SURNAME_CUE.search(free.text.folded, m.end()):
            continue
        if m["kind"] and words and (asked or capital):
            return free.entity([*_given_before(free, m), *words], 0.85)
        if m["under"] and words and (asked or capital or _looks_given(free, words)):
            return free.entity(words, 0.85)
        if m["strong"] and words:
            return free.entity(_said_in_full(free, words), 0.95 if capital or len(words) > 1 else 0.85)
        if m["weak"] and re.match(r"(?:de|del|from)\b", free.text.folded[m.end() :]):
            continue  # "soy de Monterrey"
        lower_case_name = len(words) in (2, 3) and (
            (asked and _ends_here(free, words)) or (_looks_given(free, words) and _speaks(free, words))
        )
        if m["weak"] and words and (capital or lower_case_name):
            return free.entity(words, 0.85 if capital else 0.6)
    return None


def _said_in_full(free: _Free, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """ "Patel, Rohit Patel": of a surname that is said again with the given name before it, the whole."""
    comma = re.match(r"\s*,\s*", free.text.original[words[-1][1] :])
    full = free.words_from(words[-1][1] + comma.end()) if comma and len(words) == 1 else []
    said = [fold(free.text.original[start:end]).folded.rstrip(".") for start, end in (words[0], *full)]
    return full if len(full) > 1 and said[-1] == said[0] else words


def _given_before(free: _Free, cue: re.Match[str]) -> list[tuple[int, int]]:
    """ "Nombre Clara, apellido Duval": the words of the first part, when the cue is that of the second."""
    text = free.text.folded[: cue.end()]
    if not re.search(rf"{SURNAME_CUE.pattern}$", text):
        return []
    first = re.search(r"(?:(?:first|given) name|nombres?)(?: is| es)?\s*:?\s+(?=[^,;.\n]+[,;.\n]|\S+ (?:and|y) )", text)
    return free.words_from(_original_position(free.text, first.end())) if first else []


def _looks_given(free: _Free, words: list[tuple[int, int]]) -> bool:
    """The first word is a common given name."""
    return fold(free.text.original[words[0][0] : words[0][1]]).folded in GIVEN


def _speaks(free: _Free, words: list[tuple[int, int]]) -> bool:
    """Nothing that would make the words part of a sentence follows: its end, "here", "speaking", "from"."""
    rest = fold(free.text.original[words[-1][1] :]).folded
    return bool(re.match(r"\s*(?:$|[.,;!?\n]|(?:here|speaking|calling|from|aqui|de|la de|el de)\b)", rest))


def _ends_here(free: _Free, words: list[tuple[int, int]]) -> bool:
    return bool(re.match(r"\s*(?:[.,;!?\n]|$)", free.text.original[words[-1][1] :]))


def _bare_answer(free: _Free) -> Entity | None:
    """ "Carlos Méndez", "it's under emily clark please", right after we asked for the name."""
    lead = LEAD_IN.match(free.text.folded)
    at = _original_position(free.text, lead.end() if lead else 0)
    first = re.compile(r"\W*").match(free.text.original, at)
    title_at = first.end() if first else at
    title = TITLES.match(free.text.original[title_at:])
    words = free.words_from(title_at + (title.end() if title else 0))
    if not words:
        return None
    rest = fold(free.text.original[words[-1][1] :]).folded
    if len(words) == 1 and len(rest.strip()) > 25:
        return None
    return free.entity(words, 0.9 if len(words) > 1 else 0.8)


def _titled(free: _Free) -> Entity | None:
    m = TITLED.search(free.text.original)
    return free.entity(free.words_from(m.start("name")), 0.85) if m else None


def _named(free: _Free) -> Entity | None:
    """Capitalised words where only a person can stand; things that were read as something else are none."""
    for m in NAMED.finditer(free.text.original):
        group = m.lastgroup or ""
        words = free.words_from(m.start(group))
        if words and words[-1][1] >= m.end(group) and (group == "under" or len(words) > 1):
            return free.entity(words, 0.75)
    return None


def _signed(free: _Free) -> Entity | None:
    """A last segment that is nothing but two to four capitalised words: "…, flexible, Ann Lee". An earlier one is a
    name when it begins like one, and ends a sentence or a line, or stands between what tells of a stay.
    """
    segments = list(_SEGMENT.finditer(free.text.original))
    if name := _behind_the_rest(free, segments[-1] if segments else None):
        return name
    segments = segments[1:]
    if not segments:
        return None
    if name := _signature(free, segments[-1]):
        return name
    earlier = (s for s in segments[:-1] if free.text.original[s.end()] in ".\n" or free.blocked)
    given = (s for s in earlier if _looks_given(free, free.words_from(s.start()) or [(s.end(), s.end())]))
    found = (_signature(free, s) for s in given if free.text.original[s.end()] in ".\n" or _is_written_as_name(s))
    return next((name for name in found if name), None)


def _is_written_as_name(segment: re.Match[str]) -> bool:
    return all(word[0].isupper() or fold(word).folded in PARTICLES for word in segment.group().split())


def _unasked(free: _Free) -> Entity | None:
    """ "Gemma Lloyd", or "Moira Campbell, flexible", when something else was asked: who books says who it is for."""
    segments = list(_SEGMENT.finditer(free.text.original))
    if not segments or "?" in free.text.original:
        return None
    last = segments[-1]
    chosen = [span.end for span in free.blocked if last.start() <= span.start and span.end < last.end()]
    if chosen:  # "ok flexible please Paula Grant"
        start = max(chosen) + len(_PLEASE.match(free.text.original[max(chosen) :]).group())  # type: ignore[union-attr]
        words = free.words_from(start)
        given = len(words) > 1 and _looks_given(free, words)
        ends = given and not free.text.original[words[-1][1] : last.end()].strip(" .!")
        if ends or len(segments) == 1:
            return free.entity(words, 0.7) if ends else None
    words = free.words_from(len(free.text.original) - len(free.text.original.lstrip()))
    alone = len(segments) == 1 and all(free.text.original[start].isupper() for start, _ in words)
    return _signature(free, segments[0]) if words and (alone or _looks_given(free, words)) else None


def _behind_the_rest(free: _Free, last: re.Match[str] | None) -> Entity | None:
    """ "Doble flex Toño Rivas", "flexible i am ruth gray": a given name and a surname behind what was read as
    something else."""
    ends = [span.end for span in free.blocked if last and last.start() <= span.start and span.end < last.end()]
    if not ends or last is None:
        return None
    lead = _SPOKEN_LEAD.match(free.text.original, max(ends))
    words = free.words_from(lead.end() if lead else max(ends))
    asks = free.text.original[last.end() : last.end() + 1] == "?"
    whole = not asks and 2 <= len(words) <= 4 and not free.text.original[words[-1][1] : last.end()].strip(" .!")
    if not whole or not _looks_given(free, words):
        return None
    capital = all(free.text.original[start].isupper() for start, _ in words)
    return free.entity(words, 0.7 if capital else 0.6) if capital or len(words) <= _MOST_UNMARKED else None


def _beside(free: _Free, contacts: list[Span], *, one_word: bool) -> Entity | None:
    """Two to four capitalised words and nothing else before or after a code, an address or a number:
    "Ann Lee ann@example.com", "R1001, Ann Lee". With `one_word` a surname alone is one, however written."""
    edges = sorted({(span.start, span.end) for span in contacts})
    original = free.text.original
    for start, end in edges:
        before, after = _LABEL.sub("", original[:start]).rstrip(" ,;:-("), original[end:].lstrip(" ,;:-)")
        first = max((m.end() for m in _BREAK.finditer(before)), default=0)
        for at, stop in ((first, len(before)), (len(original) - len(after), _break_after(original, after))):
            begins = at + len(original[at:stop]) - len(original[at:stop].lstrip())
            words = free.words_from(begins)
            capital = all(original[s].isupper() or fold(original[s:e]).folded in PARTICLES for s, e in words)
            alone = (one_word or capital) and len(edges) == 1 and len(words) == 1 and len(original[begins:stop]) > 2
            if ((capital and 2 <= len(words) <= 4) or alone) and words[-1][1] >= stop:
                return free.entity(words, 0.7)
            if one_word and capital and words and words[-1][1] < stop and begins >= end:  # "R1001 López quiero …"
                return free.entity(words, 0.6)
    return None


def _break_after(original: str, after: str) -> int:
    """Where the piece that `after` begins with ends in `original`."""
    at = len(original) - len(after)
    found = _BREAK.search(after)
    return at + len((after[: found.start()] if found else after).rstrip())


def _signature(free: _Free, last: re.Match[str]) -> Entity | None:
    start = last.start() + len(last.group()) - len(last.group().lstrip())
    words = free.words_from(start)
    lead = None if words else _SPOKEN_LEAD.match(free.text.original, start)
    if lead is not None:  # "flexible, for Ann Lee"
        words = free.words_from(lead.end())
        words = words if words and _looks_given(free, words) else []
    if not words or not free.is_read(words[-1][1], last.end()):
        return None
    written = [free.text.original[s:e] for s, e in words]
    capital = all(w[0].isupper() or fold(w).folded in PARTICLES or w in _JOINED for w in written)
    if len(words) in (2, 3) and _looks_given(free, words):
        capital = True  # "double tonight, tom becker"
    after_closing = bool(_CLOSING.search(fold(free.text.original[: last.start()]).folded))
    if capital and (2 <= len(words) <= 4 or (after_closing and len(words) == 1)):
        return free.entity(words, 0.8 if after_closing else 0.7)
    return None
