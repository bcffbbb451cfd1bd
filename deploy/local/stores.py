"""The stores of the mesh on this machine: embedded ones under the run folder, or external ones by their URL."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.addresses import port_from
from deploy.local.postgres import Postgres
from deploy.local.valkey import Valkey

# Usual ports save typing in a database client; they are not worth failing for.
_POSTGRES_PORT = 7432
_REDIS_PORT = 7379

__all__ = ["Postgres", "Stores", "Valkey"]


class Stores:
    """Starts what `environment` does not already point to; `urls` then holds POSTGRES_URL and REDIS_URL.

    POSTGRES_PORT and REDIS_PORT fix the ports of the embedded ones; else they take their usual ones if these are free.
    """

    def __init__(
        self, run_folder: Path, environment: Mapping[str, str], *, report: Callable[[str], None] = lambda _: None
    ) -> None:
        self._report = report
        self.urls = {name: environment[name] for name in ("POSTGRES_URL", "REDIS_URL") if environment.get(name)}
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        if "POSTGRES_URL" not in self.urls:
            self._postgres = Postgres(
                run_folder / "postgres", port=port_from(environment, "POSTGRES_PORT"), usual_port=_POSTGRES_PORT
            )
        if "REDIS_URL" not in self.urls:
            self._valkey = Valkey(
                run_folder / "valkey", port=port_from(environment, "REDIS_PORT"), usual_port=_REDIS_PORT
            )

    def start(self) -> Self:
        """Raises StoreMissingError, StoreFailedError or FolderInUseError, after stopping what it had started."""
        try:
            if self._postgres is None:
                self._report("PostgreSQL: external, from POSTGRES_URL")
            else:
                self.urls["POSTGRES_URL"] = self._postgres.start().url
                self._report(f"PostgreSQL: embedded, port {self._postgres.port}")
            if self._valkey is None:
                self._report("Valkey: external, from REDIS_URL")
            else:
                self.urls["REDIS_URL"] = self._valkey.start().url
                self._report(f"Valkey: embedded, port {self._valkey.port}")
        except BaseException:
            self.stop()
            raise
        return self

    def revive(self) -> list[str]:
        """Starts again, on the same port, each embedded store that died; returns their names."""
        revived = []
        for name, store in (("PostgreSQL", self._postgres), ("Valkey", self._valkey)):
            if store is not None and not store.running:
                store.restart()
                revived.append(name)
        return revived

    def stop(self) -> None:
        for store in (self._valkey, self._postgres):
            if store is not None:
                store.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
