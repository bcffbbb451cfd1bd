"""The admin API as its own document describes it, tried with whatever the document allows and forbids."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.gateway.staff.audited import AUDITED
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.phone import Phone
from tests.support.polling import wait_until
from tests.support.staff import hire_by_command

PASSWORD = "un caballo, una pila"
ACCOUNTS = {"ana": "agent", "luz": "manager", "eva": "admin"}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    folder = tmp_path_factory.mktemp("admin")
    flags = folder / "flags.json"
    flags.write_text((Path(__file__).parents[2] / "hotel" / "flags.json").read_text())
    limits = {"RATE_LIMIT_API": "", "RATE_LIMIT_SAME_WORDS": "1/h burst 1"}
    told = {**limits, "ADMIN_ORIGINS": "https://desk.example", "FLAGS_FILE": str(flags)}
    with local_mesh(folder, "--single", **told) as running:
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
    assert len(tried) == 32


@pytest.mark.parametrize("name", list(ACCOUNTS))
def test_each_role_may_do_what_its_rights_say(mesh: LocalMesh, name: str) -> None:
    least = {
        "/properties": "ana",
        "/flags": "ana",
        "/channels": "ana",
        "/handoffs": "ana",
        "/sessions": "ana",
        "/templates": "ana",
        "/proposals": "luz",
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


def test_a_guest_takes_along_what_was_said_and_what_was_booked(mesh: LocalMesh, admin: dict[str, str]) -> None:
    with httpx.Client(base_url=f"{mesh.http_url}/admin/v1", headers=admin, timeout=20.0) as http:
        session_id = session_of(Phone(mesh, "5215512345678"), http)
        guest_id = next(
            s["guest_id"] for s in http.get("/sessions").json()["sessions"] if s["session_id"] == session_id
        )
        document = http.get(f"/guests/{guest_id}/export").json()
    assert [turn["author"] for turn in document["sessions"][0]["turns"]]
    (stays,) = document["reservations"].values()
    assert [(stay["code"], stay["check_in"], stay["people"]) for stay in stays] == [("R1001", "2026-12-10", 2)]


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


def test_a_flag_is_changed_once_for_what_was_read_and_written_down(mesh: LocalMesh, admin: dict[str, str]) -> None:
    url = f"{mesh.http_url}/admin/v1"
    read = httpx.get(f"{url}/flags", headers=admin).json()
    change = {"variant": "on", "version": read["version"]}
    made = httpx.patch(f"{url}/flags/ai_upselling", json=change, headers=admin)
    assert made.status_code == 200, made.text
    assert made.json()["flags"]["ai_upselling"]["defaultVariant"] == "on"
    assert httpx.get(f"{url}/flags", headers=admin).json() == made.json()
    assert httpx.patch(f"{url}/flags/ai_upselling", json=change, headers=admin).status_code == 409
    wrong = {"variant": "maybe", "version": made.json()["version"]}
    assert httpx.patch(f"{url}/flags/ai_upselling", json=wrong, headers=admin).status_code == 400
    assert httpx.patch(f"{url}/flags/nothing", json=wrong, headers=admin).status_code == 404
    assert httpx.patch(f"{url}/flags/ai_upselling", json=change, headers=bearer(mesh, "ana")).status_code == 403
    entries = httpx.get(f"{url}/audit-log", params={"subject": "ai_upselling"}, headers=admin).json()["entries"]
    assert {entry["action"] for entry in entries} == {"flag.changed"}


def test_a_fact_is_proposed_and_accepted(mesh: LocalMesh, admin: dict[str, str]) -> None:
    url = f"{mesh.http_url}/admin/v1"
    body = {"language": "es", "question": "¿Hay sauna?", "text": "El sauna abre a las diez."}
    ana = bearer(mesh, "ana")
    made = [httpx.post(f"{url}/properties/alameda/facts/sauna/proposals", json=body, headers=ana) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    proposal = made[0].json()
    assert made[1].json()["proposal_id"] == proposal["proposal_id"]
    listed = httpx.get(f"{url}/proposals", headers=admin).json()["proposals"]
    assert [item["words"] for item in listed if item["should_be"] == "sauna"] == [body["text"]]
    verdict = f"{url}/proposals/{proposal['proposal_id']}/verdict"
    assert httpx.post(verdict, json={"state": "accepted"}, headers=ana).status_code == 403
    assert httpx.post(verdict, json={"state": "accepted"}, headers=admin).status_code == 204
    kept = httpx.get(f"{url}/proposals", params={"state": "accepted"}, headers=admin).json()["proposals"]
    assert proposal["proposal_id"] in {item["proposal_id"] for item in kept}
    assert httpx.post(f"{url}/properties/nowhere/facts/sauna/proposals", json=body, headers=ana).status_code == 404


def session_of(guest: Phone, http: httpx.Client) -> str:
    """The conversation that a first message begins."""
    guest.say("hola")
    wait_until(guest.received, what="the receptionist greets")
    (session,) = http.get("/sessions", params={"q": guest.wa_id}).json()["sessions"]
    return str(session["session_id"])


def put_aside(guest: Phone, http: httpx.Client) -> str:
    """The turn of a guest who writes like a robot."""
    known = {letter["turn_id"] for letter in http.get("/dead-letters").json()["dead_letters"]}
    guest.repeat("¿a qué hora abre la alberca del hotel?")

    def new() -> list[str]:
        letters = http.get("/dead-letters").json()["dead_letters"]
        return [letter["turn_id"] for letter in letters if letter["turn_id"] not in known]

    wait_until(lambda: bool(new()), what="the second turn is put aside")
    return new()[0]


def test_what_was_put_aside_is_looked_at_and_tried_again_or_let_go(mesh: LocalMesh, admin: dict[str, str]) -> None:
    robot, other = Phone(mesh, "5215512349010", "Robot Uno"), Phone(mesh, "5215512349011")
    with httpx.Client(base_url=f"{mesh.http_url}/admin/v1", headers=admin, timeout=20.0) as http:
        turn, second = put_aside(robot, http), put_aside(other, http)
        listed = http.get("/dead-letters")
        letter = next(letter for letter in listed.json()["dead_letters"] if letter["turn_id"] == turn)
        assert (letter["reason"], letter["channel"]) == ("same_words", "whatsapp")
        assert not any(words in listed.text for words in ("alberca", "Robot", robot.wa_id))
        opened = http.get(f"/dead-letters/{turn}").json()
        assert (opened["name"], opened["said"]) == ("Robot Uno", ["¿a qué hora abre la alberca del hotel?"])
        before = len(robot.received())
        assert http.post(f"/dead-letters/{turn}/replay").status_code == 204
        wait_until(lambda: len(robot.received()) > before, what="the turn is answered")
        assert http.post(f"/dead-letters/{turn}/replay").json()["reason"] == "RECORD_NOT_FOUND"
        assert [http.post(f"/dead-letters/{second}/discard").status_code for _ in range(2)] == [204, 404]
        assert http.get(f"/dead-letters/{second}").status_code == 404
        log = http.get("/audit-log", params={"subject": turn}).json()["entries"]
        assert {entry["action"] for entry in log} == {"dead_letter.read", "dead_letter.replayed"}
        ana = bearer(mesh, "ana")
        assert http.post(f"/dead-letters/{second}/discard", headers=ana).json()["reason"] == "CALLER_NOT_ALLOWED"


def test_a_conversation_is_taken_over_answered_and_given_back(mesh: LocalMesh, admin: dict[str, str]) -> None:
    url = f"{mesh.http_url}/admin/v1"
    guest = Phone(mesh, "5215512349000")
    with httpx.Client(base_url=url, headers=admin) as http:
        session_id = session_of(guest, http)
    path, ana = f"{url}/sessions/{session_id}", bearer(mesh, "ana")

    def call(name: str, key: str, headers: dict[str, str] = ana, **body: str) -> httpx.Response:
        return httpx.post(f"{path}/{name}", json=body or None, headers={**headers, "Idempotency-Key": key})

    assert call("answers", "first-answer", text="Soy Ana.").json()["reason"] == "HANDOFF_NOT_FOUND"
    assert [call("take-over", "takes-it").status_code for _ in range(2)] == [204, 204]
    assert call("take-over", "takes-it", admin).json()["reason"] == "HANDOFF_CLAIMED"
    assert httpx.get(f"{url}/sessions", params={"q": guest.wa_id}, headers=admin).json()["sessions"][0]["handoff"]
    assert [call("answers", "second-answer", text="Soy Ana.").status_code for _ in range(2)] == [204, 204]
    wait_until(lambda: guest.times("Soy Ana.") == 1, what="the guest has the desk's words")
    note = "Raúl & Ana: 5 < 6 personas"
    assert [call("notes", "writes-note", text=note).status_code for _ in range(2)] == [204, 204]
    read = httpx.get(f"{path}/notes", headers=ana)
    assert [written["text"] for written in read.json()["notes"]] == [note]
    assert (read.json()["handoff"], read.json()["reason"]) == ("claimed", "taken_over")
    assert not set("<>&") & set(read.text)
    assert httpx.get(f"{path}/notes").status_code == 401
    assert guest.times("Raúl") == 0
    assert call("release", "gives-it").status_code == 204
    log = httpx.get(f"{url}/audit-log", params={"subject": session_id}, headers=admin).json()["entries"]
    assert {entry["action"] for entry in log} >= {"session.taken_over", "session.answered", "session.released"}
    wrong = httpx.post(f"{url}/sessions/ses_nobody/take-over", headers={**ana, "Idempotency-Key": "no-such-one"})
    assert (wrong.status_code, wrong.json()["reason"]) == (404, "SESSION_NOT_FOUND")


def test_each_call_writes_the_entry_that_the_table_says(mesh: LocalMesh) -> None:
    hire_by_command(mesh, {"ada": "admin"}, password=PASSWORD)
    tokens = sign_in(mesh, "ada")
    eva, ada = bearer(mesh, "eva"), {"Authorization": f"Bearer {tokens['access_token']}", "Idempotency-Key": "k" * 8}
    with httpx.Client(base_url=f"{mesh.http_url}/admin/v1", headers=ada, timeout=20.0) as http:
        fact = {"language": "es", "question": "¿Hay gimnasio?", "text": "Abre a las seis."}
        proposal = http.post("/properties/alameda/facts/gym/proposals", json=fact).json()
        user = {"email": "one@alameda.test", "name": "One", "role": "agent", "password": PASSWORD}
        made = http.post("/users", json=user).json()
        flags = http.get("/flags").json()
        bodies: dict[str, object] = {
            "PATCH /admin/v1/users/{user_id}": {"version": made["version"], "name": "Two"},
            "PATCH /admin/v1/flags/{key}": {"variant": "off", "version": flags["version"]},
            "PUT /admin/v1/templates/{template_id}": {"title": "Hola", "text_by_language": {"es": "Hola"}},
            "POST /admin/v1/proposals/{proposal_id}/verdict": {"state": "rejected"},
            "POST /admin/v1/sessions/{session_id}/answers": {"text": "Hola"},
            "POST /admin/v1/sessions/{session_id}/notes": {"text": "Hola"},
        }
        ids = {"user_id": made["user_id"], "key": "ai_upselling", "template_id": "can_x", "guest_id": "gst_x"}
        ids["proposal_id"] = proposal["proposal_id"]
        ids["session_id"] = session_of(Phone(mesh, "5215512349001"), http)
        ids["turn_id"] = put_aside(Phone(mesh, "5215512349002"), http)
        made_above = {"POST /admin/v1/tokens", "POST /admin/v1/users"}
        for route in AUDITED:
            method, _, path = route.partition(" /admin/v1")
            if not path or "/facts/" in path or route in made_above:
                continue
            answer = http.request(method, path.format(**ids), json=bodies.get(route))
            assert answer.status_code in (200, 204, 404, 409), (route, answer.text)
            if path == "/tokens":  # signed out: in again
                http.headers["Authorization"] = bearer(mesh, "ada")["Authorization"]
    me = next(
        u["user_id"]
        for u in httpx.get(f"{mesh.http_url}/admin/v1/users", headers=eva).json()["users"]
        if u["name"] == "Ada"
    )
    log = httpx.get(f"{mesh.http_url}/admin/v1/audit-log", params={"actor": me, "page_size": 200}, headers=eva).json()
    wanted = {action.value for route, action in AUDITED.items() if "/admin/v1" in route}
    assert wanted - {entry["action"] for entry in log["entries"]} == set()


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
