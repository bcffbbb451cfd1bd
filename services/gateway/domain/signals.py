"""What in a guest's words looks like an attack on somebody's database or browser: told to people, never a refusal.

"Please update my booking or cancel" must pass, and so must everything else: safety comes from parameters and escaping.
"""

from __future__ import annotations

import re

_PATTERNS = {
    "sql": re.compile(
        r"\b(?:union\s+(?:all\s+)?select|drop\s+(?:table|database|schema)|insert\s+into\s+\w+\s*\(|delete\s+from\s+\w+"
        r"|xp_cmdshell|information_schema)\b"
        r"|['\"]\s*(?:or|and)\s+['\"]?\d+['\"]?\s*=\s*['\"]?\d+|;\s*--",
        re.IGNORECASE,
    ),
    "script": re.compile(
        r"<\s*(?:script|iframe|object|embed|svg)\b|\bjavascript\s*:|\bon(?:error|load|click|mouseover)\s*=",
        re.IGNORECASE,
    ),
    "template": re.compile(r"\$\{[^}]{0,80}(?:jndi|\()|\{\{[^}]{1,80}\}\}"),
    "path": re.compile(r"(?:\.\./){2,}|/etc/passwd\b"),
}
_READ = 16_000


def signals_in(raw: str) -> tuple[str, ...]:
    """The names of the patterns that the words as they came match, in a fixed order."""
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.search(raw, 0, _READ))
