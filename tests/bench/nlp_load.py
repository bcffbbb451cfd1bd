"""The nlp service under load: one process of it over gRPC, the load in this one. No store, no sibling.

No message is sent twice, as far as there are enough of them: the service remembers what it told of short ones.
Times with one caller, one message after the other; calls a second with several callers. Memory and processor time are
the service's own, as the system counts them.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import grpc.aio
from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.wire import time_to_proto

from services.nlp.domain.types import LANGUAGES
from services.nlp.training.cases import CATALOGUE
from services.nlp.training.dataset import SEED, examples, templates
from services.nlp.training.own_messages import load_own
from tests.support.service_process import ServiceProcess

CALLERS = 8
WARM_UP = 100
ALONE = 400
BATCH = 100
TIMEOUT = 30.0


@dataclass(slots=True)
class Result:
    """What was seen: milliseconds, calls a second, seconds of processor time a call, mebibytes."""

    alone_ms: list[float] = field(default_factory=list)
    alone_cpu_ms: float = 0.0
    together_ms: list[float] = field(default_factory=list)
    together_per_second: float = 0.0
    together_cpu_ms: float = 0.0
    cores: float = 0.0
    batch_ms: list[float] = field(default_factory=list)
    batch_cpu_ms: float = 0.0
    resident_mib: float = 0.0
    repeated: float = 0.0  # share of the messages that had been sent before


def run(folder: Path, *, seconds: float, **environment: str) -> Result:
    """Measures a fresh process; the calls a second over `seconds`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ServiceProcess("nlp", log=folder / "nlp.log", **{"NLP_SPEECH": "false", **environment}) as process:
        return asyncio.run(_measure(process, seconds=seconds))


async def _measure(process: ServiceProcess, *, seconds: float) -> Result:
    result = Result()
    async with grpc.aio.insecure_channel(process.address) as channel:
        nlp = NlpServiceStub(channel)
        distinct = _requests()
        numbers = itertools.count()
        requests = (distinct[number % len(distinct)] for number in numbers)
        for _ in range(WARM_UP):
            await nlp.Analyze(next(requests), timeout=TIMEOUT)
        cpu = _cpu_seconds(process.pid)
        result.alone_ms = [await _timed(nlp, next(requests)) for _ in range(ALONE)]
        result.alone_cpu_ms = (_cpu_seconds(process.pid) - cpu) / ALONE * 1000
        await _together(nlp, requests, process.pid, seconds, result)
        await _batches(nlp, requests, process.pid, result)
        sent = next(numbers)
        result.repeated = max(0, sent - len(distinct)) / sent
    result.resident_mib = _resident_mib(process.pid)
    return result


async def _together(
    nlp: NlpServiceStub, requests: Iterator[pb.AnalyzeRequest], pid: int, seconds: float, result: Result
) -> None:
    begun, cpu = time.perf_counter(), _cpu_seconds(pid)

    async def caller() -> None:
        while time.perf_counter() - begun < seconds:
            result.together_ms.append(await _timed(nlp, next(requests)))

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    wall, spent = time.perf_counter() - begun, _cpu_seconds(pid) - cpu
    calls = len(result.together_ms)
    result.together_per_second, result.together_cpu_ms, result.cores = calls / wall, spent / calls * 1000, spent / wall


async def _batches(nlp: NlpServiceStub, requests: Iterator[pb.AnalyzeRequest], pid: int, result: Result) -> None:
    batches, cpu = 10, _cpu_seconds(pid)
    for _ in range(batches):
        batch = pb.AnalyzeBatchRequest(requests=[next(requests) for _ in range(BATCH)])
        begun = time.perf_counter()
        await nlp.AnalyzeBatch(batch, timeout=TIMEOUT)
        result.batch_ms.append((time.perf_counter() - begun) * 1000)
    result.batch_cpu_ms = (_cpu_seconds(pid) - cpu) / (batches * BATCH) * 1000


async def _timed(nlp: NlpServiceStub, request: pb.AnalyzeRequest) -> float:
    begun = time.perf_counter()
    await nlp.Analyze(request, timeout=TIMEOUT)
    return (time.perf_counter() - begun) * 1000


def _requests() -> Sequence[pb.AnalyzeRequest]:
    """The project's own hand-written messages, both languages in turn, and then what it trains on, mixed."""
    written = [[case.text for case in load_own(language)] for language in LANGUAGES]
    made = [example.text for example in examples(templates())]
    Random(SEED).shuffle(made)
    catalogue = pb.Catalogue(
        room_types=[pb.CatalogueItem(id=i.code, names=(*i.names, *i.synonyms)) for i in CATALOGUE.room_types],
        rate_plans=[pb.CatalogueItem(id=i.code, names=(*i.names, *i.synonyms)) for i in CATALOGUE.rate_plans],
    )
    return [
        pb.AnalyzeRequest(
            text=text,
            reference_time=time_to_proto(datetime(2026, 11, 20, 16, tzinfo=UTC)),
            time_zone="America/Mexico_City",
            region="MX",
            catalogue=catalogue,
        )
        for text in dict.fromkeys((*itertools.chain.from_iterable(zip(*written, strict=False)), *made))
    ]


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mib(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
