"""The commands behind `python -m services.nlp train|eval|validate`."""
# ruff: noqa: T201 (these are commands)

from __future__ import annotations

import argparse
from pathlib import Path


def run(command: str, arguments: list[str]) -> int:
    """Exit code 0 for success, 1 when the data is wrong or a bar is missed."""
    match command:
        case "validate":
            return _validate()
        case "train":
            return _train(arguments)
        case _:
            return _evaluate(arguments)


def _validate() -> int:
    from services.nlp.training.dataset import problems  # noqa: PLC0415

    found = problems()
    for problem in found:
        print(problem)
    print(f"{len(found)} problem(s)")
    return 1 if found else 0


def _train(arguments: list[str]) -> int:
    from services.nlp.model.artefact import FOLDER  # noqa: PLC0415
    from services.nlp.training.train import train  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m services.nlp train")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the artefact")
    if _validate():
        return 1
    train(parser.parse_args(arguments).out)
    return 0


def _evaluate(arguments: list[str]) -> int:
    from services.nlp.training.evaluate import main  # noqa: PLC0415

    return main(arguments)
