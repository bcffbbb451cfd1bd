"""Rules that every contract keeps: what may be repeated, what carries an idempotency key, which reasons exist."""

import re
from pathlib import Path

import pytest
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from hotel.common.v1 import error_reason_pb2
from hotel.gateway.v1 import messaging_pb2
from hotel.nlp.v1 import nlp_pb2
from hotel.orchestrator.v1 import orchestrator_pb2
from hotel.pms.v1 import pms_pb2
from hotel.session.v1 import session_pb2

SERVICES: list[ServiceDescriptor] = [
    service
    for module in (messaging_pb2, nlp_pb2, session_pb2, pms_pb2, orchestrator_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]
METHODS = [method for service in SERVICES for method in service.methods]
REASONS = {name.removeprefix("ERROR_REASON_") for name, _ in error_reason_pb2.ErrorReason.items()}
IDEMPOTENCY_KEYS = {"request_id", "turn_id", "receipt_id"}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_every_method_may_be_repeated_after_unavailable(method: MethodDescriptor) -> None:
    """The client repeats UNAVAILABLE for all methods: safe only while each is a read or carries an idempotency key."""
    level = method.GetOptions().idempotency_level
    assert level != MethodOptions.IDEMPOTENCY_UNKNOWN, "say NO_SIDE_EFFECTS or IDEMPOTENT"
    if level == MethodOptions.IDEMPOTENT and method.name != "GetOrCreateSession":
        assert IDEMPOTENCY_KEYS & set(method.input_type.fields_by_name), "a write takes a request_id"


def test_a_page_has_a_size_a_token_and_a_next_token() -> None:
    for method in METHODS:
        if "page_size" in method.input_type.fields_by_name:
            assert "page_token" in method.input_type.fields_by_name, method.full_name
            assert "next_page_token" in method.output_type.fields_by_name, method.full_name


def sources() -> list[Path]:
    return [path for folder in ("services", "libs/mesh") for path in Path(folder).rglob("*.py")]


def test_every_reason_the_code_raises_is_documented_in_the_contract() -> None:
    raised = re.compile(
        r"\b(?:NotFound|Conflict|Refused|Busy|Down|NotInstalled|NotAllowed|Unauthenticated|Fault)\(\s*\"([A-Z_]+)\""
        r"|reason=\"([A-Z][A-Z_]+)\""
    )
    unknown = {
        f"{path}: {reason}"
        for path in sources()
        for match in raised.finditer(path.read_text())
        if (reason := match[1] or match[2]) not in REASONS | {"UNIMPLEMENTED"}
    }
    assert not unknown


def test_every_reason_named_in_a_comment_exists() -> None:
    for path in Path("protos/hotel").rglob("*.proto"):
        for line in path.read_text().splitlines():
            if "// " in line and "Fails with" in line:
                named = set(re.findall(r"\b[A-Z][A-Z]+(?:_[A-Z]+)+\b", line))
                assert named <= REASONS, f"{path}: {named - REASONS}"
