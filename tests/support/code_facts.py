"""What the code says of itself, for the tests that compare it with manifests, alerts and documents."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mesh.settings import MeshSettings
from pydantic import SecretStr

from deploy.local.run_folder import REPOSITORY
from services.single import PARTS

SERVICES = ("gateway", "nlp", "session", "pms", "orchestrator")
SETTINGS: dict[str, type[MeshSettings]] = {name: settings for name, settings, _ in PARTS}
STORES = ("postgres", "redis")


def settings_of(service: str) -> dict[str, object]:
    """Environment name → default."""
    return {name.upper(): field.default for name, field in SETTINGS[service].model_fields.items()}


def secrets_of(service: str) -> set[str]:
    """Settings that hold a secret, but for the URLs of stores that the service does not use."""
    unused = {f"{store.upper()}_URL" for store in STORES if store not in stores_of(service)}
    annotated = SETTINGS[service].model_fields.items()
    return {name.upper() for name, field in annotated if "SecretStr" in str(field.annotation)} - unused


def optional_secrets_of(service: str) -> set[str]:
    """Secrets that may be absent."""
    return {name for name in secrets_of(service) if not isinstance(settings_of(service)[name], SecretStr)}


@cache
def callees_of(service: str) -> frozenset[str]:
    """Services it opens channels to: `runtime.channel("pms")` anywhere in its code."""
    return frozenset(_literal_arguments(service, "channel"))


@cache
def stores_of(service: str) -> frozenset[str]:
    """Stores it opens: `runtime.postgres(…)`, `runtime.redis()`."""
    return frozenset(store for store in STORES if any(True for _ in _calls(service, store)))


def callers_of(service: str) -> set[str]:
    """Who may call it, by its own allow-list."""
    allowed = importlib.import_module(f"services.{service}.app").CALLERS
    return set().union(*allowed.values())


def _literal_arguments(service: str, method: str) -> Iterator[str]:
    for call in _calls(service, method):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def _calls(service: str, method: str) -> Iterator[ast.Call]:
    """Calls of `runtime.<method>(…)` in a service's code."""
    for path in sorted(_code(service)):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="runtime"), attr=name)) if name == method:
                    yield node


def _code(service: str) -> Iterator[Path]:
    # rehearse is a command for people and runs in no service.
    return (path for path in (REPOSITORY / "services" / service).rglob("*.py") if "rehearse" not in path.parts)
