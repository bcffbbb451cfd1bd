"""Tables in docs/ say what the manifests and the code say."""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deploy.local.run_folder import REPOSITORY
from deploy.observability.slos import OBJECTIVES
from tests.support.code_facts import SERVICES, callees_of, stores_of
from tests.support.manifests import folder_of, rendered

DEPLOY = (REPOSITORY / "docs/deploy.md").read_text()


def _rows(text: str, heading: str) -> list[list[str]]:
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_value_of_the_production_overlay_is_in_the_table() -> None:
    told = {row[0].strip("`") for row in _rows(DEPLOY, "Values to set")}
    files = [*folder_of("prod").glob("*.env"), *folder_of("prod").glob("secrets/*.env")]
    wanted = {name for file in files for name in re.findall(r"^([A-Z_]+)=", file.read_text(), re.MULTILINE)}
    wanted |= yaml.safe_load((folder_of("prod") / "release.yaml").read_text())["data"].keys()
    wanted |= {"hotel-files", "feature-flags", "to-postgres", "to-redis", "gateway-tls", "FORWARDED_ALLOW_IPS"}
    wanted |= {"ingressClassName", "ingress-nginx"}
    assert told == wanted


@pytest.mark.parametrize("overlay", ["prod", "prod-operators"])
def test_everything_that_looks_like_an_example_in_production_is_in_the_table(overlay: str) -> None:
    told = {row[0].strip("`") for row in _rows(DEPLOY, "Values to set")}
    examples = {_value(manifest, path) for manifest in rendered(overlay) for path, _ in _examples(manifest)}
    assert examples <= told
    assert {"registry", "host", "WHATSAPP_NUMBERS", "hotel-files", "to-redis"} <= examples, (
        "the look finds what is there"
    )


def _examples(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a value that somebody has to replace stands in a manifest."""
    match part:
        case {"kind": "Secret", "data": data}:
            part = {"stringData": {name: b64decode(value).decode() for name, value in data.items()}}
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _examples(inner, (*path, name))
    elif isinstance(part, list):
        for inner in part:
            yield from _examples(inner, path)
    # What a policy excepts is every private network there is.
    elif re.search(r"example|change-me|alameda(?!\.yaml)|10\.0\.0\.0/8", str(part)) and "except" not in path:
        yield path, str(part)


def _value(manifest: Any, path: tuple[str, ...]) -> str:
    """Its name in the table."""
    match manifest["kind"], path[-1]:
        case (("Secret" | "ConfigMap"), name) if name.isupper():
            return name
        case "ConfigMap", _:
            return re.sub(r"-[a-z0-9]{10}$", "", manifest["metadata"]["name"])
        case _, "image":
            return "registry"
        case "Ingress", _:
            return "host"
        case _:
            return str(manifest["metadata"]["name"])


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_the_table_of_edges_has_the_stores(store: str) -> None:
    name = {"postgres": "PostgreSQL", "redis": "Redis"}[store]
    (row,) = [row for row in _rows(DEPLOY, "Who talks to whom") if row[1] == name]
    assert set(row[0].split(", ")) == {service for service in SERVICES if store in stores_of(service)}


def test_the_table_of_edges_is_the_call_graph_of_the_code() -> None:
    rows = _rows(DEPLOY, "Who talks to whom")
    told = {(row[0], row[1]) for row in rows if row[0] in SERVICES and row[1] in SERVICES}
    assert told == {(service, callee) for service in SERVICES for callee in callees_of(service)}


def test_the_objectives_are_those_of_the_rules() -> None:
    rows = _rows((REPOSITORY / "docs/slo.md").read_text(), "Objectives")
    assert [(row[0], row[1], row[2]) for row in rows] == [(one.name, one.title, one.target) for one in OBJECTIVES]
    for row, objective in zip(rows, OBJECTIVES, strict=True):
        assert row[3].strip("`") in objective.all


@pytest.mark.parametrize("document", ["deploy", "runbook", "slo", "telemetry"])
def test_links_and_files_that_documents_name_are_there(document: str) -> None:
    path = REPOSITORY / f"docs/{document}.md"
    text = path.read_text()
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"`((?:tests|deploy|services|libs|hotel)/[\w./-]+)`", text):
        assert (REPOSITORY / target).exists() or list(REPOSITORY.glob(f"{target}*")), target


def test_every_make_target_that_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9 -]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    for document in (REPOSITORY / "docs").glob("*.md"):
        used = set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", document.read_text(), re.MULTILINE))
        assert used <= known, document.name
