"""Feature flags: OpenFeature over a file in flagd's format, read again when it changes.

Each service declares the flags it asks for with their safe values; the file may turn them on for a share of its guests
(`fractional` on the targeting key, a stable hash), for a property or for a channel. Without it the safe values hold.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import OpenFeatureError
from openfeature.flag_evaluation import FlagResolutionDetails
from openfeature.provider import AbstractProvider, Metadata
from prometheus_client import Counter

from mesh.settings import ConfigurationError
from mesh.telemetry import SERVICE, get_logger

if TYPE_CHECKING:
    from openfeature.client import OpenFeatureClient

EVALUATIONS = Counter("mesh_flag_evaluations_total", "Flags asked for, by variant.", ["service", "flag", "variant"])
LOOK_SECONDS = 2.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a flag says to one guest. `variant` is its name in the file, or `default` when the file does not have it."""

    enabled: bool
    variant: str


class FileProvider(AbstractProvider):
    """OpenFeature's provider interface over flagd's evaluator and one file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._core = FlagdCore()
        self._stamp = 0
        self.read()

    def get_metadata(self) -> Metadata:
        return Metadata(name="flagd-file")

    def read(self) -> None:
        """Takes the file as it is now. Raises ConfigurationError when it cannot be used; the old flags then stay."""
        try:
            stamp = self._path.stat().st_mtime_ns
            definition = json.loads(self._path.read_text())
            FlagdCore().set_flags(definition)  # a trial: a broken file must not replace a good one
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OpenFeatureError) as error:
            raise ConfigurationError([f"FLAGS_FILE {self._path}: {type(error).__name__}: {error}"]) from None
        self._core.set_flags(definition)
        self._stamp = stamp

    def changed(self) -> bool:
        """Whether the file was written since it was read."""
        try:
            return self._path.stat().st_mtime_ns != self._stamp
        except OSError:
            return False

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        return self._core.resolve_boolean_value(flag_key, default_value, evaluation_context)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        return self._core.resolve_string_value(flag_key, default_value, evaluation_context)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        return self._core.resolve_integer_value(flag_key, default_value, evaluation_context)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        return self._core.resolve_float_value(flag_key, default_value, evaluation_context)

    def resolve_object_details(
        self, flag_key: str, default_value: Any, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[Any]:
        return self._core.resolve_object_value(flag_key, default_value, evaluation_context)


class Flags:
    """The flags of one service. `safe` maps each name to what holds without a file, or when the file is silent."""

    def __init__(self, safe: Mapping[str, bool], path: Path | None = None) -> None:
        self._safe = dict(safe)
        self._provider = FileProvider(path) if path is not None else None
        self._client = _client(self._provider) if self._provider is not None else None

    def decide(self, name: str, *, guest: str, **attributes: str) -> Decision:
        """What the flag says to a guest; `attributes` are what the file's rules may look at (`property_id`, `channel`).

        Raises KeyError for a flag that the service did not declare.
        """
        safe = self._safe[name]
        if self._client is None:
            return Decision(safe, "default")
        details = self._client.get_boolean_details(name, safe, EvaluationContext(guest, dict(attributes)))
        decision = Decision(details.value, details.variant or "default")
        EVALUATIONS.labels(SERVICE.get(), name, decision.variant).inc()
        return decision

    def decide_all(self, *, guest: str, **attributes: str) -> dict[str, Decision]:
        """Every declared flag, for keeping beside what was decided under it."""
        return {name: self.decide(name, guest=guest, **attributes) for name in self._safe}

    async def watch(self) -> None:
        """Reads the file again when it changes, for ever. A broken one is reported and the old flags stay."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.refresh()

    def refresh(self) -> None:
        """One look at the file."""
        if self._provider is None or not self._provider.changed():
            return
        try:
            self._provider.read()
            log.info("flags_read_again")
        except ConfigurationError as error:
            log.error("flags_broken", problems=error.problems)


def _client(provider: FileProvider) -> OpenFeatureClient:
    # A domain of its own: two services in one process may have two files.
    from openfeature import api  # noqa: PLC0415 (its registry starts with the first import)

    domain = f"flags-{id(provider)}"
    api.set_provider_and_wait(provider, domain=domain)
    return api.get_client(domain=domain)
