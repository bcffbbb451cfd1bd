"""When a peer has been silent for so long that the connection itself is to be doubted."""

from __future__ import annotations

from dataclasses import dataclass, field

from mesh.clock import Clock, SystemClock


@dataclass(slots=True, kw_only=True)
class Silence:
    """Counts calls that ended without an answer since the last answer."""

    calls: int = 3
    seconds: float = 5.0
    clock: Clock = field(default_factory=SystemClock)
    _in_vain: int = 0
    _since: float = 0.0

    def broken(self) -> None:
        """Somebody answered, be it with an error."""
        self._in_vain = 0

    def lasts(self) -> bool:
        """One more call was in vain. Whether to doubt the connection now: at least `calls` of them, the first of which
        ended `seconds` ago; after that it is a new silence."""
        now = self.clock.monotonic()
        if self._in_vain == 0:
            self._since = now
        self._in_vain += 1
        doubtful = self._in_vain >= self.calls and now - self._since >= self.seconds
        if doubtful:
            self._in_vain = 0
        return doubtful
