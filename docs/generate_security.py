"""Puts the tables of docs/security.md right, from the code: `python docs/generate_security.py`, run by `make gen`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from hotel.gateway.v1 import messaging_pb2
from hotel.nlp.v1 import nlp_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.pms.v1 import pms_pb2
from hotel.session.v1 import session_pb2

from services.gateway.app import CALLERS as GATEWAY
from services.gateway.staff.audited import AUDITED, UNWRITTEN
from services.gateway.staff.domain.role import RIGHTS, Right, Role
from services.nlp.app import CALLERS as NLP
from services.orchestrator.app import CALLERS as ORCHESTRATOR
from services.pms.app import CALLERS as PMS
from services.session.app import CALLERS as SESSION

DOCUMENT = Path(__file__).parent / "security.md"
_LISTS = (
    (messaging_pb2, GATEWAY),
    (nlp_pb2, NLP),
    (session_pb2, SESSION),
    (pms_pb2, PMS),
    (orchestrator_pb2, ORCHESTRATOR),
)


def callers_table() -> str:
    """Every RPC of every service and who may call it."""
    return "\n".join(["| call | may be made by |", "| --- | --- |", *_rows()])


def _rows() -> Iterator[str]:
    for module, allowed in _LISTS:
        lists: Mapping[str, Set[str]] = allowed
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                names = ", ".join(sorted(lists.get(method.name, lists["*"])))
                yield f"| `{service.name}.{method.name}` | {names} |"


def rights_table() -> str:
    """What each role of staff may do."""
    head = f"| right | {' | '.join(Role)} |"
    rows = [f"| `{right}` | {' | '.join('yes' if right in RIGHTS[role] else '' for role in Role)} |" for right in Right]
    return "\n".join([head, "| --- " * (len(Role) + 1) + "|", *rows])


def audit_table() -> str:
    """What each route writes into the audit log, and why others write nothing."""
    written = [f"| `{route}` | `{action.value}` |" for route, action in AUDITED.items()]
    unwritten = [f"| `{route}` | nothing: {reason} |" for route, reason in UNWRITTEN.items()]
    return "\n".join(["| route | entry |", "| --- | --- |", *written, *unwritten])


def filled(text: str) -> str:
    """The document with its tables as the code says. Raises ValueError without a place for one of them."""
    for name, table in (("callers", callers_table()), ("rights", rights_table()), ("audit", audit_table())):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"{DOCUMENT.name} has no place for {name}")
        text = pattern.sub(lambda found, table=table: f"{found.group(1)}{table}{found.group(2)}", text)
    return text


if __name__ == "__main__":
    present = DOCUMENT.read_text(encoding="utf-8")
    if sys.argv[1:] == ["--check"]:
        sys.exit(f"{DOCUMENT.name} is not what the code says: run make gen" if filled(present) != present else 0)
    DOCUMENT.write_text(filled(present), encoding="utf-8")
