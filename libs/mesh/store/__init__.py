"""Connections to the stores: PostgreSQL is the truth, Redis (or Valkey) is a cache that may be lost."""
