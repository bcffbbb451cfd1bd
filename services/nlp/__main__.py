"""The nlp process: serve (default), settings; and train, eval, validate for those who work on the model."""

import sys


def _training(command: str) -> int:
    # Imported only here: scikit-learn is not needed to serve.
    from services.nlp.training.commands import run  # noqa: PLC0415

    return run(command, sys.argv[2:])


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("train", "eval", "validate"):
        raise SystemExit(_training(sys.argv[1]))
    from mesh.process import main

    from services.nlp.app import build
    from services.nlp.settings import Settings

    main(name="nlp", settings_class=Settings, build=build)
