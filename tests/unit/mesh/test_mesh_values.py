"""Money, ids, clocks and the errors' round trip through gRPC statuses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyProto
from hotel.pms.v1 import pms_pb2
from hypothesis import given
from hypothesis import strategies as st
from mesh import wire
from mesh.clock import ManualClock
from mesh.errors import (
    Busy,
    Conflict,
    DeadlineExceeded,
    DomainError,
    Down,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    NotInstalled,
    Refused,
    Unauthenticated,
)
from mesh.status import DETAILS_KEY, code_of, from_rpc_error, to_status
from mesh.values import Money, derived_id, new_id

ERRORS = [
    Invalid("bad", fields={"stay.check_in_date": "is required"}),
    Invalid("again", reason="REQUEST_ID_REUSED"),
    NotFound("RESERVATION_NOT_FOUND", "no such reservation"),
    Conflict("VERSION_MISMATCH", "changed meanwhile"),
    Refused("MIN_STAY", "too short", min_nights=3),
    Busy("OVERLOADED", "later", retry_after=2.5),
    Down("PMS_UNAVAILABLE", "away"),
    NotInstalled("SPEECH_NOT_AVAILABLE", "no speech here"),
    Unauthenticated("UNAUTHENTICATED", "who are you"),
    NotAllowed("CALLER_NOT_ALLOWED", "not you"),
    DeadlineExceeded("too late"),
    Fault("INTERNAL", "internal error", error_id="err_1"),
]


def as_rpc_error(error: DomainError) -> grpc.aio.AioRpcError:
    status = to_status(error)
    trailing = grpc.aio.Metadata((DETAILS_KEY, status.SerializeToString()))
    return grpc.aio.AioRpcError(code_of(error), grpc.aio.Metadata(), trailing, details=status.message)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_arrives_as_what_was_raised(error: DomainError) -> None:
    arrived = from_rpc_error(as_rpc_error(error))
    assert type(arrived) is type(error)
    assert (arrived.reason, arrived.message, arrived.metadata) == (error.reason, error.message, error.metadata)
    assert getattr(arrived, "fields", None) == getattr(error, "fields", None)
    assert getattr(arrived, "retry_after", None) == getattr(error, "retry_after", None)


def test_every_kind_of_error_has_a_status_of_its_own() -> None:
    assert len({code_of(error) for error in ERRORS}) == len({type(error) for error in ERRORS})


@pytest.mark.parametrize("raw", [b"", b"\xff\xff\xff", b"\x08"])
def test_a_status_without_readable_details_still_becomes_one_of_ours(raw: bytes) -> None:
    trailing = grpc.aio.Metadata((DETAILS_KEY, raw))
    error = grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), trailing, details="gone")
    arrived = from_rpc_error(error)
    assert isinstance(arrived, Down)
    assert arrived.reason == "UNAVAILABLE"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_money_survives_the_wire_exactly(amount: Decimal) -> None:
    money = Money(amount, "MXN")
    assert wire.money_from_proto(wire.money_to_proto(money)) == money


@pytest.mark.parametrize(
    ("exact", "told"), [("4284.005", "4284.01"), ("0.004", "0.00"), ("-1.005", "-1.01"), ("2.675", "2.68")]
)
def test_sums_are_rounded_half_up_to_cents(exact: str, told: str) -> None:
    assert Money.of(exact, "MXN").rounded() == Money.of(told, "MXN")


def test_yen_have_no_cents() -> None:
    assert Money.of("100.5", "JPY").rounded() == Money.of("101", "JPY")


def test_pesos_and_dollars_are_not_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Money.of(1, "MXN") + Money.of(1, "USD")


@pytest.mark.parametrize("message", [MoneyProto(units=1), MoneyProto(currency_code="MXN", units=1, nanos=-1)])
def test_money_that_is_none_is_refused(message: MoneyProto) -> None:
    with pytest.raises(Invalid):
        wire.money_from_proto(message)


@pytest.mark.parametrize("message", [Date(), Date(year=2026, month=2, day=30), Date(year=2026, month=12)])
def test_a_date_that_does_not_exist_is_refused_by_name(message: Date) -> None:
    with pytest.raises(Invalid) as refused:
        wire.date_from_proto(message, "stay.check_in_date")
    assert "stay.check_in_date" in refused.value.fields


@given(st.dates())
def test_dates_survive_the_wire(day: date) -> None:
    assert wire.date_from_proto(wire.date_to_proto(day)) == day


def test_an_unset_time_is_none_and_a_naive_one_is_our_bug() -> None:
    assert wire.time_from_proto(Timestamp()) is None
    with pytest.raises(ValueError, match="time zone"):
        wire.time_to_proto(datetime(2026, 1, 1))


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        wire.require(pms_pb2.CreateQuoteRequest(property_id="alameda"), "property_id", "stay", "rooms", "room_type_id")
    assert set(refused.value.fields) == {"stay", "rooms", "room_type_id"}


def test_derived_ids_repeat_and_do_not_run_together() -> None:
    assert derived_id("hld", "turn", "1") == derived_id("hld", "turn", "1")
    assert derived_id("hld", "turn1", "") != derived_id("hld", "turn", "1")
    assert new_id("ses") != new_id("ses")


def test_a_manual_clock_goes_only_forward() -> None:
    clock = ManualClock(datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    clock.advance(timedelta(minutes=16))
    assert clock.now() == datetime(2026, 11, 20, 16, 16, tzinfo=UTC)
    assert clock.monotonic() == 960.0
    with pytest.raises(ValueError, match="back"):
        clock.advance(timedelta(seconds=-1))
