"""The examples for other systems' developers do what they say, against this project's own service."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import string
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc.aio
import pytest
from google.protobuf.json_format import MessageToDict, Parse
from hotel.pms.v1 import pms_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.testing.mesh import running

from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
# What a good run of the Python and Node examples prints.
BOOKED_AND_CANCELED = re.compile(
    r"  DBL FLEX: 2856\.00 MXN, 4 left\n.*quoted 2856\.00 MXN until .*held until .*"
    r"booked ([A-Z2-9]{6}) for 2856\.00 MXN\ncanceled \1, fee 0\.00 MXN\n",
    re.DOTALL,
)


@pytest.fixture
async def address() -> AsyncIterator[str]:
    settings = Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE))
    async with running({"pms": (build, settings)}, transport="grpc") as mesh:
        yield f"127.0.0.1:{mesh.runtimes['pms'].port}"


async def output_of(*command: str, **environment: str) -> tuple[int | None, str]:
    """Exit code and everything printed."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=STDOUT, env={**os.environ, **environment}, cwd=ROOT
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def states(address: str) -> list[int]:
    """States of the reservations that examples made."""
    async with grpc.aio.insecure_channel(address) as channel:
        request = pms_pb2.ListReservationsRequest(property_id="alameda", email="ada@example.com")
        listed = await PmsServiceStub(channel).ListReservations(request, timeout=20)
    return [each.state for each in listed.reservations]


async def test_the_python_example_books_and_cancels(address: str) -> None:
    code, out = await output_of(sys.executable, "examples/python/book.py", address)
    assert code == 0, out
    assert BOOKED_AND_CANCELED.fullmatch(out), out
    assert await states(address) == [5]


async def test_the_python_example_keeps_its_booking_when_told_to(address: str) -> None:
    code, out = await output_of(sys.executable, "examples/python/book.py", address, "--keep", "--nights", "1")
    assert (code, "canceled" in out) == (0, False), out
    assert await states(address) == [2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--check-in", "2020-01-01"], "nothing can be had: REASON_PAST"),
        (["--property", "nowhere"], "NOT_FOUND PROPERTY_NOT_FOUND"),
        (["--nights", "0"], "INVALID_ARGUMENT INVALID_ARGUMENT"),
    ],
)
async def test_the_python_example_says_why_not(address: str, arguments: list[str], says: str) -> None:
    code, out = await output_of(sys.executable, "examples/python/book.py", address, *arguments)
    assert (code, says in out) == (1, True), out


@pytest.fixture(scope="module")
def node_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Node example with its packages. Skips, saying why, where Node or its registry is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return _skipped("node and npm are not installed")
    folder = tmp_path_factory.mktemp("examples") / "node"
    shutil.copytree(EXAMPLES / "node", folder, ignore=shutil.ignore_patterns("node_modules", "package-lock.json"))
    install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        return _skipped("npm install took more than three minutes")
    if done.returncode:
        return _skipped(f"npm install failed: {done.stderr[-500:]}")
    return folder


def _skipped(why: str) -> Path:
    print(f"the Node example was NOT run: {why}", file=sys.__stderr__, flush=True)
    pytest.skip(why)


async def test_the_node_example_books_and_cancels(address: str, node_example: Path) -> None:
    code, out = await output_of("node", str(node_example / "book.js"), address, HOTEL_PROTOS=str(ROOT / "protos"))
    assert code == 0, out
    assert BOOKED_AND_CANCELED.fullmatch(out), out
    assert await states(address) == [5]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--check-in", "2020-01-01"], "nothing can be had: REASON_PAST"),
        (["--property", "nowhere"], "NOT_FOUND PROPERTY_NOT_FOUND"),
    ],
)
async def test_the_node_example_says_why_not(address: str, node_example: Path, arguments: list[str], says: str) -> None:
    script = str(node_example / "book.js")
    code, out = await output_of("node", script, address, *arguments, HOTEL_PROTOS=str(ROOT / "protos"))
    assert (code, says in out) == (1, True), out


def test_no_lock_file_names_a_registry() -> None:
    manifest = json.loads((EXAMPLES / "node" / "package.json").read_text())
    assert "publishConfig" not in manifest
    assert all("://" not in version for version in manifest["dependencies"].values())


# The JSON files, sent as grpcurl sends them.

STEPS: list[tuple[str, str, dict[str, str]]] = [
    (
        "1-search.json",
        "SearchAvailability",
        {"ROOM_TYPE_ID": "offers.0.roomTypeId", "RATE_PLAN_ID": "offers.0.ratePlanId"},
    ),
    ("2-quote.json", "CreateQuote", {"QUOTE_TOKEN": "quote.quoteToken"}),
    ("3-hold.json", "PlaceHold", {"HOLD_ID": "hold.holdId"}),
    (
        "4-book.json",
        "CreateReservation",
        {"RESERVATION_ID": "reservation.reservationId", "CONFIRMATION_CODE": "reservation.confirmationCode"},
    ),
    ("5-look-up.json", "GetReservation", {}),
    ("6-preview-change.json", "PreviewModification", {"MODIFICATION_TOKEN": "preview.modificationToken"}),
    ("7-change.json", "ModifyReservation", {}),
    ("8-preview-cancellation.json", "PreviewCancellation", {"CANCELLATION_TOKEN": "preview.cancellationToken"}),
    ("9-cancel.json", "CancelReservation", {}),
]


async def test_the_json_requests_book_change_and_cancel_in_their_order(address: str) -> None:
    variables = {
        "PROPERTY_ID": "alameda",
        "REQUEST_ID": "json",
        "CHECK_IN": _date_json(60),
        "CHECK_OUT": _date_json(62),
    }
    async with grpc.aio.insecure_channel(address) as channel:
        for name, method, gives in STEPS:
            text = string.Template((EXAMPLES / "grpcurl" / name).read_text()).substitute(variables)
            request = Parse(text, getattr(pms_pb2, f"{method}Request")())
            answer = await getattr(PmsServiceStub(channel), method)(request, timeout=20)
            content = MessageToDict(answer)
            variables |= {variable: _at(content, path) for variable, path in gives.items()}
    assert content["reservation"]["state"] == "RESERVATION_STATE_CANCELED"
    assert content["reservation"]["remark"] == "a quiet room with a view, please"


def test_the_steps_are_told_and_scripted_as_they_are() -> None:
    readme, script = (EXAMPLES / "README.md").read_text(), (EXAMPLES / "grpcurl" / "book.sh").read_text()
    for name, method, gives in STEPS:
        assert f"| `{name}` | `{method}` |" in readme
        assert f"call {method} {name}" in script
        assert all(f"`{variable}`" in readme for variable in gives)
    assert {path.name for path in (EXAMPLES / "grpcurl").glob("*.json")} == {name for name, _, _ in STEPS}


def _date_json(days: int) -> str:
    day = datetime.now(UTC).date() + timedelta(days=days)
    return json.dumps({"year": day.year, "month": day.month, "day": day.day})


def _at(content: Any, path: str) -> str:
    for part in path.split("."):
        content = content[int(part)] if part.isdecimal() else content[part]
    return str(content)
