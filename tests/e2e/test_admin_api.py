"""The admin API as its own document describes it, tried with whatever the document allows and forbids."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.staff import hire_by_command

PASSWORD = "un caballo, una pila"
ACCOUNTS = {"ana": "agent", "luz": "manager", "eva": "admin"}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    folder = tmp_path_factory.mktemp("admin")
    with local_mesh(folder, "--single", RATE_LIMIT_ENABLED="false", ADMIN_ORIGINS="https://desk.example") as running:
        hire_by_command(running, ACCOUNTS, password=PASSWORD)
        yield running


def sign_in(mesh: LocalMesh, name: str) -> dict[str, str]:
    body = {"email": f"{name}@alameda.test", "password": PASSWORD}
    answer = httpx.post(f"{mesh.http_url}/admin/v1/tokens", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bearer(mesh: LocalMesh, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_in(mesh, name)['access_token']}"}


@pytest.fixture(scope="module")
def admin(mesh: LocalMesh) -> dict[str, str]:
    return bearer(mesh, "eva")


def test_every_operation_keeps_to_its_document(mesh: LocalMesh, admin: dict[str, str]) -> None:
    url = f"{mesh.http_url}/admin/v1"
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json").exclude(method="DELETE", path="/tokens")
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def keeps(case: schemathesis.Case) -> None:
            # No schema can say that a password is easily guessed or an address is taken.
            case.call_and_validate(headers=admin, base_url=url, excluded_checks=[positive_data_acceptance])

        keeps()
        tried.add(operation.label)
    assert len(tried) == 16


@pytest.mark.parametrize("name", list(ACCOUNTS))
def test_each_role_may_do_what_its_rights_say(mesh: LocalMesh, name: str) -> None:
    least = {
        "/properties": "ana",
        "/flags": "ana",
        "/channels": "ana",
        "/handoffs": "ana",
        "/dead-letters": "luz",
        "/guests/gst_x/export": "luz",
        "/users": "eva",
        "/audit-log": "eva",
    }
    order = list(ACCOUNTS)
    headers = bearer(mesh, name)
    for path, needed in least.items():
        answer = httpx.get(f"{mesh.http_url}/admin/v1{path}", headers=headers)
        allowed = order.index(name) >= order.index(needed)
        assert (answer.status_code != 403) is allowed, (path, answer.text)
        if not allowed:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["reason"] == "CALLER_NOT_ALLOWED"


def test_every_look_and_change_is_an_entry(mesh: LocalMesh, admin: dict[str, str]) -> None:
    url = f"{mesh.http_url}/admin/v1"
    body = {"email": "new@alameda.test", "name": "New", "role": "agent", "password": PASSWORD}
    made = httpx.post(f"{url}/users", json=body, headers=admin)
    assert made.status_code == 201, made.text
    user = made.json()
    change = {"version": user["version"], "active": False}
    assert httpx.patch(f"{url}/users/{user['user_id']}", json=change, headers=admin).status_code == 200
    assert httpx.patch(f"{url}/users/{user['user_id']}", json=change, headers=admin).status_code == 409
    log = httpx.get(f"{url}/audit-log", params={"subject": user["user_id"]}, headers=admin).json()["entries"]
    assert [entry["action"] for entry in log][-2:] == ["user.changed", "user.created"]
    whole = httpx.get(f"{url}/audit-log", params={"page_size": 200}, headers=admin).text
    assert PASSWORD not in whole


def test_nobody_without_a_token_and_no_other_site(mesh: LocalMesh) -> None:
    url = f"{mesh.http_url}/admin/v1/users"
    answer = httpx.get(url)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    asked = {"Access-Control-Request-Method": "GET"}
    ours = httpx.options(url, headers={"Origin": "https://desk.example", **asked})
    other = httpx.options(url, headers={"Origin": "https://evil.example", **asked})
    assert ours.headers["access-control-allow-origin"] == "https://desk.example"
    assert "access-control-allow-origin" not in other.headers
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/console/static/..%2f..%2fsettings.py",
        "/console/static/%2e%2e/shell.py",
        "/console/static/..%5c..%5csettings.py",
        "/console/static//etc/passwd",
        "/console/static/%00",
        "/webchat/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/webchat/page.py",
        "/admin/v1/properties/..%2f..%2fusers",
        "/admin/v1/users/%2e%2e%2fflags",
    ],
)
def test_no_path_leads_out_of_its_place(mesh: LocalMesh, admin: dict[str, str], path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(mesh.told["HTTP_PORT"])), timeout=10.0) as raw:
        # By hand: clients put such paths right before they send them.
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {admin['Authorization']}\r\nConnection: close\r\n\r\n"
        raw.sendall(head.encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in (b"400", b"404"), answer[:500]
    assert b"root:" not in answer
    assert b"import " not in answer


def test_signing_out_ends_both_tokens(mesh: LocalMesh) -> None:
    tokens = sign_in(mesh, "ana")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    url = f"{mesh.http_url}/admin/v1"
    assert httpx.delete(f"{url}/tokens", headers=headers).status_code == 204
    assert httpx.get(f"{url}/properties", headers=headers).status_code == 401
    again = httpx.post(f"{url}/tokens/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.status_code == 401
