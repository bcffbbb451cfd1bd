"""The auth layer of the chain: who calls, and may they?

With mTLS the caller is the name in its certificate. Without TLS (development, or a mesh sidecar that does it) it is the
name the caller claims; whoever claims none is `anonymous`. An allow-list per service is data: method → callers.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextvars import ContextVar
from typing import Any

from mesh.errors import NotAllowed, Unauthenticated
from mesh.interception import Call, Layer, Proceed

CALLER_HEADER = "x-mesh-caller"
ANONYMOUS = "anonymous"
ANY_METHOD = "*"
CALLER: ContextVar[str] = ContextVar("mesh_caller", default=ANONYMOUS)

# Method name (or "*" for those not named) → who may call it. An empty mapping allows everybody.
AllowList = Mapping[str, Set[str]]


def serving(allow: Mapping[str, AllowList], *, tls: bool) -> Layer:
    """`allow` maps full service names to their lists; services that are not in it are open."""

    async def layer(call: Call, proceed: Proceed) -> Any:
        caller = _from_certificate(call) if tls else call.metadata.get(CALLER_HEADER, ANONYMOUS)
        allowed = _callers(allow.get(call.service, {}), call.method)
        # Without TLS nobody can prove a name, so a caller that claims none is let in: development and grpcurl.
        if allowed is not None and caller not in allowed and (tls or caller != ANONYMOUS):
            raise NotAllowed(
                "CALLER_NOT_ALLOWED", f"{caller} may not call {call.method}", caller=caller, method=call.method
            )
        CALLER.set(caller)
        return await proceed()

    return layer


def _callers(allow: AllowList, method: str) -> Set[str] | None:
    return allow.get(method, allow.get(ANY_METHOD))


def _from_certificate(call: Call) -> str:
    properties = call.context.auth_context()
    for key in ("x509_subject_alternative_name", "x509_common_name"):
        for name in properties.get(key, ()):
            return str(name.decode()).split(".", maxsplit=1)[0]
    raise Unauthenticated("UNAUTHENTICATED", "no client certificate was shown")
