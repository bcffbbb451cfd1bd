"""Frozen dataclasses to plain JSON values and back, exactly: what tokens sign and what rows keep.

Shapes: Decimal, date, datetime (aware), time and Enum as strings, timedelta as seconds, Money as [amount, currency].
Unknown keys are ignored and missing ones take the dataclass's default, so that old records stay readable.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from mesh.values import Money

T = TypeVar("T")


def to_text(value: object) -> str:
    """Canonical JSON: sorted keys, no blanks; equal values give equal text."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_text(shape: type[T], text: str | bytes) -> T:
    """The value back. Raises ValueError when the text is not of this shape."""
    try:
        return from_plain(shape, json.loads(text))
    except (KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise ValueError(f"not a {shape.__name__}") from error


def to_plain(value: object) -> Any:  # noqa: PLR0911 - one return a shape
    """The value as JSON types."""
    match value:
        case Money():
            return [str(value.amount), value.currency]
        case Enum():
            return value.value
        case None | str() | bool() | int():
            return value
        case Decimal():
            return str(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple() | list():
            return [to_plain(item) for item in value]
        case Mapping():
            return {str(key): to_plain(item) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def from_plain(shape: type[T], plain: Any) -> T:
    """JSON types as a value of a shape; raises KeyError, TypeError or ValueError when they do not fit."""
    read: Callable[[Any], T] = _reader(shape)  # type: ignore[arg-type]  # a type is hashable
    return read(plain)


@cache
def _reader(shape: Any) -> Callable[[Any], Any]:
    """The function that reads one shape; worked out once a shape."""
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in {Union, types.UnionType}:
        inner = _reader(next(argument for argument in arguments if argument is not type(None)))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda plain: tuple(item(entry) for entry in plain)
    if origin is not None and issubclass(origin, Mapping):
        item = _reader(arguments[1])
        return lambda plain: {key: item(entry) for key, entry in plain.items()}
    if shape is Money:
        return lambda plain: Money(Decimal(plain[0]), str(plain[1]))
    if is_dataclass(shape):
        return _dataclass_reader(shape)
    return _scalar_reader(shape)


def _scalar_reader(shape: Any) -> Callable[[Any], Any]:
    if issubclass(shape, date | time):  # datetime is a date
        parse: Callable[[Any], Any] = shape.fromisoformat
        return parse
    if shape is timedelta:
        return lambda plain: timedelta(seconds=plain)
    if shape in {str, int, bool}:
        return lambda plain: _exactly(shape, plain)
    construct: Callable[[Any], Any] = shape
    return construct


def _exactly(shape: type, plain: Any) -> Any:
    if type(plain) is not shape:
        raise TypeError(f"{shape.__name__} expected")
    return plain


def _dataclass_reader(shape: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(shape)
    readers = {field.name: _reader(hints[field.name]) for field in fields(shape)}
    required = {field.name for field in fields(shape) if field.default is MISSING and field.default_factory is MISSING}

    def read(plain: Any) -> Any:
        if missing := required - plain.keys():
            raise KeyError(f"{shape.__name__} lacks {sorted(missing)}")
        return shape(**{name: reader(plain[name]) for name, reader in readers.items() if name in plain})

    return read
