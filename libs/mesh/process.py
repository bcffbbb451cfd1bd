"""The command line of a service: serve (default), migrate, await-schema, settings.

Owns the process: loop, signals, exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from opentelemetry.sdk.trace import SpanProcessor
from prometheus_client import Gauge, start_http_server

from mesh import memory, telemetry
from mesh.errors import DomainError, Down
from mesh.front import Front
from mesh.runtime import Runtime, Switchboard
from mesh.settings import ConfigurationError, MeshSettings, load, redacted

SettingsT = TypeVar("SettingsT", bound=MeshSettings)
Build = Callable[[Runtime, Any], Awaitable[None]]
Part = tuple[str, MeshSettings, Build]
TASKS = Gauge("mesh_tasks", "Tasks of the event loop that are not done: one that only grows is a leak.")
log = telemetry.get_logger(__name__)

EX_USAGE = 2
EX_UNAVAILABLE = 69
# Objects that may come into being before the youngest are looked through; Python's 700 are few for a server.
_YOUNG = 10_000


def main(
    *,
    name: str,
    settings_class: type[SettingsT],
    build: Callable[[Runtime, SettingsT], Awaitable[None]],
    migrations: Path | str | None = None,
    migration_settings: type[MeshSettings] = MeshSettings,
    argv: Sequence[str] | None = None,
) -> None:
    """Runs a service's command and exits: 0 well, 2 for a wrong configuration, 69 when something needed is away.

    `migration_settings` are what the migrations read: a Job has to be told those, and not what serving needs.
    """
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}", description=f"The {name} service.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("serve", help="serve until SIGTERM (the default)")
    commands.add_parser("settings", help="print every setting as read from the environment, secrets as stars")
    if migrations is not None:
        migrate = commands.add_parser("migrate", help=f"bring the schema {name} up to date")
        migrate.add_argument("revision", nargs="?", default="head", help="head (default), an id, -1 or base")
        wait = commands.add_parser("await-schema", help=f"return once the schema {name} is one this code can work on")
        wait.add_argument("--seconds", type=float, default=600.0, help="longest wait (600)")
    arguments = parser.parse_args(argv)
    if arguments.command == "migrate":
        assert migrations is not None
        _migrate(name, load_or_exit(migration_settings), Path(migrations), arguments.revision)
        return
    settings = load_or_exit(settings_class)
    match arguments.command:
        case "await-schema":
            assert migrations is not None
            sys.exit(_await_schema(name, settings, Path(migrations), arguments.seconds))
        case "settings":
            for key, value in redacted(settings).items():
                print(f"{key.upper()}={value}")  # noqa: T201
        case _:
            sys.exit(run([(name, settings, build)], single=False))


def _migrate(name: str, settings: MeshSettings, migrations: Path, revision: str) -> None:
    from mesh.store.migrations import migrate  # noqa: PLC0415 (only some services have it)

    migrate(settings.postgres_url.get_secret_value(), schema=name, directory=migrations, revision=revision)
    print(f"{name}: schema is at {revision}")  # noqa: T201


def _await_schema(name: str, settings: MeshSettings, migrations: Path, seconds: float) -> int:
    from mesh.store.migrations import await_schema  # noqa: PLC0415 (only some services have it)

    telemetry.configure(level=settings.log_level, log_format=settings.log_format)
    url = settings.postgres_url.get_secret_value()
    try:
        revision = asyncio.run(await_schema(url, schema=name, directory=migrations, seconds=seconds))
    except Down as error:
        print(f"cannot start: {error}", file=sys.stderr)  # noqa: T201
        return EX_UNAVAILABLE
    print(f"{name}: schema is at {revision}")  # noqa: T201
    return 0


def load_or_exit(settings_class: type[SettingsT]) -> SettingsT:
    """The settings, or every problem on standard error and exit 2."""
    try:
        return load(settings_class)
    except ConfigurationError as error:
        exit_with_problems(error.problems)


def exit_with_problems(problems: Sequence[str]) -> NoReturn:
    """Prints every problem and exits 2."""
    print(f"{len(problems)} problem(s) in the configuration:", file=sys.stderr)  # noqa: T201
    for problem in problems:
        print(f"  - {problem}", file=sys.stderr)  # noqa: T201
    sys.exit(EX_USAGE)


def run(parts: Sequence[Part], *, single: bool) -> int:
    """Serves until SIGTERM or SIGINT, then drains. `single`: all parts in this process, no sockets between them."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_serve(parts, single=single))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 (not on every platform)
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def _serve(parts: Sequence[Part], *, single: bool) -> int:
    first = parts[0][1]
    telemetry.configure(level="DEBUG" if first.debug else first.log_level, log_format=first.log_format)
    memory.tell_limit()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    TASKS.set_function(lambda: len(asyncio.all_tasks(loop)))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    switchboard = Switchboard() if single else None
    runtimes: list[Runtime] = []
    try:
        for name, settings, build in parts:
            runtime = Runtime(name, settings, switchboard=switchboard, span_processors=_exporters(settings))
            runtimes.append(runtime)
            telemetry.SERVICE.set(name)
            runtime.trace()
            log.info("service_starting", settings=redacted(settings) if settings.debug else settings.env)
            await build(runtime, settings)
        metrics = start_http_server(first.metrics_port, first.grpc_host) if _wants_metrics(first) else None
        for runtime in runtimes:
            await runtime.start()
        front = Front(first, switchboard, runtimes) if switchboard is not None else None
        if front is not None:
            await front.start()
        _spare_the_collector()
        await stop.wait()
    except ConfigurationError as error:
        exit_with_problems(error.problems)
    except (DomainError, OSError) as error:
        log.error("service_cannot_start", error=str(error))
        print(f"cannot start: {error}", file=sys.stderr)  # noqa: T201
        for runtime in reversed(runtimes):
            await runtime.close()
        return EX_UNAVAILABLE
    if front is not None:
        await front.stop()
    # Those who call leave before those who are called; single mode builds callees first.
    for runtime in reversed(runtimes):
        await runtime.drain()
    if metrics is not None:
        metrics[0].shutdown()
    return 0


def _spare_the_collector() -> None:
    """What was made until now stays until the end: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 50, 100)


def _wants_metrics(settings: MeshSettings) -> bool:
    return settings.prometheus_enabled and settings.metrics_port > 0


def _exporters(settings: MeshSettings) -> tuple[SpanProcessor, ...]:
    if not settings.otel_exporter_otlp_endpoint:
        return ()
    # Imported only where it is used: it costs a tenth of a second and some megabytes.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    endpoint = settings.otel_exporter_otlp_endpoint
    return (BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=not endpoint.startswith("https"))),)
