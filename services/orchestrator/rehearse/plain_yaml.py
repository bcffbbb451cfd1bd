"""YAML as people mean it: `yes` is a word, `15:00` a time in words, `007` not seven; a key written twice is a fault.

YAML 1.1, which the library speaks, reads these as true, as 900 and as 7; here only `true`, `false`, `null`, whole and
decimal numbers are more than text (the core schema of YAML 1.2 without its octals). A number with a plus is text: it is
a telephone number. Dates stay as they are written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_MAX_CHARACTERS = 5_000_000
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """SafeLoader with resolvers of its own."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (as the library has it)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value if key.tag != _MERGE]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"written twice: {', '.join(twice)}", node.start_mark)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first) or None)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^$"), [""])


def load(path: Path) -> Any:
    """The content of a file. Raises OSError, UnicodeDecodeError, yaml.YAMLError."""
    text = path.read_text(encoding="utf-8-sig")
    if len(text) > _MAX_CHARACTERS:
        raise yaml.YAMLError(f"has more than {_MAX_CHARACTERS} characters")
    return loads(text)


def loads(text: str) -> Any:
    """The content of a text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader: it makes nothing but plain values)
