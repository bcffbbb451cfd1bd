"""Faults of a service as its callers see them: away, too late, slow, or done with the answer lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import MethodOptions
from mesh.inprocess import Registry
from mesh.interception import Chain, Handler

_SLOW_SECONDS = 0.25  # of real time: late, and within every deadline


class Troubled(Registry):
    """A service that has a fault. `state` is one of `vocabulary.STATES`."""

    def __init__(self, whole: Registry, state: str) -> None:
        super().__init__(Chain("", ()))
        self.whole = whole
        self._state = state

    def find(self, path: str) -> Handler | None:
        handler = self.whole.find(path)
        if handler is None:
            return None
        match self._state:
            case "unavailable":
                return _instead(handler, lambda _: _gone)
            case "timeout":
                return _instead(handler, lambda _: _late)
            case "slow":
                return _instead(handler, _slowly)
            case "unknown_outcome" if not _only_reads(path):
                return _instead(handler, _answer_lost)
        return handler


def _instead(handler: Handler, change: Callable[[Any], Any]) -> Handler:
    """The method with another behaviour."""
    codecs = {
        "request_deserializer": handler.request_deserializer,
        "response_serializer": handler.response_serializer,
    }
    if handler.unary_unary:
        return grpc.unary_unary_rpc_method_handler(change(handler.unary_unary), **codecs)
    if handler.stream_unary:
        return grpc.stream_unary_rpc_method_handler(change(handler.stream_unary), **codecs)
    return handler


async def _gone(_: Any, context: grpc.aio.ServicerContext[Any, Any]) -> NoReturn:
    await context.abort(grpc.StatusCode.UNAVAILABLE, "the rehearsal has taken it away")


async def _late(_: Any, context: grpc.aio.ServicerContext[Any, Any]) -> NoReturn:
    await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "the rehearsal lets it be late")


def _slowly(method: Any) -> Any:
    async def slow(request: Any, context: Any) -> Any:
        await asyncio.sleep(_SLOW_SECONDS)
        return await method(request, context)

    return slow


def _answer_lost(method: Any) -> Any:
    async def lost(request: Any, context: Any) -> Any:
        await method(request, context)
        await _late(request, context)

    return lost


def _only_reads(path: str) -> bool:
    """By the contract: a method without side effects has nothing whose outcome could be unknown."""
    service, _, name = path.strip("/").rpartition("/")
    method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    level: int = method.GetOptions().idempotency_level
    return level == MethodOptions.NO_SIDE_EFFECTS
