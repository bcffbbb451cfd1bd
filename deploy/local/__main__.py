"""`python -m deploy.local`: up, down, restart, health, logs and demo of the mesh on this machine."""

import argparse
import asyncio
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from deploy.local.addresses import SERVICES
from deploy.local.certificates import issue_all
from deploy.local.detach import BACKGROUND, start_in_background, tell_ready_and_let_go
from deploy.local.down import down
from deploy.local.errors import LocalError
from deploy.local.health import health
from deploy.local.logs import show_logs
from deploy.local.rolling import restart
from deploy.local.run_folder import REPOSITORY, RunFolder
from deploy.local.terminal import complain, say
from deploy.local.up import Options, Up

_ENVIRONMENT = """environment:
  HTTP_PORT                   port of the chat page, webhooks, health and metrics (8000)
  <NAME>_GRPC_PORT            gateway 7001, nlp 7002, session 7003, pms 7004, orchestrator 7005
  <NAME>_METRICS_PORT         nlp 7102, session 7103, pms 7104, orchestrator 7105
  POSTGRES_URL, REDIS_URL     external stores; the embedded ones are then not started
  POSTGRES_PORT, REDIS_PORT   ports of the embedded stores (7432 and 7379, or free ones)
  MESH_MODE=single            the same as --single
  MESH_TLS=1                  mTLS between the services, by certificates in RUN_DIR/certs (made when missing);
                              <NAME>_HEALTH_PORT (7501 to 7505) are then their plaintext ports for probes
  RUN_DIR                     data, logs and state (.run in the repository)
  Every other setting of a service is handed on to it as it is.
"""


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except LocalError as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        # The ordinary way out of `logs -f`.
        return 0 if options.command == "logs" else 130
    except BrokenPipeError:
        # `logs | head`: nobody reads any more. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: argparse.Namespace) -> int:
    run = RunFolder.from_environment(os.environ)
    match options.command:
        case "up":
            return _up(options, run)
        case "down":
            down(run)
        case "restart":
            uvloop.run(restart(run, services=tuple(options.services) or SERVICES))
        case "health":
            return uvloop.run(health(run.environment()))
        case "certs":
            issue_all(run.certificates)
            say(f"a CA and a certificate for each service are in {run.certificates}")
        case "logs":
            show_logs(run, name=options.name, follow=options.follow, lines=options.lines)
        case "demo":
            return _demo(run)
    return 0


def _up(options: argparse.Namespace, run: RunFolder) -> int:
    if options.detach:
        command = [sys.executable, "-m", "deploy.local", "up", *_again(options)]
        return start_in_background(command, environment=os.environ)
    wanted = Options(
        single=options.single or os.environ.get("MESH_MODE") == "single",
        demo=options.demo,
        replicas=dict(options.replicas),
        patience=options.patience,
    )

    def on_ready() -> None:
        if options.in_background:
            tell_ready_and_let_go(run)

    async def work() -> None:
        await Up(wanted, code=options.code.resolve(), environment=os.environ, on_ready=on_ready).run()

    uvloop.run(work())
    return 0


def _again(options: argparse.Namespace) -> list[str]:
    """The options of an `up`, for the process in the background."""
    flags = [flag for flag, given in (("--single", options.single), ("--demo", options.demo)) if given]
    flags += [f"--replicas={name}={count}" for name, count in options.replicas]
    return [*flags, f"--code={options.code}", f"--patience={options.patience}"]


def _demo(run: RunFolder) -> int:
    """The demo finds the mesh by its environment, as any other client would."""
    told = run.told()
    if not told:
        raise LocalError("The mesh is not running. Start it with `make up`, then run the demo in a second terminal.")
    for name, value in told.items():
        os.environ.setdefault(name, value)
    # Only here: the demo brings along the clients of the services, which no other command needs.
    result = importlib.import_module("deploy.local.demo").main()
    if asyncio.iscoroutine(result):
        result = uvloop.run(result)
    return result if isinstance(result, int) else 0


def _replicas(text: str) -> tuple[str, int]:
    name, _, count = text.partition("=")
    if not count.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form name=2")
    return name, int(count)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local",
        description="Runs the mesh on this machine: PostgreSQL, Valkey and the five services. No Docker, no root.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything and stay; Ctrl-C drains and stops it")
    up.add_argument("--single", action="store_true", help="all five services in one process, without sockets between")
    up.add_argument("--demo", action="store_true", help="run the demo once everything is ready, then stay")
    up.add_argument("--detach", action="store_true", help="return once everything is ready; `down` stops it")
    up.add_argument(
        "--replicas",
        action="append",
        default=[],
        type=_replicas,
        metavar="NAME=N",
        help="so many processes of one service (ports 10 apart); may be given for several",
    )
    up.add_argument("--patience", type=float, default=30.0, metavar="S", help="seconds a process has to stop (30)")
    up.add_argument(
        "--code", type=Path, default=REPOSITORY, metavar="FOLDER", help="run the package `services` of another folder"
    )
    up.add_argument(BACKGROUND, action="store_true", dest="in_background", help=argparse.SUPPRESS)
    commands.add_parser("down", help="stop the running mesh and wait until it has stopped; the data is kept")
    rolling = commands.add_parser("restart", help="restart every replica, one after the other, as a rollout does")
    rolling.add_argument("services", nargs="*", choices=[*SERVICES, []], metavar="NAME", help="only these services")
    commands.add_parser("health", help="ask every service whether it serves; exit code 1 when one does not")
    commands.add_parser("certs", help="a new CA and certificates, which a running MESH_TLS=1 mesh takes up by itself")
    logs = commands.add_parser("logs", help="show the ends of the logs")
    logs.add_argument("name", nargs="?", help="gateway, nlp, session, pms, orchestrator, postgres, valkey, …")
    logs.add_argument("-f", "--follow", action="store_true", help="go on with what is added")
    logs.add_argument("-n", "--lines", type=int, default=30, help="lines of each log (30)")
    commands.add_parser("demo", help="a scripted guest books a room, in Spanish and in English, on the running mesh")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
