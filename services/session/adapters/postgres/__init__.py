"""The stores in PostgreSQL: the truth. Times come from the caller's clock, never from the server's."""

from services.session.adapters.postgres.guests import PostgresGuests
from services.session.adapters.postgres.housekeeping import PostgresHousekeeping
from services.session.adapters.postgres.sessions import PostgresSessions

__all__ = ["PostgresGuests", "PostgresHousekeeping", "PostgresSessions"]
