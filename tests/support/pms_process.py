"""The pms service as a process of its own, on a database whose schema is up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mesh.store.migrations import migrate

from tests.support.service_process import ServiceProcess

MIGRATIONS = Path(__file__).parents[2] / "services" / "pms" / "migrations"


class PmsProcess(ServiceProcess):
    """One replica. Its database must have its schema; see `migrated`."""

    def __init__(self, *, postgres_url: str, hotel_file: Path, log: Path, **environment: str) -> None:
        super().__init__("pms", log=log, POSTGRES_URL=postgres_url, HOTEL_FILES=str(hotel_file), **environment)


@contextmanager
def replicas(count: int, *, postgres_url: str, hotel_file: Path, folder: Path) -> Iterator[list[PmsProcess]]:
    """So many replicas on one database whose schema is up to date, all of them ready."""
    each = [
        PmsProcess(postgres_url=postgres_url, hotel_file=hotel_file, log=folder / f"pms-{number}.log")
        for number in range(count)
    ]
    try:
        for replica in each:
            replica.launch()
        for replica in each:
            replica.wait()
        yield each
    finally:
        for replica in each:
            replica.stop()


def migrated(url: str) -> str:
    """The same database with the schema of the service. Blocks; not from inside an event loop."""
    migrate(url, schema="pms", directory=MIGRATIONS)
    return url
