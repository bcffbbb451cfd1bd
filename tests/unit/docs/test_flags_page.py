"""docs/flags.md says what the code does, and the tests it names are there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_flags", ROOT / "docs" / "generate_flags.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_says_and_tells_of_five_flags(page: ModuleType) -> None:
    assert page.document() == (ROOT / "docs" / "flags.md").read_text(encoding="utf-8"), "run make gen"
    assert {name for _, name in page.FLAGS} == {
        "enable_audio_processing",
        "advanced_nlp_models",
        "predictive_pricing",
        "multi_language_support",
        "ai_upselling",
    }


def test_where_each_is_read_and_what_sees_it_both_ways_is_there(page: ModuleType) -> None:
    for (service, name), flag in page.FLAGS.items():
        module = importlib.import_module(flag.reads.removesuffix(".py").replace("/", "."))
        # The flag's constant is a name of the module that reads it.
        assert name in vars(module).values(), (service, flag.reads)
        for test in flag.tests:
            file, _, function = test.partition("::")
            assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), test
