"""docs/security.md says what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def test_the_tables_are_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("generate_security", DOCS / "generate_security.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    present = (DOCS / "security.md").read_text(encoding="utf-8")
    assert module.filled(present) == present, "run make gen"
    assert present.count("| `SessionService.") == 18
