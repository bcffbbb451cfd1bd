"""A stand-in for a service, copied to `services/<name>/__main__.py` of a folder of its own and run from there.

It answers health checks on the ports it is given, writes what happens to it into the file STAND_IN_TRACE, and
misbehaves as STAND_IN_<NAME> says: "refuse" (ends at once), "stubborn" (ignores SIGTERM), "unready", "no-migration".
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

NAME = Path(__file__).parent.name
MANNER = os.environ.get(f"STAND_IN_{NAME.upper()}", "")


def trace(event: str) -> None:
    with Path(os.environ["STAND_IN_TRACE"]).open("a") as file:
        file.write(f"{NAME} {event}\n")


async def answer_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


async def serve() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, (lambda: None) if MANNER == "stubborn" else stop.set)
    servicer = health.aio.HealthServicer()
    ready = (
        health_pb2.HealthCheckResponse.NOT_SERVING if MANNER == "unready" else health_pb2.HealthCheckResponse.SERVING
    )
    await servicer.set("", ready)
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(f"127.0.0.1:{os.environ['GRPC_PORT']}")
    await server.start()
    if "HTTP_PORT" in os.environ:
        await asyncio.start_server(answer_http, "127.0.0.1", int(os.environ["HTTP_PORT"]))
    trace("started")
    await stop.wait()
    trace("stopped")
    await server.stop(0)


def main() -> None:
    sys.stderr.write(f"{NAME} with {sys.argv[1:]}\n")
    if sys.argv[1:] == ["migrate"]:
        trace("migrated")
        sys.exit("the table is gone" if MANNER == "no-migration" else 0)
    if MANNER == "refuse":
        sys.exit("HOTEL_FILES: no such file")
    asyncio.run(serve())


if __name__ == "__main__":
    main()
