"""Log lines are JSON with ids and without personal data."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mesh import telemetry, tracing

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    telemetry.configure(stream=stream)
    yield stream
    telemetry.configure()
    root.handlers[:], root.level = before


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_which_service_call_and_trace_it_belongs_to(lines: Lines) -> None:
    tracing.configure("pms", environment="dev", ratio=1.0, processors=())
    telemetry.SERVICE.set("pms")
    telemetry.bind(correlation_id="cor_1")
    with tracing.span("work"):
        telemetry.get_logger("t").info("room_held", nights=2)
    (line,) = lines()
    assert (line["event"], line["service"], line["correlation_id"], line["nights"]) == ("room_held", "pms", "cor_1", 2)
    assert len(line["trace_id"]) == 32
    assert len(line["span_id"]) == 16


@pytest.mark.parametrize("key", sorted(telemetry.DENIED_KEYS))
def test_denied_keys_are_never_written(key: str, lines: Lines) -> None:
    telemetry.get_logger("t").info("said", **{key: "Quiero la suite"})
    assert lines()[0][key] == telemetry.REDACTED


@pytest.mark.parametrize(
    "value",
    [
        "maria.lopez@example.com",
        "+525512345678",
        "call 55 1234 5678 now",
        "5512345678",
        {"k": "a@b.mx"},
        ["+34600111222"],
    ],
    ids=str,
)
def test_addresses_and_numbers_are_masked_wherever_they_turn_up(value: object, lines: Lines) -> None:
    telemetry.get_logger("t").info("seen", detail=value)
    text = json.dumps(lines()[0]["detail"])
    assert telemetry.REDACTED in text
    assert not any(part in text for part in ("lopez", "5512345678", "1234 5678", "a@b", "600111222"))


def test_dates_and_ids_of_ours_stay_readable(lines: Lines) -> None:
    telemetry.get_logger("t").info("held", hold_id="hld_0123456789abcdef0123", check_in="2026-12-03", total="4284.00")
    line = lines()[0]
    assert (line["hold_id"], line["check_in"], line["total"]) == ("hld_0123456789abcdef0123", "2026-12-03", "4284.00")


def test_an_exceptions_text_is_not_logged_but_its_place_is(lines: Lines) -> None:
    try:
        raise ValueError("the guest wrote: mi tarjeta es")
    except ValueError:
        telemetry.get_logger("t").exception("failed")
    line = lines()[0]
    assert "tarjeta" not in json.dumps(line)
    assert "builtins.ValueError" in line["exception"]
    assert "test_mesh_telemetry.py" in line["exception"]


def test_people_reading_the_console_are_shown_no_more_than_machines() -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    telemetry.configure(log_format="console", stream=stream)
    guest_wrote = "mi tarjeta es"
    try:
        raise ValueError(guest_wrote)
    except ValueError:
        telemetry.get_logger("t").exception("failed", text=guest_wrote)
    finally:
        root.handlers[:], root.level = before
    assert "failed" in stream.getvalue()
    assert "tarjeta" not in stream.getvalue()


def test_a_line_that_cannot_be_written_does_not_end_the_call(stream: io.StringIO) -> None:
    stream.close()
    telemetry.get_logger("test").info("lost")
    logging.getLogger("library").warning("lost as well")
