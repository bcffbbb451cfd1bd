"""Puts the pms service together: the only place that sees servicer, desk and adapters at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hotel.pms.v1 import pms_pb2_grpc
from mesh.clock import Clock
from mesh.runtime import Runtime
from mesh.settings import ConfigurationError
from mesh.telemetry import get_logger

from services.pms.adapters.builtin import PostgresLedger
from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFile, HotelFileError, read
from services.pms.adapters.ledger import Ledger
from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.adapters.part_of_ledger import PartOfLedger
from services.pms.adapters.remembered_nights import RememberedNights
from services.pms.desk.bell import Bell
from services.pms.desk.catalogue import Catalogue
from services.pms.desk.changes import Changes
from services.pms.desk.demand import Demand
from services.pms.desk.front_desk import FrontDesk
from services.pms.desk.sales import Sales
from services.pms.desk.watching import Watching
from services.pms.domain.configuration import Configuration
from services.pms.domain.token import TokenSigner
from services.pms.hotels_at_qloapps import open_qloapps
from services.pms.servicer import PmsServicer
from services.pms.settings import Settings
from services.pms.sweeper import Sweeper

# Who may call, method by method; ALLOWED_CALLERS adds other systems.
_DIALOGUE, _DESK = frozenset({"orchestrator"}), frozenset({"orchestrator", "gateway"})
CALLERS = {
    "*": _DIALOGUE,
    # Staff look: properties with their facts, and who comes and goes. Nothing is sold or changed from there.
    **dict.fromkeys(("ListProperties", "GetProperty", "ListReservations", "GetReservation"), _DESK),
    # The gateway carries erasures on from the session service.
    "ForgetGuest": frozenset({"gateway"}),
}

PREDICTIVE_PRICING = "predictive_pricing"

log = get_logger(__name__)


async def build(runtime: Runtime, settings: Settings) -> None:
    """Builds the service with the hotels of HOTEL_FILES. Raises ConfigurationError with every problem of every file."""
    await build_with(runtime, settings, hotel_files_of(settings.hotel_file_paths))


async def build_with(runtime: Runtime, settings: Settings, files: list[HotelFile]) -> None:
    """Builds the service with these hotels."""
    clock = runtime.clock
    pool = None if settings.pms_backend == "memory" else await runtime.postgres(schema="pms")
    ledger: Ledger = MemoryLedger() if pool is None else PostgresLedger(pool=pool, vault=settings.vault())
    for configuration in map(configuration_of, files):
        changed = await open_books(ledger, clock, configuration)
        log.info("hotel_loaded", property_id=configuration.hotel.property_id, changed=changed)
    at_qloapps = await open_qloapps(runtime, settings, files, ledger=ledger, pool=pool)
    own_ledger = _own_part(ledger, files)
    backend = OwnInventory(
        ledger=own_ledger,
        clock=clock,
        remembered=_remembered(own_ledger, clock, settings),
        keep_guests=timedelta(days=settings.guest_retention_days),
    )
    catalogue = Catalogue(
        backends={settings.pms_backend: backend, **({"qloapps": at_qloapps} if at_qloapps else {})},
        clock=clock,
        keep=timedelta(seconds=settings.property_cache_seconds),
    )
    demand = _demand(runtime, settings, catalogue)
    signer, bell = TokenSigner(settings.signing_keys), Bell()
    sweeper = Sweeper(
        backend=backend,
        ledger=ledger,
        clock=clock,
        pause_seconds=settings.sweep_seconds,
        keep_answers=timedelta(days=settings.answer_retention_days),
        keep_audits=timedelta(days=settings.audit_retention_days),
    )
    runtime.background("sweeper", sweeper.run)
    servicer = PmsServicer(
        catalogue=catalogue,
        sales=Sales(catalogue=catalogue, demand=demand, signer=signer, clock=clock, bell=bell),
        changes=Changes(catalogue=catalogue, demand=demand, signer=signer, clock=clock, bell=bell),
        front_desk=FrontDesk(catalogue=catalogue, clock=clock, bell=bell),
        watching=Watching(
            catalogue=catalogue, bell=bell, poll_seconds=settings.watch_poll_seconds, most=settings.max_watchers
        ),
    )
    runtime.serve(pms_pb2_grpc.add_PmsServiceServicer_to_server, servicer, allow=CALLERS)


def configurations_of(paths: list[str]) -> list[Configuration]:
    """The hotels of these files. Raises ConfigurationError with every problem of every file."""
    return [configuration_of(content) for content in hotel_files_of(paths)]


def hotel_files_of(paths: list[str]) -> list[HotelFile]:
    """These files. Raises ConfigurationError with every problem of every file."""
    files, problems = [], []
    for path in paths:
        try:
            files.append(read(Path(path)))
        except HotelFileError as error:
            problems += [f"{error.source}: {problem}" for problem in error.problems]
    ids = [content.hotel.property_id for content in files]
    problems += [f"HOTEL_FILES: two files describe {key}" for key in sorted({key for key in ids if ids.count(key) > 1})]
    if problems:
        raise ConfigurationError(problems)
    return files


def _demand(runtime: Runtime, settings: Settings, catalogue: Catalogue) -> Demand:
    flags = runtime.flags({PREDICTIVE_PRICING: settings.predictive_pricing})

    def may_move(property_id: str) -> bool:
        # By property, not by guest: two guests who ask for one night are told one price.
        return flags.decide(PREDICTIVE_PRICING, guest=property_id, property_id=property_id).enabled

    return Demand(catalogue=catalogue, clock=runtime.clock, enabled=may_move)


def _own_part(ledger: Ledger, files: list[HotelFile]) -> Ledger:
    """The books without the hotels whose rooms a PMS keeps; their holds and answers stand in the same books."""
    foreign = frozenset(content.hotel.property_id for content in files if content.pms)
    return PartOfLedger(ledger, without=foreign) if foreign else ledger


def _remembered(ledger: Ledger, clock: Clock, settings: Settings) -> RememberedNights | None:
    keep = timedelta(seconds=settings.availability_cache_seconds)
    return RememberedNights(ledger=ledger, clock=clock, keep=keep) if keep else None
