"""A prompt for Redis or Valkey where there is no redis-cli: one command a line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

import redis


def talk(url: str, lines: Iterable[str]) -> None:
    """Prints the answer to each command, or the error it makes."""
    with redis.Redis.from_url(url, decode_responses=True, protocol=3) as client:
        for line in lines:
            if words := shlex.split(line):
                try:
                    print(client.execute_command(*words))
                except redis.RedisError as error:
                    print(f"(error) {error}")
