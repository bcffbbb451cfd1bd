"""The flags file, read and changed. Every service looks at it every two seconds, so a change needs no restart."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.errors import Conflict, Down, Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsAsRead:
    """The flags in flagd's format, and what version of the file they are."""

    flags: Mapping[str, Any]
    version: str


class FlagsFile:
    """One for the process. An empty path is no file: there are no flags, and the services' safe values hold."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None
        self._lock = asyncio.Lock()

    async def read(self) -> FlagsAsRead:
        """Raises Down when the file cannot be read."""
        document, version = await asyncio.to_thread(self._load)
        return FlagsAsRead(flags=document.get("flags", {}), version=version)

    async def change(self, key: str, *, variant: str, version: str) -> FlagsAsRead:
        """Makes `variant` what the flag says to everybody whom no rule of its own names.

        Raises NotFound without such a flag, Invalid without such a variant, Conflict when the file is not `version` any
        more, Down where the file comes from elsewhere and cannot be written (a ConfigMap: change it there).
        """
        async with self._lock:
            document, present = await asyncio.to_thread(self._load)
            flag = document.get("flags", {}).get(key)
            if not isinstance(flag, dict):
                raise NotFound("RECORD_NOT_FOUND", "there is no such flag")
            if variant not in flag.get("variants", {}):
                raise Invalid("there is no such variant", fields={"variant": f"must be one of {[*flag['variants']]}"})
            if version != present:
                raise Conflict("VERSION_MISMATCH", "the flags were changed meanwhile")
            flag["defaultVariant"] = variant
            await asyncio.to_thread(self._write, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return await self.read()

    def _load(self) -> tuple[dict[str, Any], str]:
        if self._path is None:
            return {}, ""
        try:
            content = self._path.read_bytes()
            document: dict[str, Any] = json.loads(content)
        except (OSError, ValueError) as error:
            raise Down("UNAVAILABLE", "the flags file cannot be read") from error
        return document, hashlib.sha256(content).hexdigest()[:16]

    def _write(self, content: str) -> None:
        """All or nothing: a service that reads meanwhile has the old file or the new one."""
        assert self._path is not None
        aside = ""
        try:
            with tempfile.NamedTemporaryFile("w", dir=self._path.parent, prefix=".flags-", delete=False) as file:
                aside = file.name
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).chmod(self._path.stat().st_mode & 0o777)
            Path(aside).replace(self._path)
        except OSError as error:
            if aside:
                with contextlib.suppress(OSError):
                    Path(aside).unlink(missing_ok=True)
            raise Down("UNAVAILABLE", "the flags file cannot be written here: change it where it comes from") from error
