"""Frozen dataclasses to JSON values and back, by their type hints: how a dialogue state is kept between turns.

Fields missing from the JSON take their defaults, and fields that are no longer known are left out, so a state written
by an earlier version is read by a later one.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


# What JSON has itself.
_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> Any:
    """A value of dict, list, str, int, float, bool and None."""
    kind = type(value)
    return value if kind in _PLAIN else _writer(kind)(value)  # type: ignore[arg-type]  # types are hashable


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass `kind` from what `to_json` made. Raises ValueError or TypeError when it cannot be one."""
    result: T = _reader(kind)(value)  # type: ignore[arg-type]  # types are hashable
    return result


# A state is written and read at every turn, so what its types say about it is worked out once.


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind):
        kept = [(item.name, _default(item)) for item in dataclasses.fields(kind) if not item.metadata.get("turn_only")]
        return partial(_write_dataclass, kept)
    if issubclass(kind, (datetime, date, time)):
        return kind.isoformat
    if issubclass(kind, Decimal):
        return str
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_json(item) for key, item in value.items()}
    if issubclass(kind, (tuple, list, frozenset)):
        return lambda value: [to_json(item) for item in value]
    return lambda value: value


def _write_dataclass(kept: list[tuple[str, Any]], value: Any) -> dict[str, Any]:
    written = {}
    for name, default in kept:
        item = getattr(value, name)
        if item is not default and item != default:
            written[name] = to_json(item)
    return written


def _default(item: dataclasses.Field[Any]) -> Any:
    if item.default is not dataclasses.MISSING:
        return item.default
    if item.default_factory is not dataclasses.MISSING:
        return item.default_factory()
    return dataclasses.MISSING


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(option for option in get_args(kind) if option is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        inner = _reader(get_args(kind)[0])
        return lambda value: tuple(inner(item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        inner = _reader(get_args(kind)[1])
        return lambda value: {key: inner(item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        return _dataclass_reader(kind)
    if kind in (date, datetime, time):
        return kind.fromisoformat  # type: ignore[no-any-return]
    return kind if kind in (Decimal, str, int, float, bool) else lambda value: value


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    # Made at first use: types may name each other, and themselves.
    readers: dict[str, Callable[[Any], Any]] = {}

    def read(value: Mapping[str, Any]) -> Any:
        if not readers:
            readers.update({name: _reader(hint) for name, hint in get_type_hints(kind).items()})
        return kind(**{name: readers[name](item) for name, item in value.items() if name in readers})

    return read
