"""Wraps gRPC handlers of all four kinds in one chain of async context managers, the same with and without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio

from mesh.telemetry import SERVICE


@dataclass(slots=True)
class Call:
    """One call being served."""

    path: str
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
Layer = Callable[[Call], AbstractAsyncContextManager[None]]
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
        self._layers = tuple(layers)
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
        around = self._around(path, streaming=handler.response_streaming)
        options = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if handler.response_streaming:
            inner = handler.stream_stream if handler.request_streaming else handler.unary_stream

            async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
                async with around(context):
                    async for response in inner(request, context):
                        yield response

            make = (
                grpc.stream_stream_rpc_method_handler
                if handler.request_streaming
                else grpc.unary_stream_rpc_method_handler
            )
            return make(stream, **options)

        answer = handler.stream_unary if handler.request_streaming else handler.unary_unary

        async def unary(request: Any, context: Any) -> Any:
            async with around(context):
                return await answer(request, context)

        make = (
            grpc.stream_unary_rpc_method_handler if handler.request_streaming else grpc.unary_unary_rpc_method_handler
        )
        return make(unary, **options)

    def _around(self, path: str, *, streaming: bool) -> Callable[[Any], AbstractAsyncContextManager[None]]:
        layers = self._layers
        service = self._service

        def around(context: Any) -> AbstractAsyncContextManager[None]:
            SERVICE.set(service)
            metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
            return _Nested(layers, Call(path, context, streaming, metadata))

        return around


class _Nested:
    """Enters the layers in order and leaves them in reverse."""

    __slots__ = ("_call", "_layers", "_stack")

    def __init__(self, layers: Sequence[Layer], call: Call) -> None:
        self._layers = layers
        self._call = call
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> None:
        try:
            for layer in self._layers:
                await self._stack.enter_async_context(layer(self._call))
        except BaseException as error:
            # A layer that refuses is left through the layers outside it, as if the handler had refused.
            await self._stack.__aexit__(type(error), error, error.__traceback__)
            raise

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> bool | None:
        self._call.cancelled = isinstance(error, asyncio.CancelledError)
        return await self._stack.__aexit__(kind, error, traceback)
