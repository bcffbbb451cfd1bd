"""Wraps gRPC handlers of all four kinds in one chain of layers, the same with and without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from mesh.errors import Invalid
from mesh.telemetry import SERVICE


@dataclass(slots=True)
class Call:
    """One call being served. `service` is the full name of what is called, `method` its last part."""

    path: str
    service: str
    method: str
    context: grpc.aio.ServicerContext[Any, Any]
    streaming: bool
    metadata: dict[str, str] = field(default_factory=dict)
    cancelled: bool = False

    def code(self) -> grpc.StatusCode:
        """The status so far: OK unless the call was aborted, or given up by its caller."""
        code = _CODES.get(self.context.code() or 0, grpc.StatusCode.UNKNOWN)
        return grpc.StatusCode.CANCELLED if self.cancelled and code is grpc.StatusCode.OK else code


# grpc's stubs give a handler all four kinds at once, each optional: not a type to check anything against.
Handler = Any
# What is left of a call below a layer; its result is the answer, or None for a stream.
Proceed = Callable[[], Awaitable[Any]]
Layer = Callable[[Call, Proceed], Awaitable[Any]]
# grpc.aio tells the status as a number or as an enum, depending on who set it.
_CODES: dict[Any, grpc.StatusCode] = {
    **{code.value[0]: code for code in grpc.StatusCode},
    **{code: code for code in grpc.StatusCode},
}


class Chain(grpc.aio.ServerInterceptor):
    """Runs `layers` around every call, the first outermost. One interceptor, so a call pays for wrapping once."""

    def __init__(self, service: str, layers: Sequence[Layer], *, beside: tuple[str, ...] = ()) -> None:
        """`service` is whose calls these are; methods whose path begins with one of `beside` pass unwrapped."""
        self._service = service
        self._inner_first = tuple(reversed(layers))
        self._beside = beside
        self._wrapped: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        path = handler_call_details.method
        if path not in self._wrapped:
            handler = await continuation(handler_call_details)
            if handler is None:
                return handler
            self._wrapped[path] = self.wrap(path, handler)
        return self._wrapped[path]

    def wrap(self, path: str, handler: Handler) -> Handler:
        """The same handler inside the chain."""
        if self._beside and path.startswith(self._beside):
            return handler
        options = {
            "request_deserializer": _reader(handler.request_deserializer),
            "response_serializer": handler.response_serializer,
        }
        if handler.response_streaming:
            if handler.request_streaming:
                return grpc.stream_stream_rpc_method_handler(self._stream(path, handler.stream_stream), **options)
            return grpc.unary_stream_rpc_method_handler(self._stream(path, handler.unary_stream), **options)
        if handler.request_streaming:
            return grpc.stream_unary_rpc_method_handler(self._unary(path, handler.stream_unary), **options)
        return grpc.unary_unary_rpc_method_handler(self._unary(path, handler.unary_unary), **options)

    def _unary(self, path: str, answer: Callable[[Any, Any], Awaitable[Any]]) -> Callable[[Any, Any], Awaitable[Any]]:
        _, service, method = path.split("/")

        async def unary(request: Any, context: Any) -> Any:
            call = Call(path, service, method, context, False, _metadata(context))
            return await self._run(call, partial(_told, answer, request, context))

        return unary

    def _stream(self, path: str, responses: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Awaitable[None]]:
        _, service, method = path.split("/")

        async def stream(request: Any, context: Any) -> None:
            async def write_all() -> None:
                async with aclosing(responses(_whole(request), context)) as stream:
                    async for response in stream:
                        await context.write(response)

            await self._run(Call(path, service, method, context, True, _metadata(context)), write_all)

        return stream

    async def _run(self, call: Call, handle: Proceed) -> Any:
        SERVICE.set(self._service)

        async def innermost() -> Any:
            try:
                return await handle()
            except asyncio.CancelledError:
                call.cancelled = True
                raise

        proceed: Proceed = innermost
        for layer in self._inner_first:
            proceed = partial(layer, call, proceed)
        return await proceed()


class _Malformed:
    """Stands for a message that cannot be read."""


_MALFORMED = _Malformed()


def _reader(parse: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """`parse`, whose failure is left to the chain: grpc.aio would answer UNKNOWN with the exception's text."""

    def read(raw: bytes) -> Any:
        try:
            return parse(raw)
        except DecodeError:
            return _MALFORMED

    return read


def _whole(request: Any) -> Any:
    """A request, or a stream of them, that could be read. Raises Invalid, a stream where it is read."""
    if request is _MALFORMED:
        raise Invalid("the request is not a message of its type")
    return _each_whole(request) if isinstance(request, AsyncIterator) else request


async def _each_whole(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _whole(request)


async def _told(answer: Callable[[Any, Any], Awaitable[Any]], request: Any, context: Any) -> Any:
    return await answer(_whole(request), context)


def _metadata(context: Any) -> dict[str, str]:
    return {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
