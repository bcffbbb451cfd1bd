"""The stores in memory, for one process: tests and trials. They keep the same contract as PostgreSQL, but forget."""

from services.session.adapters.memory.guests import MemoryGuests
from services.session.adapters.memory.housekeeping import MemoryHousekeeping
from services.session.adapters.memory.sessions import MemorySessions
from services.session.adapters.memory.tables import Tables

__all__ = ["MemoryGuests", "MemoryHousekeeping", "MemorySessions", "Tables"]
