"""`python -m mesh.probe [NAME]`: asks the service of this container how it is; exit 0 when it serves.

For container engines that have no gRPC probe of their own. NAME is a name of the health service: "" (ready, the
default) or "liveness".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

_SECONDS = 2.0


def serving(name: str, environment: Mapping[str, str]) -> bool:
    """Whether the health service here says SERVING for `name`: at HEALTH_PORT (under TLS), else at GRPC_PORT."""
    port = int(environment.get("HEALTH_PORT") or 0) or int(environment.get("GRPC_PORT") or 8080)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=_SECONDS)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


if __name__ == "__main__":
    sys.exit(0 if serving(sys.argv[1] if len(sys.argv) > 1 else "", os.environ) else 1)
