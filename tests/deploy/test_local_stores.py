"""The embedded stores: real servers, started, stopped, killed, orphaned and missing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.local.account import Account, choose_account, mapped_account, nobody_account, own_account
from deploy.local.errors import FolderInUseError, LocalError, StoreFailedError, StoreMissingError
from deploy.local.orphans import command_line, stop_process
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.programs import find_postgres, find_valkey
from deploy.local.stores import Stores
from deploy.local.valkey import Valkey
from tests.support.polling import wait_until

_ACCOUNTS = [account for make in (own_account, mapped_account, nobody_account) if (account := make()) is not None]


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


async def _sql(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def _book(postgres: Postgres) -> None:
    await _sql(postgres.url, "CREATE TABLE booking (code text)")
    await _sql(postgres.url, "INSERT INTO booking VALUES ('R1001')")


async def _booked(postgres: Postgres) -> object:
    return await _sql(postgres.url, "SELECT code FROM booking")


async def test_the_data_is_there_after_a_stop_and_a_new_start(store_folder: Path) -> None:
    with Postgres(store_folder, fsync=False) as postgres:
        await _book(postgres)
    with Postgres(store_folder, fsync=False) as postgres:
        assert await _booked(postgres) == "R1001"


async def test_a_restart_keeps_the_port_and_the_data(store_folder: Path) -> None:
    with Postgres(store_folder, fsync=False) as postgres:
        await _book(postgres)
        before = postgres.url
        postgres.restart()
        assert postgres.url == before
        assert await _booked(postgres) == "R1001"


async def test_a_killed_postgres_recovers_what_was_committed(store_folder: Path) -> None:
    with Postgres(store_folder) as postgres:
        await _book(postgres)
        left_open = await asyncpg.connect(postgres.url)
        postgres.kill()
        assert not postgres.running
        left_open.terminate()
        postgres.start()
        assert await _booked(postgres) == "R1001"


@pytest.mark.parametrize(
    "account", _ACCOUNTS, ids=lambda account: account.user or (account.prefix and "mapped") or "own"
)
async def test_postgres_runs_under_every_identity_this_machine_allows(account: Account, store_folder: Path) -> None:
    with Postgres(store_folder / "store", fsync=False, account=account) as postgres:
        assert await _sql(postgres.url, "SELECT 1") == 1


async def test_postgres_listens_on_the_loopback_alone_and_asks_for_the_password(store_folder: Path) -> None:
    with Postgres(store_folder, fsync=False) as postgres:
        assert await _sql(postgres.url, "SHOW listen_addresses") == "127.0.0.1"
        assert await _sql(postgres.url, "SHOW unix_socket_directories") == ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(postgres.url, password="guess")


async def test_postgres_is_set_up_for_a_small_machine_and_is_durable_unless_told_otherwise(store_folder: Path) -> None:
    with Postgres(store_folder / "durable") as postgres:
        shown = [
            await _sql(postgres.url, f"SHOW {name}") for name in ("max_connections", "shared_buffers", "jit", "fsync")
        ]
        assert shown == ["200", "128MB", "off", "on"]
    with Postgres(store_folder / "careless", fsync=False) as postgres:
        assert await _sql(postgres.url, "SHOW fsync") == "off"


def test_two_stores_take_two_free_ports(store_folder: Path) -> None:
    with Valkey(store_folder / "one", persist=False) as one, Valkey(store_folder / "two", persist=False) as two:
        assert one.port != two.port


@pytest.mark.parametrize(("store", "name"), [(Postgres, "POSTGRES_PORT"), (Valkey, "REDIS_PORT")])
def test_a_busy_port_is_named_with_the_variable_that_changes_it(
    store: type[Postgres] | type[Valkey], name: str, store_folder: Path, busy_port: int
) -> None:
    with pytest.raises(StoreFailedError, match=rf"(?s){busy_port}.*{name}"):
        store(store_folder, port=busy_port).start()


@pytest.mark.parametrize("store", [Postgres, Valkey])
def test_a_folder_that_is_being_served_is_refused_to_a_second_owner(
    store: type[Postgres] | type[Valkey], store_folder: Path
) -> None:
    with store(store_folder) as first:
        with pytest.raises(FolderInUseError, match=str(os.getpid())):
            store(store_folder).start()
        assert first.running


@pytest.mark.parametrize("store", ["Postgres", "Valkey"])
def test_a_store_stops_when_its_owner_is_killed(store: str, store_folder: Path) -> None:
    script = (
        "import sys, pathlib; from deploy.local.stores import *; "
        f"store = {store}(pathlib.Path(sys.argv[1])).start(); print(store.pid, flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, store_folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    with owner:
        pid = int(owner.stdout.readline())
        assert str(store_folder) in command_line(pid)
        owner.kill()
    wait_until(lambda: command_line(pid) == "", what="the end of the store")


def _orphan_of(store: Postgres | Valkey, account: Account) -> "subprocess.Popen[bytes]":
    """Stops `store` and starts its very command line again with nobody to own it."""
    with store:
        command = [part.decode() for part in Path(f"/proc/{store.pid}/cmdline").read_bytes().split(b"\0")[:-1]]
    return subprocess.Popen(
        [*account.prefix, *command], user=account.user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_an_orphaned_postgres_is_stopped_by_the_next_start(store_folder: Path) -> None:
    account = choose_account()
    orphan = _orphan_of(Postgres(store_folder, fsync=False, account=account), account)
    wait_until(
        lambda: _first_line(store_folder / "data" / "postmaster.pid") == str(orphan.pid), what="the orphan's start"
    )
    with Postgres(store_folder, fsync=False, account=account) as postgres:
        assert orphan.wait(10) is not None
        assert postgres.pid != orphan.pid


def test_an_orphaned_valkey_is_stopped_by_the_next_start(store_folder: Path) -> None:
    orphan = _orphan_of(Valkey(store_folder), Account())
    wait_until(lambda: _first_line(store_folder / "server.pid") == str(orphan.pid), what="the orphan's start")
    with Valkey(store_folder) as valkey:
        assert orphan.wait(10) is not None
        assert valkey.pid != orphan.pid


def _first_line(file: Path) -> str:
    return file.read_text().partition("\n")[0].strip() if file.exists() else ""


def test_a_stranger_with_the_number_in_the_pid_file_is_left_alone(store_folder: Path) -> None:
    with Postgres(store_folder, fsync=False):
        pass
    stranger = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with stranger:
        (store_folder / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{store_folder / 'data'}\n")
        with Postgres(store_folder, fsync=False) as postgres:
            assert postgres.running
            assert stranger.poll() is None


def test_a_process_that_ignores_the_request_to_stop_is_killed() -> None:
    script = (
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "mark-4711"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as stubborn:
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        assert stop_process(stubborn.pid, mark="mark-4711", first=signal.SIGTERM, patience=0.1)
        assert stubborn.wait(10) == -signal.SIGKILL


def test_valkey_keeps_its_data_over_a_stop_and_a_kill(store_folder: Path) -> None:
    with Valkey(store_folder) as valkey:
        _client(valkey).set("rooms", 7)
    with Valkey(store_folder) as valkey:
        assert _client(valkey).incr("rooms") == 8
        valkey.kill()
        valkey.restart()
        assert _client(valkey).get("rooms") == b"8"


def test_valkey_asks_for_the_password_and_hides_it_from_the_list_of_processes(store_folder: Path) -> None:
    with Valkey(store_folder, persist=False) as valkey:
        password = urlsplit(valkey.url).password
        assert password is not None
        assert valkey.pid is not None
        assert password not in command_line(valkey.pid)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0)).ping()


def _client(valkey: Valkey) -> redis.Redis:
    return redis.Redis.from_url(valkey.url)


def test_without_any_postgres_the_message_names_both_ways_out() -> None:
    with pytest.raises(StoreMissingError, match=r"(?s)install a PostgreSQL server.*POSTGRES_URL"):
        find_postgres(wheel="no_such_wheel", path="", folders=())


def test_without_any_valkey_the_message_names_both_ways_out() -> None:
    with pytest.raises(StoreMissingError, match=r"(?s)install one.*REDIS_URL"):
        find_valkey(wheel="no_such_wheel", path="")


def test_without_the_wheels_the_servers_on_the_path_are_used(store_folder: Path) -> None:
    shipped = find_postgres()
    for name, target in (
        ("initdb", shipped.initdb),
        ("postgres", shipped.postgres),
        ("redis-server", find_valkey()),
    ):
        program = store_folder / name
        program.write_text(f'#!/bin/sh\nexec "{target}" "$@"\n')
        program.chmod(0o755)
    found = find_postgres(wheel="no_such_wheel", path=str(store_folder), folders=())
    assert (found.postgres, found.major) == (store_folder / "postgres", shipped.major)
    assert find_valkey(wheel="no_such_wheel", path=str(store_folder)) == store_folder / "redis-server"


def test_data_made_by_another_version_is_refused_by_name_of_both(store_folder: Path) -> None:
    with Postgres(store_folder, fsync=False):
        pass
    (store_folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(StoreFailedError, match=r"PostgreSQL 9, and version \d+"):
        Postgres(store_folder, fsync=False).start()


def test_nothing_is_started_for_external_stores(store_folder: Path) -> None:
    external = {"POSTGRES_URL": "postgresql://elsewhere/hotel", "REDIS_URL": "redis://elsewhere/0"}
    said: list[str] = []
    with Stores(store_folder, external, report=said.append) as stores:
        assert stores.urls == external
    assert list(store_folder.iterdir()) == []
    assert [line.partition(":")[0] for line in said] == ["PostgreSQL", "Valkey"]


def test_a_store_that_died_is_revived_on_its_port(store_folder: Path) -> None:
    with Stores(store_folder, {"POSTGRES_URL": "postgresql://elsewhere/hotel"}) as stores:
        client = redis.Redis.from_url(stores.urls["REDIS_URL"])
        client.shutdown(nosave=True)
        wait_until(lambda: stores.revive() == ["Valkey"], what="the revival")
        assert client.ping()


def test_a_port_that_is_no_port_is_refused(store_folder: Path) -> None:
    with pytest.raises(LocalError, match="POSTGRES_PORT is 'many'"):
        Stores(store_folder, {"POSTGRES_PORT": "many"})


@pytest.mark.parametrize("store", [Postgres, Valkey])
def test_a_usual_port_is_given_up_when_it_is_taken(
    store: type[Postgres] | type[Valkey], store_folder: Path, busy_port: int
) -> None:
    with store(store_folder, usual_port=busy_port) as started:
        assert started.port not in (0, busy_port)


def test_a_usual_port_is_taken_when_it_is_free(store_folder: Path) -> None:
    usual = free_port()
    with Valkey(store_folder, usual_port=usual, persist=False) as valkey:
        assert valkey.port == usual
