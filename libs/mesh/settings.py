"""Settings: the environment becomes one frozen object per service, checked whole before anything starts.

All problems are reported together. Secrets are typed so that they cannot be printed. Production refuses dummy ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DUMMY_PREFIX = "dev-"
_MIN_SECRET_LENGTH = 32


class ConfigurationError(Exception):
    """The environment does not make a usable configuration. `problems` has one line for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class MeshSettings(BaseSettings):
    """What every service is told. Environment names are the field names in upper case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    app_name: str = Field("agente-hotelero", description="Name of the installation, in logs and traces.")
    env: Literal["dev", "staging", "prod"] = Field(
        "dev", description="prod refuses dummy secrets and hides debug aids."
    )
    debug: bool = Field(False, description="Log at DEBUG level.")
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Lowest level that is logged.")

    grpc_host: str = Field("127.0.0.1", description="Address the gRPC server binds. 0.0.0.0 in containers.")
    grpc_port: int = Field(8080, ge=0, le=65535, description="Port of the gRPC server; 0 takes a free one.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of the Prometheus endpoint; 0 turns it off.")
    reflection: bool = Field(True, description="gRPC reflection. Off in prod unless set.")
    channelz: bool = Field(False, description="gRPC channelz.")

    nlp_address: str = Field("127.0.0.1:7002", description="host:port or dns:///name:port of the nlp service.")
    session_address: str = Field("127.0.0.1:7003", description="Address of the session service.")
    pms_address: str = Field("127.0.0.1:7004", description="Address of the pms service.")
    orchestrator_address: str = Field("127.0.0.1:7005", description="Address of the orchestrator service.")
    gateway_address: str = Field("127.0.0.1:7001", description="gRPC address of the gateway service.")

    postgres_url: SecretStr = Field(
        SecretStr("postgresql://postgres@127.0.0.1:7432/hotel"), description="PostgreSQL, with credentials. Secret."
    )
    postgres_pool_size: int = Field(20, ge=1, le=200, description="Connections a service keeps.")
    postgres_pool_overflow: int = Field(30, ge=0, le=200, description="Connections it may open beyond that.")
    redis_url: SecretStr = Field(
        SecretStr("redis://127.0.0.1:7379/0"), description="Redis or Valkey, with credentials. Secret."
    )

    otel_exporter_otlp_endpoint: str = Field(
        "", description="OTLP/gRPC collector, e.g. http://collector:4317. Empty: off."
    )
    trace_sample_ratio: float = Field(0.1, ge=0, le=1, description="Share of traces kept, decided at the root.")
    prometheus_enabled: bool = Field(True, description="Serve /metrics.")

    flags_file: str = Field("", description="Feature flags in flagd's format. Empty: the safe values.")

    max_concurrent_calls: int = Field(200, ge=1, description="Calls in work before further ones are refused (shed).")
    default_deadline_seconds: float = Field(10.0, gt=0, description="Deadline of calls that come without one.")
    drain_seconds: float = Field(5.0, ge=0, description="Wait between NOT_SERVING and closing, for clients to leave.")
    drain_grace_seconds: float = Field(20.0, ge=0, description="How long calls in work may still take at shutdown.")

    allowed_callers: str = Field("", description="Other systems that may call every method, by name, comma separated.")
    tls_cert_file: str = Field("", description="Server and client certificate (PEM). Empty: no TLS between services.")
    tls_key_file: str = Field("", description="Its key (PEM).")
    tls_ca_file: str = Field("", description="CA that signs the peers' certificates (PEM).")
    health_port: int = Field(0, ge=0, le=65535, description="Plaintext health port for probes when TLS is on.")

    @model_validator(mode="after")
    def _consistent(self) -> MeshSettings:
        problems = [*self._dummy_secrets(), *self._half_tls()]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _dummy_secrets(self) -> Iterator[str]:
        if self.env != "prod":
            return
        unused = self.unused()
        for name, value in self:
            if isinstance(value, SecretStr) and not name.endswith("_url") and name not in unused:
                secret = value.get_secret_value()
                if secret.startswith(DUMMY_PREFIX) or len(secret) < _MIN_SECRET_LENGTH:
                    yield f"{name.upper()}: a dummy or short secret is refused in production (32 characters or more)"

    def _half_tls(self) -> Iterator[str]:
        given = [bool(self.tls_cert_file), bool(self.tls_key_file), bool(self.tls_ca_file)]
        if any(given) and not all(given):
            yield "TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE: give all three or none"

    def unused(self) -> frozenset[str]:
        """Settings of parts that are turned off: production does not ask for their secrets."""
        return frozenset()

    @property
    def tls(self) -> bool:
        """Whether services prove who they are to each other."""
        return bool(self.tls_cert_file)

    @property
    def other_callers(self) -> frozenset[str]:
        """Callers that are allowed beside those in the services' own lists."""
        return frozenset(name.strip() for name in self.allowed_callers.split(",") if name.strip())

    def address_of(self, service: str) -> str:
        """Where a service of the mesh listens."""
        return str(getattr(self, f"{service}_address"))


SettingsT = TypeVar("SettingsT", bound=MeshSettings)


def load(settings_class: type[SettingsT], **overrides: object) -> SettingsT:
    """Reads the environment. Raises ConfigurationError with every problem at once."""
    try:
        return settings_class(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigurationError([line for fault in error.errors() for line in _lines(fault)]) from None


def _lines(fault: Mapping[str, object]) -> list[str]:
    message = str(fault["msg"]).removeprefix("Value error, ")
    location = fault["loc"]
    name = ".".join(str(part) for part in location).upper() if isinstance(location, tuple) else ""
    return [f"{name}: {message}"] if name else message.splitlines()


def redacted(settings: MeshSettings) -> dict[str, str]:
    """Every setting as text for the start-up log, secrets as stars."""
    return {name: str(value) for name, value in settings}
