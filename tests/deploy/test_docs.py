"""Tables in docs/ say what the manifests and the code say."""

import re

import pytest
import yaml

from deploy.local.run_folder import REPOSITORY
from deploy.observability.slos import OBJECTIVES
from tests.support.code_facts import SERVICES, callees_of, stores_of
from tests.support.manifests import folder_of

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
    assert told == wanted


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
