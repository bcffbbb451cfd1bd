"""Structured logs: JSON lines with service, correlation and trace ids, and without personal data or secrets."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, TextIO, cast

import structlog
from opentelemetry import trace

SERVICE: ContextVar[str] = ContextVar("mesh_service", default="mesh")
CORRELATION_ID: ContextVar[str] = ContextVar("mesh_correlation_id", default="")

# Keys that may carry personal data or secrets are never written, whatever they hold.
DENIED_KEYS = frozenset(
    {"text", "body", "caption", "transcript", "subject", "remark", "payload", "url"}
    | {"name", "given_name", "family_name", "guest_name", "display_name", "sender", "recipient", "identity"}
    | {"address", "email", "phone", "phone_number", "wa_id"}
    | {"token", "authorization", "cookie", "password", "passwd", "secret", "api_key", "access_token", "app_secret"}
    | {"signature"}
)
REDACTED = "[redacted]"
# E-mail addresses, and runs of eight digits or more as in phone and card numbers (not dates), wherever they turn up.
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w.-])(?!\d{4}-\d\d-\d\d(?!\d))\+?\d[\d ()-]{6,}\d(?![\w-])")

Event = MutableMapping[str, Any]


class _Output:
    """Where lines go: loggers that exist already follow when the process is configured again.

    A line that cannot be written is lost: a full disk or a closed pipe must not end the call that wanted to tell of it.
    """

    def __init__(self) -> None:
        self.stream: TextIO | None = None

    def write(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            (self.stream or sys.stdout).write(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            (self.stream or sys.stdout).flush()


_OUTPUT = _Output()


class _Lines(structlog.WriteLogger):
    """Writes the lines of one module."""

    def __init__(self, name: str = "") -> None:
        super().__init__(cast(TextIO, _OUTPUT))
        self.module = name


def _add_logger(lines: _Lines, _: str, event: Event) -> Event:
    event["logger"] = lines.module
    return event


# Filled by `configure`; the loggers hold this very list.
_PROCESSORS: list[structlog.typing.Processor] = []
# Every module's, which remembers at its first line what level holds; made to ask again when that is configured anew.
_LOGGERS: list[structlog.typing.FilteringBoundLogger] = []
_encode = json.JSONEncoder(default=str, ensure_ascii=False).encode


def configure(*, level: str = "INFO", log_format: str = "json", stream: TextIO | None = None) -> None:
    """Sends every log line of the process, libraries' included, to `stream` (standard output) as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_messages),
        _add_context,
        _drop_personal_data,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=lambda event, **_: _encode(event))
        if log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    _OUTPUT.stream = stream
    _PROCESSORS[:] = [_add_logger, *shared, renderer]
    # Our own lines go straight to the stream: by way of `logging` each costs three times as much.
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    for logger in _LOGGERS:
        vars(logger).pop("bind", None)
    handler = logging.StreamHandler(cast(TextIO, _OUTPUT))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx logs every request's URL at INFO, and URLs carry ids and tokens.
    for noisy in ("httpx", "httpcore", "uvicorn.access", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger. Events are named in snake_case, facts are keyword arguments."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    _LOGGERS.append(logger)
    return logger


def bind(*, correlation_id: str) -> None:
    """Marks every further line of the present task, and the calls it makes, with a correlation id."""
    CORRELATION_ID.set(correlation_id)


def _without_messages(exc_info: Any) -> str:
    """Where an exception came from and what kind it was, without its text: that may quote what a guest wrote."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _add_context(_: Any, __: str, event: Event) -> Event:
    event["service"] = SERVICE.get()
    if correlation_id := CORRELATION_ID.get():
        event["correlation_id"] = correlation_id
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = format(span.trace_id, "032x")
        event["span_id"] = format(span.span_id, "016x")
    return event


# Values written by ourselves that look like numbers and are not personal.
_OURS = frozenset({"timestamp", "level", "logger", "service", "correlation_id", "trace_id", "span_id"})


def _drop_personal_data(_: Any, __: str, event: Event) -> Event:
    for key, value in event.items():
        if key in _OURS:
            continue
        if key.lower() in DENIED_KEYS:
            event[key] = REDACTED
        elif isinstance(value, str):
            event[key] = _PERSONAL.sub(REDACTED, value)
        elif isinstance(value, (dict, list, tuple)):
            event[key] = _PERSONAL.sub(REDACTED, str(value))
    return event
