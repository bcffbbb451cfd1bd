"""What a text costs as SMS: its alphabet and its segments, and how to say the same in the cheap alphabet.

GSM 03.38: 160 septets alone or 153 a segment; UCS-2: 70 or 67 code units. One letter outside the alphabet makes the
whole message UCS-2. "é ñ ü ¿ ¡" are inside; "á í ó ú" are not.
"""

from __future__ import annotations

import re
import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_ALONE, _GSM_JOINED = 160, 153
_UCS_ALONE, _UCS_JOINED = 70, 67
# Ornaments of typography: the same words in ASCII, wherever they stand.
_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‹": "'", "›": "'", "–": "-", "—": "-", "‒": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "…": "...",
        "•": "-", "·": "-", "→": "->", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
    }
)  # fmt: skip


# Without their accent these are other words: "sí" is yes, "si" is if. The alphabet has the grave ones.
_OTHER_WORDS = re.compile(r"\b([Ss]í|[Tt]ú|[Mm]í)\b")
_GRAVE = str.maketrans("íú", "ìù")


def is_gsm7(text: str) -> bool:
    """Whether every character is in the cheap alphabet or its extension."""
    return all(character in _BASIC or character in _EXTENDED for character in text)


def segments(text: str) -> int:
    """How many segments are billed; an empty text is one."""
    if is_gsm7(text):
        sizes, alone, joined = [2 if c in _EXTENDED else 1 for c in text], _GSM_ALONE, _GSM_JOINED
    else:
        sizes, alone, joined = [2 if ord(c) > 0xFFFF else 1 for c in text], _UCS_ALONE, _UCS_JOINED
    if sum(sizes) <= alone:
        return 1
    # A character of two units is never parted, so a segment may end one unit early.
    count, used = 1, 0
    for size in sizes:
        if used + size > joined:
            count, used = count + 1, 0
        used += size
    return count


def plain(text: str) -> str:
    """Typographic quotes, dashes and blanks in ASCII; letters as they are."""
    return text.translate(_PLAIN)


def cheapest(text: str) -> str:
    """Typography in ASCII always; accents and signs outside the alphabet given up only where that saves segments.

    What cannot be written without loss of meaning (another script, a currency sign) keeps the text as it is.
    """
    spelled = plain(text)
    kept = _OTHER_WORDS.sub(lambda word: word.group().translate(_GRAVE), spelled)
    bare = "".join(_bare(character) for character in kept)
    return bare if is_gsm7(bare) and segments(bare) < segments(spelled) else spelled


def _bare(character: str) -> str:
    """The letter without its accent; nothing for emoji and their joiners."""
    if character in _BASIC or character in _EXTENDED:
        return character
    if unicodedata.category(character) in ("So", "Sk", "Mn", "Cf"):
        return ""
    return "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
