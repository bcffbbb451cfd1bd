"""`==` ends at the first byte that differs, and its time tells how many were right: secrets go by `compare_digest`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
_SECRET = re.compile(r"secret|token|signature|digest|password|csrf|hmac|(^|_)(mac|tie)$", re.IGNORECASE)

# Comparisons of names that only sound secret, each by its file and words, with why it may be an ordinary one.
HARMLESS = {
    "row.request_digest != digest": "a repeated request's own digest: it guards nothing",
    "row['digest'] != digest": "the same, in the pms",
    "digest != write.digest": "the same, in memory",
    "stored.digest != digest": "the hotel file's digest",
    "entry.digest != write.digest": "a repeated request's own digest",
    "digest != _filter_digest(request)": "which list a page token is of; it opens nothing",
    "content[0] == _digest(query)": "the same, of the session service",
    "hashlib.sha256(found.content).hexdigest() != place.sha256": "a checksum that the channel told us",
    "len(digest) == _HEX_LENGTH": "how long a checksum of a file is, not what it says",
    "getpass.getpass('Once more: ') != password": "somebody types their own password twice",
}


def test_no_secret_is_compared_by_equality() -> None:
    found = {words: place for place, words in _comparisons()}
    risky = {place: words for words, place in found.items() if words not in HARMLESS}
    assert risky == {}


def _comparisons() -> Iterator[tuple[str, str]]:
    for folder in ("services", "libs/mesh"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare) and _is_risky(node):
                    yield f"{file.relative_to(REPOSITORY)}:{node.lineno}", ast.unparse(node)


def _is_risky(node: ast.Compare) -> bool:
    """Two values by equality, one of them named like a secret. What is compared with a constant of ours is public."""
    sides = [node.left, *node.comparators]
    if not any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
        return False
    return not any(isinstance(side, ast.Constant) for side in sides) and any(map(_sounds_secret, sides))


def _sounds_secret(side: ast.expr) -> bool:
    names = (node.id if isinstance(node, ast.Name) else getattr(node, "attr", "") for node in ast.walk(side))
    return any(_SECRET.search(name) for name in names)
