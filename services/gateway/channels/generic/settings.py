"""What the generic webhook is told by its environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mesh.settings import DUMMY_PREFIX
from pydantic import Field, SecretStr, field_validator

from services.gateway.channels.settings import ChannelSettings
from services.gateway.domain.message import Channel

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One channel that is attached from outside. Two secrets while one is rotated; we sign with the first."""

    name: str
    property_id: str
    callback_url: str
    secrets: tuple[bytes, ...] = field(repr=False)


class GenericSettings(ChannelSettings):
    """The channels that are attached, and the pace of what we send them."""

    generic_channels: SecretStr = Field(
        SecretStr('{"demo": {"property": "alameda", "secret": "dev-generic-secret"}}'),
        description='JSON: {"name": {"property": …, "secret": …, "callback_url": …}}; two secrets, as a list, while '
        "rotating. Without a callback_url: the sandbox, in dev alone. Secret.",
    )
    generic_send_seconds: float = Field(10.0, gt=0, description="Longest wait for an answer of a callback.")
    generic_rate: float = Field(20.0, gt=0, description="Messages a second to each attached channel.")
    generic_max_body_bytes: int = Field(262_144, ge=1024, description="Larger webhook bodies are refused with 413.")

    @field_validator("generic_channels")
    @classmethod
    def _readable_channels(cls, value: SecretStr) -> SecretStr:
        _read(value.get_secret_value())
        return value

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        if not self.opens(Channel.GENERIC):
            return
        for attached in self.attached.values():
            if not attached.callback_url:
                yield f"GENERIC_CHANNELS: {attached.name} needs a callback_url outside development"
            elif self.env == "prod" and not attached.callback_url.startswith("https://"):
                yield f"GENERIC_CHANNELS: the callback_url of {attached.name} must be https in production"
            if self.env == "prod" and any(_is_weak(secret) for secret in attached.secrets):
                yield f"GENERIC_CHANNELS: each secret of {attached.name} needs 32 characters or more in production"

    @property
    def attached(self) -> dict[str, Attached]:
        """The attached channels by name."""
        found = _read(self.generic_channels.get_secret_value())
        return {name: self._with_callback(attached) for name, attached in found.items()}

    def _with_callback(self, attached: Attached) -> Attached:
        if attached.callback_url or self.env != "dev":
            return attached
        return Attached(
            name=attached.name,
            property_id=attached.property_id,
            callback_url=f"http://127.0.0.1:{self.http_port}/sandbox/generic/{attached.name}",
            secrets=attached.secrets,
        )


def _read(text: str) -> dict[str, Attached]:
    """Raises ValueError saying what is wrong, without the secrets."""
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError("must be JSON") from None
    if not isinstance(found, dict):
        raise ValueError("must be a JSON object by name")
    return {name: _attached(name, values) for name, values in found.items()}


def _attached(name: str, values: object) -> Attached:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} must be of a-z, 0-9, - and _, at most 32 characters")
    if not isinstance(values, dict):
        raise ValueError(f"{name} must be an object")
    secret, property_id, callback = (values.get(key, "") for key in ("secret", "property", "callback_url"))
    secrets = secret if isinstance(secret, list) else [secret]
    if not 1 <= len(secrets) <= 2 or not all(isinstance(one, str) and one for one in secrets):
        raise ValueError(f"{name} needs a secret, or a list of two")
    if not isinstance(property_id, str) or not property_id or not isinstance(callback, str):
        raise ValueError(f"{name} needs a property, and a callback_url that is text")
    return Attached(
        name=name,
        property_id=property_id,
        callback_url=callback,
        secrets=tuple(one.encode() for one in secrets),
    )


def _is_weak(secret: bytes) -> bool:
    return len(secret) < 32 or secret.startswith(DUMMY_PREFIX.encode())
