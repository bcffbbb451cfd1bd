"""A connection that carries nothing and says so to nobody, under calls that are repeated."""

from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from mesh.client import Channel, dial
from mesh.errors import Down
from mesh.runtime import Runtime
from mesh.settings import MeshSettings
from mesh.silence import Silence

from tests.chaos.proxy import Proxy
from tests.support import scripted

REQUEST = nlp_pb2.AnalyzeRequest(text="hola")
# gRPC by itself takes five seconds at the very least: 25 calls.
FEW_CALLS = 15


async def answer(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
    return nlp_pb2.AnalyzeResponse(model_version="here")


async def test_it_is_given_up_for_a_new_one_after_a_few_calls() -> None:
    settings = MeshSettings().model_copy(update={"grpc_port": 0, "drain_seconds": 0.0})
    server = Runtime("nlp", settings)
    await scripted.nlp(answer)(server, settings)
    await server.start()
    try:
        async with Proxy.open(server.port) as proxy:
            transport = dial(f"ipv4:127.0.0.1:{proxy.port}", None, silence=Silence(calls=3, seconds=0.5))
            async with Channel(transport, caller="test") as channel:
                stub = nlp_pb2_grpc.NlpServiceStub(channel)
                assert (await stub.Analyze(REQUEST, timeout=20.0)).model_version == "here"
                proxy.kill_silently()
                in_vain = 0
                while in_vain < FEW_CALLS:
                    try:
                        await stub.Analyze(REQUEST, timeout=0.2)
                        break
                    except Down:
                        in_vain += 1
                assert 1 <= in_vain < FEW_CALLS
                assert (await stub.Analyze(REQUEST, timeout=20.0)).model_version == "here"
    finally:
        await server.drain()
