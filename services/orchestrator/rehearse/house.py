"""The whole mesh for one dialogue, in this process: real services and stores, a clock that stands until it is moved.

Work that services do in the background and that can be settled is not left running: it is done to the end whenever
something has happened, so that after each turn everything that follows from it has followed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import httpx
from mesh import client
from mesh.clock import ManualClock
from mesh.errors import DomainError
from mesh.inprocess import Registry
from mesh.process import Build
from mesh.runtime import Runtime, Switchboard
from mesh.settings import MeshSettings, load
from mesh.telemetry import SERVICE
from pydantic import SecretStr

from deploy.local.ports import LOOPBACK, free_port
from services import single
from services.orchestrator.rehearse.lines import directory
from services.orchestrator.rehearse.relay import Relay
from services.orchestrator.rehearse.speech import Hearing
from services.orchestrator.rehearse.spelling import truth
from services.orchestrator.rehearse.troubles import Troubled

CALLER = "rehearsal"
# Steps of a clock that is moved far: what is due on the way happens on the way.
_SHORT_STEP, _LONG_STEP = timedelta(minutes=5), timedelta(hours=1)
_SHORT_SPAN = timedelta(hours=2)


class Settling(Protocol):
    """Background work that can be done to the end."""

    async def settle(self) -> None:
        """Does everything that is due now."""


class _Surroundings(Runtime):
    """A service's runtime whose background work is settled by the rehearsal where it can be."""

    def __init__(self, *args: Any, settling: list[Settling], **options: Any) -> None:
        super().__init__(*args, **options)
        self._settling = settling

    def background(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        owner = getattr(work, "__self__", None)
        if owner is not None and hasattr(owner, "settle"):
            self._settling.append(owner)
        else:
            super().background(name, work)


class House:
    """One hotel with its five services."""

    def __init__(self, *, clock: ManualClock, property_id: str, http_port: int) -> None:
        self.clock = clock
        self.property_id = property_id
        self.http = httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{http_port}", timeout=30.0)
        self.switchboard = Switchboard()
        self._settling: list[Settling] = []
        self._runtimes: list[Runtime] = []
        self._relays: dict[str, Relay] = {}
        self._outside = Runtime(CALLER, MeshSettings(), clock=clock, switchboard=self.switchboard)
        switchboard = Switchboard()
        self._behind = Runtime(CALLER, MeshSettings(), clock=clock, switchboard=switchboard)
        self._behind_the_scenes: dict[str, Registry] = switchboard.registries
        self.gateway_reachable = True

    def channel(self, service: str) -> client.Channel:
        """A channel from outside, for a stub."""
        return self._outside.channel(service)

    def behind(self, service: str) -> client.Channel:
        """A channel for looking behind the scenes: a service that has a fault answers there all the same."""
        return self._behind.channel(service)

    async def relay(self, name: str, url: str) -> str:
        """The URL by which `url` is reached as long as `name` has no fault."""
        self._relays[name] = Relay(url)
        return await self._relays[name].start()

    async def add(self, name: str, settings: MeshSettings, build: Build) -> None:
        """Builds and starts one service."""
        runtime = _Surroundings(name, settings, clock=self.clock, switchboard=self.switchboard, settling=self._settling)
        self._runtimes.append(runtime)
        SERVICE.set(name)
        await build(runtime, settings)
        await runtime.start()
        self.know(name, self.switchboard.registries[name])

    def know(self, name: str, registry: Registry) -> None:
        """One of the services."""
        self.switchboard.registries[name] = registry
        self._behind_the_scenes[name] = registry

    def fault(self, name: str, state: str) -> None:
        """A service, a store or the channel has a fault from now on; `available` ends it. `vocabulary` names them."""
        if name in self._relays:
            self._relays[name].set(state)
        elif name in self._behind_the_scenes:
            whole = self._behind_the_scenes[name]
            self.switchboard.registries[name] = whole if state == "available" else Troubled(whole, state)
        if name == "gateway":
            self.gateway_reachable = state in ("available", "slow")

    def recover(self) -> None:
        """Nothing has a fault any more."""
        for name in (*self._relays, *self._behind_the_scenes):
            self.fault(name, "available")

    async def settle(self) -> None:
        """Everything that is due now is done, and what that makes due as well. With a store away it waits."""
        for _ in range(2):
            for work in self._settling:
                with contextlib.suppress(DomainError):
                    await work.settle()

    async def advance(self, span: timedelta) -> None:
        """Lets time pass."""
        step = _SHORT_STEP if span <= _SHORT_SPAN else _LONG_STEP
        while span > timedelta(0):
            self.clock.advance(min(step, span))
            span -= step
            await self.settle()

    async def close(self) -> None:
        await self.http.aclose()
        self.recover()
        for runtime in reversed(self._runtimes):
            await runtime.drain()
        await self._outside.close()
        await self._behind.close()
        for relay in self._relays.values():
            await relay.stop()


@asynccontextmanager
async def understanding() -> AsyncIterator[Registry]:
    """The nlp service, once for all dialogues: it keeps nothing between calls, and its model takes long to load."""
    name, settings_class, build = next(part for part in single.PARTS if part[0] == "nlp")
    switchboard = Switchboard()
    settings = _settings(settings_class, {})
    runtime = Runtime(name, settings, switchboard=switchboard)
    await build(runtime, settings)
    await runtime.start()
    try:
        yield switchboard.registries[name]
    finally:
        await runtime.drain()


@asynccontextmanager
async def house(
    *,
    start: datetime,
    postgres_url: str,
    redis_url: str,
    nlp: Registry,
    meta: Mapping[str, Any],
    hotel_file: str = "",
    flags: Mapping[str, Any] | None = None,
    troubled: Collection[str] = (),
    channels: Collection[str] = (),
) -> AsyncIterator[House]:
    """A hotel in its first state. `meta` is a dialogue file's; `hotel_file` overrides the hotel in it.

    `channels` are those that guests write on, by the names of `directory.channel_of`.
    `troubled` names what will have a fault: stores and the channel are reached by a way that can be cut only then.
    """
    property_id, build_pms = single.hotel_of(meta=meta, path=hotel_file)
    port = free_port()
    with TemporaryDirectory(prefix="rehearsal-") as folder:
        hotel = House(clock=ManualClock(start), property_id=property_id, http_port=port)
        servers = {"database": postgres_url, "redis": redis_url, "channel": f"http://{LOOPBACK}:{port}"}
        reached = {name: await hotel.relay(name, url) if name in troubled else url for name, url in servers.items()}
        told = {
            **_apart(port),
            **directory.settings(property_id, api=reached["channel"], channels=channels),
            "postgres_url": SecretStr(reached["database"]),
            "redis_url": SecretStr(reached["redis"]),
            "flags_file": _flags_file(Path(folder), flags or {}),
        }
        try:
            hotel.know("nlp", Hearing(nlp))
            for name, settings_class, build in single.PARTS:
                if name != "nlp":
                    await hotel.add(name, _settings(settings_class, told), build_pms if name == "pms" else build)
            SERVICE.set(CALLER)
            # What is in the mailboxes before the first guest writes is the hotel's past.
            await hotel.settle()
            yield hotel
        finally:
            await hotel.close()


def _apart(port: int) -> dict[str, Any]:
    """What the services are told so that nobody outside is reached, and nobody waits for a clock that stands."""
    return {
        # Whatever the environment says: nothing leaves this machine, sends are recorded.
        "env": "dev",
        "pms_backend": "builtin",
        "http_port": port,
        "http_host": LOOPBACK,
        "allowed_callers": CALLER,
        # A burst comes in one webhook here; nobody waits for a second one.
        "quiet_period_seconds": 0.0,
        "quiet_ceiling_seconds": 0.0,
        "hotel_information_seconds": 0.0,
        # A busy machine is not a fault: whether something is away is for the dialogue to say.
        "session_seconds": 5.0,
        # Messages before the stay are sent when a dialogue says that they are due.
        "stay_messages": "",
    }


def _settings(settings_class: type[MeshSettings], told: Mapping[str, Any]) -> MeshSettings:
    mine: dict[str, Any] = {
        "drain_seconds": 0.0,
        "drain_grace_seconds": 5.0,
        "postgres_pool_size": 4,
        "postgres_pool_overflow": 4,
        "otel_exporter_otlp_endpoint": "",
        **told,
    }
    return load(settings_class, **{key: value for key, value in mine.items() if key in settings_class.model_fields})


def _flags_file(folder: Path, flags: Mapping[str, Any]) -> str:
    """A file in flagd's format; none when the dialogue sets no flag, so that the safe values hold.

    A flag is on or off, or stands there as the file would have it, with its variants and its targeting.
    """
    if not flags:
        return ""
    path = folder / "flags.json"
    switch = {"state": "ENABLED", "variants": {"on": True, "off": False}}
    content = {
        name: dict(flag) if isinstance(flag, Mapping) else {**switch, "defaultVariant": "on" if truth(flag) else "off"}
        for name, flag in flags.items()
    }
    path.write_text(json.dumps({"flags": content}), encoding="utf-8")
    return str(path)
