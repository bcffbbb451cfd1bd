"""Sends what tests.fuzz.making makes to every method, and says what no caller should ever see.

No request, however wrong, is a reason for INTERNAL or UNKNOWN, for silence until the deadline, or for a process to go.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hotel.gateway.v1 import messaging_pb2
from hotel.nlp.v1 import nlp_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.pms.v1 import pms_pb2
from hotel.session.v1 import session_pb2
from mesh.client import OPTIONS

from tests.fuzz.making import Maker
from tests.fuzz.starting import STARTS

SERVICES: Mapping[str, ServiceDescriptor] = {
    "gateway": messaging_pb2.DESCRIPTOR.services_by_name["MessagingService"],
    "nlp": nlp_pb2.DESCRIPTOR.services_by_name["NlpService"],
    "session": session_pb2.DESCRIPTOR.services_by_name["SessionService"],
    "pms": pms_pb2.DESCRIPTOR.services_by_name["PmsService"],
    "orchestrator": orchestrator_pb2.DESCRIPTOR.services_by_name["OrchestratorService"],
}
# A call without an answer after so long hangs; generous, for a machine that is busy.
DEADLINE_SECONDS = 30.0
_WATCH_SECONDS = 0.2
_DETAILS = "grpc-status-details-bin"
_FAULTS = frozenset(
    {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS, grpc.StatusCode.DEADLINE_EXCEEDED}
)


@dataclass(slots=True)
class Report:
    """What a run did: calls by method and status, and the first fault of each kind with its request in hexadecimal."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    def reached(self, method: str) -> int:
        """How many calls of a method were taken."""
        return self.calls[method, "OK"]

    @property
    def total(self) -> int:
        return sum(self.calls.values())


async def attack(service: str, address: str, *, seed: int, seconds: float, report: Report) -> None:
    """Goes round the methods of one service for so long, at least twice, one call at a time."""
    maker = Maker(f"{seed}/{service}")
    descriptor = SERVICES[service]
    async with grpc.aio.insecure_channel(address, options=OPTIONS) as channel:
        caller = _Caller(channel, descriptor, maker, report)
        await STARTS[service](caller.start)
        end, rounds = time.monotonic() + seconds, 0
        while rounds < 2 or time.monotonic() < end:
            rounds += 1
            for method in descriptor.methods:
                await caller.call(method, maker.request(GetMessageClass(method.input_type)))


class _Caller:
    def __init__(self, channel: grpc.aio.Channel, service: ServiceDescriptor, maker: Maker, report: Report) -> None:
        self._channel = channel
        self._service = service
        self._maker = maker
        self._report = report

    async def start(self, method: str, request: Message) -> Any:
        """A request that must be taken. Raises AssertionError when it is not: then the rest would be shallow."""
        answer = await self.call(self._service.methods_by_name[method], request.SerializeToString())
        assert answer is not None, f"the first {method} is refused: {request}"
        return answer

    async def call(self, method: MethodDescriptor, raw: bytes) -> Message | None:
        """One call; its answer, or None where it was refused."""
        name = f"{self._service.name}.{method.name}"
        try:
            answer = await self._answered(method, raw)
        except grpc.aio.AioRpcError as error:
            self._report.calls[name, error.code().name] += 1
            if _is_fault(error):
                told = f"{name}: {error.code().name} {error.details()!r}; request {raw[:2000].hex()}"
                self._report.faults.setdefault((name, error.code().name), told)
            return None
        self._report.calls[name, "OK"] += 1
        self._maker.accepted(raw, GetMessageClass(method.input_type))
        self._maker.learn(answer)
        return answer

    async def _answered(self, method: MethodDescriptor, raw: bytes) -> Message:
        path = f"/{self._service.full_name}/{method.name}"
        kind = GetMessageClass(method.output_type)
        read = kind.FromString
        if method.server_streaming:
            watch = self._channel.unary_stream(path, response_deserializer=read)(raw, timeout=DEADLINE_SECONDS)
            # A watch of nothing is silent for good reason: it is left after a moment.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WATCH_SECONDS):
                    async for response in watch:
                        return response
            watch.cancel()
            return kind()
        if method.client_streaming:
            half = len(raw) // 2
            parts = [raw] if half % 2 else [raw, raw[:half], raw]
            stream = self._channel.stream_unary(path, response_deserializer=read)
            return await stream(iter(parts), timeout=DEADLINE_SECONDS)
        return await self._channel.unary_unary(path, response_deserializer=read)(raw, timeout=DEADLINE_SECONDS)


def _is_fault(error: grpc.aio.AioRpcError) -> bool:
    """Also UNAVAILABLE that no service of ours said: then the process is gone."""
    if error.details() == "Internal error from Core":
        # Our own side's: grpc.aio still wrote a stream of requests when the service had answered.
        return False
    said = any(key == _DETAILS for key, _ in error.trailing_metadata() or ())
    return error.code() in _FAULTS or (error.code() is grpc.StatusCode.UNAVAILABLE and not said)
