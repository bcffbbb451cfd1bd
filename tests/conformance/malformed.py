"""Requests that make no sense. Whatever is sent, the answer is never INTERNAL: that is a fault of the service's."""

import secrets
from collections.abc import Iterator
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hotel.pms.v1 import pms_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import NotAsDocumentedError, expect, expect_refused
from tests.conformance.visit import WRITE_SECONDS, Visit

TEXTS = ("\x00", "x" * 70_000, "'; DROP TABLE property; --", "𝕏\u202e\ufeff", "..", "-1", " ")
NUMBERS = (-1, 2**31 - 1, -(2**31))
LONG_NUMBERS = (-1, 2**63 - 1, -(2**63))
_FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}
_DEPTH = 3

# What every call cannot do without, and how it is named when it is missing.
REQUIRED: dict[str, tuple[str, ...]] = {
    "GetProperty": ("property_id",),
    "ListRoomTypes": ("property_id",),
    "ListRatePlans": ("property_id",),
    "ListInventory": ("property_id", "nights"),
    "SearchAvailability": ("property_id", "stay", "rooms"),
    "CreateQuote": ("property_id", "stay", "rooms", "room_type_id", "rate_plan_id"),
    "PlaceHold": ("request_id", "quote_token"),
    "GetHold": ("hold_id",),
    "ReleaseHold": ("request_id", "hold_id"),
    "CreateReservation": ("request_id", "quote_token", "booker"),
    "ListReservations": ("property_id",),
    "PreviewModification": ("reservation_id",),
    "ModifyReservation": ("request_id", "modification_token"),
    "PreviewCancellation": ("reservation_id",),
    "CancelReservation": ("request_id", "cancellation_token"),
    "CheckIn": ("request_id", "reservation_id", "etag"),
    "CheckOut": ("request_id", "reservation_id", "etag"),
    "PostCharge": ("request_id", "reservation_id", "description", "amount"),
    "UpdateGuestProfile": ("request_id", "profile"),
    "ForgetGuest": ("request_id", "identities", "erase_time"),
}


@check("what is missing is INVALID_ARGUMENT and named, all of it at once")
async def _(visit: Visit) -> None:
    for method, fields in REQUIRED.items():
        call = getattr(visit.pms, method)(_request(method), timeout=WRITE_SECONDS)
        try:
            refusal = await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
        except NotAsDocumentedError as error:
            raise NotAsDocumentedError(f"{method}: {error}") from None
        missing = set(fields) - refusal.fields
        expect(not missing, f"{method}: BadRequest does not name {sorted(missing)}")


@check("an empty look-up of a reservation or a guest is INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    for method in ("GetReservation", "GetGuestProfile"):
        for request in (_request(method), _request(method, property_id=visit.property_id)):
            call = getattr(visit.pms, method)(request, timeout=WRITE_SECONDS)
            await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")


@check("nonsense in any field of any request is never INTERNAL")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    quote = visit.quote_request(offer)
    search = pms_pb2.SearchAvailabilityRequest(property_id=visit.property_id, stay=offer.stay, rooms=quote.rooms)
    whole: dict[str, Message] = {"CreateQuote": quote, "SearchAvailability": search}
    for method in _unary_methods():
        bases = [_request(method), _plausible(method, visit.property_id)]
        bases += [whole[method]] if method in whole else []
        for base in bases:
            for path, request in _nonsense(base):
                await _must_not_break(visit, method, path, request)


async def _must_not_break(visit: Visit, method: str, path: str, request: Any) -> None:
    if "request_id" in request.DESCRIPTOR.fields_by_name and path != "request_id" and request.request_id:
        request.request_id = visit.request_id()
    try:
        await getattr(visit.pms, method)(request, timeout=WRITE_SECONDS)
    except grpc.aio.AioRpcError as error:
        expect(error.code() not in _FAULTS, f"{method} with {path} is {error.code().name}: {error.details()}")
        details = error.details() or ""
        expect("Traceback" not in details, f"{method} with {path} tells its inside: {details}")


def _unary_methods() -> list[str]:
    service = pms_pb2.DESCRIPTOR.services_by_name["PmsService"]
    return [method.name for method in service.methods if not method.server_streaming]


def _request(method: str, **fields: object) -> Any:
    return getattr(pms_pb2, f"{method}Request")(**fields)


def _plausible(method: str, property_id: str) -> Any:
    """A request with something in every required text, so that nonsense elsewhere is reached."""
    request = _request(method)
    for field in request.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated:
            known = {"property_id": property_id, "request_id": f"conformance-{secrets.token_hex(8)}"}
            if field.name in known or (field.name in REQUIRED.get(method, ())):
                setattr(request, field.name, known.get(field.name, "nonsense"))
    return request


def _nonsense(base: Any, depth: int = _DEPTH) -> Iterator[tuple[str, Any]]:
    """Copies of a request, each with one field that makes no sense, and that field's path."""
    for field in base.DESCRIPTOR.fields:
        for path, spoil in _spoilers(field, depth):
            request = type(base)()
            request.CopyFrom(base)
            spoil(request)
            yield path, request


def _spoilers(field: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        if field.message_type.GetOptions().map_entry or depth == 0:
            return
        empty = _new(field.message_type)
        yield field.name, _setter(field, empty)
        for path, inner in _nonsense(empty, depth - 1):
            yield f"{field.name}.{path}", _setter(field, inner)
        return
    for value in _values(field):
        yield field.name, _setter(field, value)


def _values(field: Any) -> tuple[Any, ...]:
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return TEXTS
        case FieldDescriptor.TYPE_INT32:
            return NUMBERS
        case FieldDescriptor.TYPE_INT64:
            return LONG_NUMBERS
        case FieldDescriptor.TYPE_ENUM:
            return (0, 9999, -1)
    return ()


def _setter(field: Any, value: Any) -> Any:
    def spoil(request: Any) -> None:
        if field.is_repeated:
            getattr(request, field.name).extend([value] * 3)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            getattr(request, field.name).CopyFrom(value)
        else:
            setattr(request, field.name, value)

    return spoil


def _new(descriptor: Any) -> Any:
    return GetMessageClass(descriptor)()
