"""gRPC without sockets: five services in one process call each other through the same stubs, servicers and chain.

Messages are serialized on the way, so that neither side can see the other's objects, and every call is served in a task
with an empty context, as if it had come over the network. A service cannot tell the difference.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, NoReturn

import grpc
import grpc.aio

from mesh.interception import Chain, Handler

Metadata = Iterable[tuple[str, str | bytes]]


class Registry(grpc.aio.Server):
    """Takes the servicers that generated `add_…_to_server` functions hand over, in place of a listening server."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._handlers: dict[str, Handler] = {}

    def add_registered_method_handlers(self, service_name: str, method_handlers: Mapping[str, Handler]) -> None:
        for method, handler in method_handlers.items():
            path = f"/{service_name}/{method}"
            self._handlers[path] = self._chain.wrap(path, handler)

    def add_generic_rpc_handlers(self, generic_rpc_handlers: Iterable[grpc.GenericRpcHandler]) -> None:
        """The registered handlers say it all."""

    def find(self, path: str) -> Handler | None:
        """The handler of a method, inside the chain; None when this service does not have it."""
        return self._handlers.get(path)

    def handler(self, path: str) -> Handler:
        """Raises UNIMPLEMENTED for a method nobody serves, as a server would."""
        if (handler := self.find(path)) is None:
            raise _error(grpc.StatusCode.UNIMPLEMENTED, f"method {path} is not served", ())
        return handler

    def add_insecure_port(self, address: str) -> int:
        raise RuntimeError(f"a registry listens nowhere, so not on {address}")

    def add_secure_port(self, address: str, server_credentials: grpc.ServerCredentials) -> int:
        del server_credentials
        return self.add_insecure_port(address)

    async def start(self) -> None:
        """Nothing to start."""

    async def stop(self, grace: float | None) -> None:
        """Nothing to stop."""

    async def wait_for_termination(self, timeout: float | None = None) -> bool:
        del timeout
        return True


class Context:
    """A servicer's view of one call, as `grpc.aio.ServicerContext` gives it."""

    def __init__(self, metadata: Metadata, timeout: float | None, serialize: Callable[[Any], bytes] = bytes) -> None:
        self._metadata = tuple(metadata)
        self._serialize = serialize
        self.written: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._end = None if timeout is None else time.monotonic() + timeout
        self._code: grpc.StatusCode | None = None
        self._details = ""
        self._trailing: tuple[tuple[str, str | bytes], ...] = ()

    async def write(self, message: Any) -> None:
        await self.written.put(self._serialize(message))

    def invocation_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        return self._metadata

    def time_remaining(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    async def abort(self, code: grpc.StatusCode, details: str = "", trailing_metadata: Metadata = ()) -> NoReturn:
        self._code, self._details, self._trailing = code, details, tuple(trailing_metadata)
        raise grpc.aio.AbortError(details)

    async def send_initial_metadata(self, initial_metadata: Metadata) -> None:
        """Nobody waits for it here."""

    def set_trailing_metadata(self, trailing_metadata: Metadata) -> None:
        self._trailing = tuple(trailing_metadata)

    def trailing_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        return self._trailing

    def set_code(self, code: grpc.StatusCode) -> None:
        self._code = code

    def code(self) -> grpc.StatusCode | None:
        return self._code

    def set_details(self, details: str) -> None:
        self._details = details

    def details(self) -> str:
        return self._details

    def peer(self) -> str:
        return "inprocess"

    def auth_context(self) -> dict[str, tuple[bytes, ...]]:
        return {}

    def error(self) -> grpc.aio.AioRpcError | None:
        """What the caller is told when the handler is through."""
        if self._code in (None, grpc.StatusCode.OK):
            return None
        assert self._code is not None
        return _error(self._code, self._details, self._trailing)


class Transport(grpc.aio.Channel):
    """A channel to the servicers of a registry, which is asked for at each call: peers are built in any order."""

    def __init__(self, registry: Callable[[], Registry | None], peer: str) -> None:
        self._registry = registry
        self._peer = peer

    def _handler(self, method: str) -> Handler:
        registry = self._registry()
        if registry is None:
            raise _error(grpc.StatusCode.UNAVAILABLE, f"{self._peer} is not running", ())
        return registry.handler(method)

    def unary_unary(
        self, method: str, request_serializer: Any = None, response_deserializer: Any = None, **_: Any
    ) -> Any:
        async def call(request: Any, *, timeout: float | None, metadata: Metadata, **_: Any) -> Any:
            handler = self._handler(method)
            context = Context(metadata, timeout)
            work = _answer(
                handler, handler.unary_unary, handler.request_deserializer(request_serializer(request)), context
            )
            return response_deserializer(await _served(work, context, timeout))

        return call

    def stream_unary(
        self, method: str, request_serializer: Any = None, response_deserializer: Any = None, **_: Any
    ) -> Any:
        async def call(requests: AsyncIterator[Any], *, timeout: float | None, metadata: Metadata, **_: Any) -> Any:
            handler = self._handler(method)
            context = Context(metadata, timeout)
            arriving = _each(requests, request_serializer, handler.request_deserializer)
            return response_deserializer(
                await _served(_answer(handler, handler.stream_unary, arriving, context), context, timeout)
            )

        return call

    def unary_stream(
        self, method: str, request_serializer: Any = None, response_deserializer: Any = None, **_: Any
    ) -> Any:
        async def call(request: Any, *, timeout: float | None, metadata: Metadata) -> AsyncIterator[Any]:
            handler = self._handler(method)
            context = Context(metadata, timeout, handler.response_serializer)
            arrived = handler.request_deserializer(request_serializer(request))
            async for response in _streamed(handler.unary_stream(arrived, context), context):
                yield response_deserializer(response)

        return call

    def stream_stream(
        self, method: str, request_serializer: Any = None, response_deserializer: Any = None, **_: Any
    ) -> Any:
        async def call(
            requests: AsyncIterator[Any], *, timeout: float | None, metadata: Metadata
        ) -> AsyncIterator[Any]:
            handler = self._handler(method)
            context = Context(metadata, timeout, handler.response_serializer)
            arriving = _each(requests, request_serializer, handler.request_deserializer)
            async for response in _streamed(handler.stream_stream(arriving, context), context):
                yield response_deserializer(response)

        return call

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self, grace: float | None = None) -> None:
        """Nothing to close."""

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        del try_to_connect
        return grpc.ChannelConnectivity.READY if self._registry() else grpc.ChannelConnectivity.TRANSIENT_FAILURE

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        raise RuntimeError(f"an in-process channel is {last_observed_state} for ever")

    async def channel_ready(self) -> None:
        """It always is."""


async def _each(requests: AsyncIterator[Any], serialize: Any, deserialize: Any) -> AsyncIterator[Any]:
    async for request in requests:
        yield deserialize(serialize(request))


async def _answer(handler: Handler, method: Any, request: Any, context: Context) -> bytes:
    serialized: bytes = handler.response_serializer(await method(request, context))
    return serialized


async def _served(work: Any, context: Context, timeout: float | None) -> bytes:
    """Runs the handler in a task of its own with an empty context, ended by the deadline or with the caller."""
    task: asyncio.Task[bytes] = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
    try:
        async with asyncio.timeout(timeout):
            return await task
    except TimeoutError:
        raise _error(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded", ()) from None
    except grpc.aio.AbortError:
        error = context.error()
        assert error is not None
        raise error from None


async def _streamed(work: Awaitable[None], context: Context) -> AsyncIterator[bytes]:
    """What the handler writes, from a task of its own; at most one response waits, as flow control would have it."""

    async def pump() -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise  # the reader is gone: nobody takes an end mark off the queue
        except BaseException:
            await context.written.put(None)
            raise
        else:
            await context.written.put(None)

    task = asyncio.get_running_loop().create_task(pump(), context=contextvars.Context())
    try:
        while (response := await context.written.get()) is not None:
            yield response
        await task
    except grpc.aio.AbortError:
        error = context.error()
        assert error is not None
        raise error from None
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _error(code: grpc.StatusCode, details: str, trailing: Metadata) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(*trailing), details=details)
