"""Words and letter groups of a text as hashed, weighted features: what the embedding misses (slang, codes, typos)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.nlp.domain.text import fold

BUCKETS = 1 << 15
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")
_MAX_CHARACTERS = 600


def tokens(text: str) -> list[str]:
    """Folded words and signs; every number is the same word."""
    return _WORD.findall(_DIGITS.sub("0", fold(text[:_MAX_CHARACTERS]).folded))


def _grams(text: str) -> Iterable[str]:
    words = tokens(text)
    yield from (f"w {word}" for word in words)
    yield from (f"b {a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        padded = f" {word} "
        for size in (3, 4):
            yield from (f"c {padded[i : i + size]}" for i in range(max(0, len(padded) - size + 1)))


# A message is asked for twice, for its language and for its intents, and short ones come again. Each takes some 2 kB.
@lru_cache(maxsize=1024)
def hashed(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Bucket numbers and their weights (log counts, length 1). CRC-32 is the same in every process and version."""
    counts: dict[int, int] = {}
    for gram in _grams(text):
        bucket = zlib.crc32(gram.encode()) % BUCKETS
        counts[bucket] = counts.get(bucket, 0) + 1
    if not counts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    buckets = np.fromiter(counts, dtype=np.int64, count=len(counts))
    weights = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    return buckets, (weights / np.linalg.norm(weights)).astype(np.float32)
