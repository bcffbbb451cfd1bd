"""What tests of calls share: the two ways to make them, and a service that only passes them on."""

from typing import Literal

import pytest
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from mesh.runtime import Runtime
from mesh.settings import MeshSettings

from tests.support import scripted

Transport = Literal["inprocess", "grpc"]
SETTINGS = MeshSettings()
REQUEST = nlp_pb2.AnalyzeRequest(text="hola")


@pytest.fixture(params=["inprocess", "grpc"])
def transport(request: pytest.FixtureRequest) -> Transport:
    return request.param  # type: ignore[no-any-return]


def relay(timeout: float) -> scripted.Build:
    """A service that answers by asking the next one."""

    async def build(runtime: Runtime, settings: MeshSettings) -> None:
        stub = nlp_pb2_grpc.NlpServiceStub(runtime.channel("nlp"))

        async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
            response: nlp_pb2.AnalyzeResponse = await stub.Analyze(request, timeout=timeout)
            return response

        await scripted.nlp(behaviour)(runtime, settings)

    return build
