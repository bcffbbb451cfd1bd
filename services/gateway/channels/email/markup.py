"""HTML of a mail as words: what is new, and what its own marks say is quoted or a signature."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

MAX_HTML = 1_000_000
_UNSEEN = ("script", "style", "head", "title", "template", "noscript")
_BLOCKS = frozenset({
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_QUOTES = (
    "blockquote[type=cite]",
    ".gmail_quote",
    ".gmail_extra",
    ".yahoo_quoted",
    ".moz-cite-prefix",
    ".protonmail_quote",
    ".zmail_extra",
    "#OutlookMessageHeader",
    ".gmail_signature",
    ".moz-signature",
    "#Signature",
    "#ms-outlook-mobile-signature",
    ".protonmail_signature_block",
    "#composer_signature",
    ".ms-outlook-mobile-reference-message",
    ".tutanota_quote",
    "[name=quote]",
    "[name=messageReplySection]",
    "#mail-app-auto-quote",
    ".sh-quoted-content",
)
# Outlook marks only where the thread begins; everything after it belongs to it.
_BEGINNINGS = (
    "#divRplyFwdMsg",
    "#appendonsend",
    "#mail-editor-reference-message-container",
    "#stopSpelling",
    ".OutlookMessageHeader",
)
_SPACE = re.compile(r"\s+")


def split_html(html: str) -> tuple[str, str]:
    """The words that are not marked as quoted, and those that are."""
    soup = BeautifulSoup(html[:MAX_HTML], "html.parser")
    for unseen in soup.find_all(_UNSEEN):
        unseen.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    quoted = []
    for selector in _BEGINNINGS:
        for beginning in soup.select(selector):
            quoted += [_taken(node) for node in [beginning, *_following(beginning)]]
    for selector in _QUOTES:
        for node in soup.select(selector):
            quoted.append(_taken(node))
    return _words(soup), "\n".join(words for words in quoted if words)


def _following(beginning: Tag) -> list[Tag | NavigableString]:
    """Everything behind a node, at its own level and at those above it."""
    found: list[Tag | NavigableString] = []
    node: Tag | None = beginning
    while node is not None and node.name not in ("body", "html", "[document]"):
        found += [sibling for sibling in node.next_siblings if isinstance(sibling, Tag | NavigableString)]
        node = node.parent
    return found


def _taken(node: Tag | NavigableString) -> str:
    words = _words(node) if isinstance(node, Tag) else str(node).strip()
    node.extract()
    return words


def _words(root: Tag) -> str:
    pieces: list[str] = []
    _gather(root, pieces)
    lines = ("".join(pieces)).replace("\xa0", " ").split("\n")
    text = "\n".join(" ".join(line.split()) for line in lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _gather(root: Tag, pieces: list[str]) -> None:
    """Text in order, lines broken where a block begins or ends. Without recursion: mails nest deeply."""
    waiting: list[Tag | NavigableString | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            if node.name == "br":
                pieces.append("\n")
                continue
            ending = "\n" if node.name in _BLOCKS else ""
            if node.name in _CELLS:
                pieces.append(" ")
            waiting.append(_Break(ending))
            waiting.extend(reversed([child for child in node.children if isinstance(child, Tag | NavigableString)]))
            _break_line(pieces, ending)
        elif isinstance(node, _Break):
            _break_line(pieces, node)
        elif isinstance(node, NavigableString):
            pieces.append(_SPACE.sub(" ", node))


class _Break(str):
    """A line that may end here."""

    __slots__ = ()


def _break_line(pieces: list[str], ending: str) -> None:
    if ending and pieces and not pieces[-1].endswith("\n"):
        pieces.append("\n")
