"""compose.yaml: what it mounts is there, what it tells the services are settings of theirs, and nothing is unpinned."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from deploy.local.run_folder import REPOSITORY
from tests.support.code_facts import SERVICES, callees_of, secrets_of, settings_of, stores_of


@cache
def _compose() -> Any:
    return yaml.safe_load((REPOSITORY / "compose.yaml").read_text())


def _containers() -> dict[str, Any]:
    return _compose()["services"]


def _default(text: str) -> str:
    """`${NAME:-default}` as it is without the variable."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


@pytest.mark.parametrize("service", SERVICES)
def test_variables_are_settings_and_none_is_missing(service: str) -> None:
    told = _containers()[service]["environment"]
    settings = settings_of(service)
    assert sorted(told.keys() - settings.keys()) == []
    local = {name for name, default in settings.items() if "127.0.0.1" in str(default)} - {"FORWARDED_ALLOW_IPS"}
    unused = {f"{store.upper()}_URL" for store in ("postgres", "redis") if store not in stores_of(service)}
    assert sorted(local - told.keys() - unused) == [], f"add them to {service} in compose.yaml"
    assert {name for name in told if name in secrets_of(service)} >= {f"{s.upper()}_URL" for s in stores_of(service)}


@pytest.mark.parametrize("service", SERVICES)
def test_services_reach_those_they_call_at_the_ports_they_have(service: str) -> None:
    told = _containers()[service]["environment"]
    for callee in callees_of(service):
        assert (
            told[f"{callee.upper()}_ADDRESS"] == f"dns:///{callee}:{_containers()[callee]['environment']['GRPC_PORT']}"
        )
        assert set(_containers()[service]["networks"]) & set(_containers()[callee]["networks"])


@pytest.mark.parametrize("service", SERVICES)
def test_services_are_confined(service: str) -> None:
    container = _containers()[service]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["build"]["args"] == {"SERVICE": service}
    assert "ports" not in container, "the way in is nginx"


def test_what_is_mounted_from_here_is_there() -> None:
    for name, container in _containers().items():
        for volume in container.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (REPOSITORY / source).exists(), f"{name} mounts {source}"
            else:
                assert source in _compose()["volumes"], f"{name} uses the volume {source}"


def test_images_are_pinned() -> None:
    for name, container in _containers().items():
        image = _default(container["image"])
        assert re.search(r":v?\d+\.\d+", image), f"{name}: {image}"


def test_only_those_who_talk_to_the_outside_have_a_way_out() -> None:
    assert _compose()["networks"]["back"] == {"internal": True}
    outside = {name for name in SERVICES if "front" in _containers()[name]["networks"]}
    assert outside == {"gateway", "pms"}, "the gateway calls channels, pms calls the hotel's PMS"
    for name, container in _containers().items():
        for port in container.get("ports", []):
            assert port.startswith("127.0.0.1:") or name == "nginx", f"{name} is open to the network"


def test_services_start_after_what_they_need() -> None:
    for service in SERVICES:
        if "postgres" in stores_of(service):
            needed = _containers()[service]["depends_on"]
            assert needed[f"migrate-{service}"] == {"condition": "service_completed_successfully"}
            told = _containers()[f"migrate-{service}"]["environment"]
            own = _containers()[service]["environment"]
            assert told.items() <= own.items(), "a migration reads what its service reads"
            assert {"ENV", "POSTGRES_URL"} <= told.keys()
