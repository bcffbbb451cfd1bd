"""Cleaning of what guests type: HTML and control characters out, white space in order, card numbers masked, then cut.

It never refuses anything: a guest may write "please update my booking or cancel". Safety comes from parameters and
escaping further on, not from patterns.
"""

from __future__ import annotations

import html
import re
import unicodedata

from mesh.masking import mask_words

MAX_TEXT_LENGTH = 4000
# What is kept of one message; longer than MAX_TEXT_LENGTH it is handed on in pieces.
MAX_KEPT_LENGTH = 4 * MAX_TEXT_LENGTH
# Room for HTML around the words; what is beyond would cost time and be cut anyway.
_MAX_RAW_LENGTH = 2 * MAX_KEPT_LENGTH
_LONGEST_CARD = 80
_MAX_NESTED_TAGS = 8

# Known tags only: "<3", "2 < 3 > 1" and "<maria@example.com>" are words of the guest.
_TAG_NAMES = (
    "a|abbr|address|article|aside|audio|b|base|blockquote|body|br|button|canvas|caption|center|code|col|dd|del|div|dl|dt|"
    "em|embed|fieldset|font|footer|form|frame|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|legend|li|link|"
    "main|map|meta|nav|noscript|object|ol|option|p|param|pre|q|s|script|section|select|small|source|span|strike|strong|"
    "style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|u|ul|video"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)(?:\s[^<>]*)?>|<(!--)", re.IGNORECASE)
_UNSEEN_ENDS = {
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "!--": re.compile("-->"),
}
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li|/tr|/h[1-6])>", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
# Control characters and half surrogates: no store takes them all.
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# In words line ends and tabs stay; invisible characters that only serve to deceive go. The joiners of emoji and of
# Persian or Hindi words stay.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean_text(raw: str, *, limit: int = MAX_KEPT_LENGTH) -> str:
    """The words as they are stored and understood. May be empty. Cleaning twice changes nothing."""
    text = _printable(_LINE_ENDS.sub("\n", raw[:_MAX_RAW_LENGTH]))
    text = unicodedata.normalize("NFC", _without_html(text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    # A card number across the cut is masked whole.
    return mask_words(text[: limit + _LONGEST_CARD])[:limit].rstrip()


def clean_line(raw: str, *, limit: int = 256) -> str:
    """The same for what must stay on one line, such as names and titles."""
    return " ".join(clean_text(raw, limit=MAX_TEXT_LENGTH).split())[:limit].rstrip()


def storable(raw: str, *, limit: int = 512) -> str:
    """An identifier as it came, less what no store can hold (NUL, control characters, half surrogates)."""
    if raw.isascii() and raw.isprintable():
        return raw[:limit].strip()
    return _UNSTORABLE.sub("", raw)[:limit].strip()


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text)


def _without_html(text: str) -> str:
    if "<" not in text:
        return text
    if _TAG.search(text) or _without_unseen(text) != text:
        text = html.unescape(text).replace("\xa0", " ")
        text = _printable(text)
    for _ in range(_MAX_NESTED_TAGS):
        before = text
        text = _TAG.sub("", _BREAK.sub("\n", _without_unseen(text)))
        if text == before:
            return text
    # Tags in tags in tags are no way to write: what is left of them becomes words.
    return text.replace("<", "< ")


def _without_unseen(text: str) -> str:
    """Scripts, styles and comments out, where they are closed. One pass: what is never closed is looked for once."""
    kept: list[str] = []
    place = 0
    unclosed: set[str] = set()
    for opening in _UNSEEN.finditer(text):
        kind = (opening.group(1) or opening.group(2)).lower()
        if opening.start() < place or kind in unclosed:
            continue
        ending = _UNSEEN_ENDS[kind].search(text, opening.end())
        if ending is None:
            unclosed.add(kind)
            continue
        kept += [text[place : opening.start()], " "]
        place = ending.end()
    return "".join([*kept, text[place:]])
