"""Which runs of characters a text must have for a pattern to find anything in it, read off the pattern itself.

`\\b(?:taxi|cab)s?\\b` needs " taxi" or " cab". What is not understood here needs nothing, and is tried on every text.
Runs are those of `plain` texts: all digits are "0", and all signs and white space are " ", as beyond both ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Runs = frozenset[str]
# Readings of a stretch beyond this are not told apart.
_MOST_READINGS = 400
_MOST_OF_A_CLASS = 8
_WIDEST_RANGE = 127
_MOST_REPEATS = 3
# More characters than this make a run no rarer.
_LONG = 4
_EDGE = "|"  # of a word; no character of a plain text
_OTHER_LETTERS = re.IGNORECASE | re.ASCII
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_ENDS_OF_A_TEXT = (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING, codes.AT_END, codes.AT_END_STRING)
_NO_WORD = (codes.CATEGORY_SPACE, codes.CATEGORY_NOT_WORD)


class _Plain(dict[int, str]):
    """What `plain` makes of a character, for str.translate. Only ASCII is kept."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isdecimal():
            return "0"
        return character if character.isalnum() or character == "_" else " "


_PLAIN = _Plain({code: _Plain()[code] for code in range(128)})


def plain(text: str) -> str:
    """The text of the same length with "0" for digits and " " for everything that is in no word."""
    return text.translate(_PLAIN)


def needed_runs(pattern: re.Pattern[str]) -> Runs | None:
    """Of these runs one at least stands in every ` plain(text) ` that the pattern matches in. None: it needs none."""
    if pattern.flags & _OTHER_LETTERS:
        return None
    return _sequence(parser.parse(pattern.pattern, pattern.flags))[1]


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Runs | None, Runs | None]:
    """All readings of one thing after another, where they are few, and the rarest runs that it needs."""
    readings: Runs = frozenset({""})
    complete, needed = True, None
    for operation, argument in items:
        these, within = _one(operation, argument)
        needed = _rarer(needed, within)
        if these is not None and len(readings) * len(these) <= _MOST_READINGS:
            readings = frozenset(before + after for before in readings for after in these)
        else:  # the run ends here, and another begins
            needed = _rarer(needed, _with_edges_read(readings))
            complete, readings = False, these if these is not None else frozenset({""})
    return (readings if complete else None), _rarer(needed, _with_edges_read(readings))


def _one(operation: Any, argument: Any) -> tuple[Runs | None, Runs | None]:  # noqa: PLR0911 (a list of cases)
    """The same of one item of a pattern."""
    if operation is codes.LITERAL:
        return frozenset({plain(chr(argument))}), None
    if operation is codes.IN:
        return _class(argument), None
    if operation is codes.AT:
        return frozenset({_EDGE if argument is codes.AT_BOUNDARY else " " if argument in _ENDS_OF_A_TEXT else ""}), None
    if operation is codes.SUBPATTERN:
        _, flags, _, items = argument
        return (None, None) if flags & _OTHER_LETTERS else _sequence(items)
    if operation is codes.ASSERT:
        return frozenset({""}), _sequence(argument[1])[1]
    if operation is codes.ASSERT_NOT:
        return frozenset({""}), None
    if operation is codes.BRANCH:
        return _branch(argument[1])
    if operation in _REPEATS:
        return _repeated(*argument)
    return None, None


def _branch(choices: Sequence[Any]) -> tuple[Runs | None, Runs | None]:
    each = [_sequence(choice) for choice in choices]
    readings = frozenset().union(*(these for these, _ in each if these is not None))
    needed = frozenset().union(*(within for _, within in each if within is not None))
    few = len(readings) <= _MOST_READINGS and all(these is not None for these, _ in each)
    return (readings if few else None), (needed if all(within is not None for _, within in each) else None)


def _repeated(least: int, most: Any, items: Any) -> tuple[Runs | None, Runs | None]:
    these, within = _sequence(items)
    needed = within if least else None
    if these is None or most is codes.MAXREPEAT or most > _MOST_REPEATS:
        return None, needed
    found, power = frozenset({""}) if not least else frozenset[str](), frozenset({""})
    for count in range(1, most + 1):
        if len(power) * len(these) > _MOST_READINGS:
            return None, needed
        power = frozenset(before + after for before in power for after in these)
        found |= power if count >= least else frozenset()
    return found, needed


def _class(members: Iterable[tuple[Any, Any]]) -> Runs | None:
    """The plain characters of a class, where they are few."""
    found: set[str] = set()
    for operation, argument in members:
        if operation is codes.LITERAL:
            found.add(plain(chr(argument)))
        elif operation is codes.RANGE and argument[1] - argument[0] <= _WIDEST_RANGE:
            found.update(plain(chr(code)) for code in range(argument[0], argument[1] + 1))
        elif operation is codes.CATEGORY and argument is codes.CATEGORY_DIGIT:
            found.add("0")
        elif operation is codes.CATEGORY and argument in _NO_WORD:
            found.add(" ")
        else:
            return None
    return frozenset(found) if len(found) <= _MOST_OF_A_CLASS else None


def _with_edges_read(readings: Runs) -> Runs | None:
    """Runs with the edges of words as spaces, without those that cannot be; None where one may be empty."""
    runs = [run for reading in readings if (run := _with_edges(reading)) is not None]
    return frozenset(runs) if all(runs) else None


def _with_edges(reading: str) -> str | None:
    """ "|taxi|" is " taxi ". None for "a|b", which no text has."""
    run, edge = "", False
    for character in reading:
        if character == _EDGE:
            edge = True
            continue
        if edge and run and (run[-1] == " ") == (character == " "):
            return None
        run += f" {character}" if edge and not run and character != " " else character
        edge = False
    return f"{run} " if edge and run and run[-1] != " " else run


def _rarer(one: Runs | None, other: Runs | None) -> Runs | None:
    """Of two needs the one that fewer texts meet, as far as lengths and numbers tell."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda runs: (min((min(len(run), _LONG) for run in runs), default=_LONG), -len(runs)))
