"""A guest whom the session service erases is erased in the gateway and in the pms, by the three of them as they run."""

from collections.abc import Iterator

import asyncpg
import pytest
from hotel.common.v1 import channel_pb2
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.auth import ANONYMOUS
from mesh.errors import NotFound
from mesh.store.migrations import migrate

from services.pms.app import build as build_pms
from services.pms.settings import Settings as PmsSettings
from services.session.app import build
from services.session.settings import Settings
from tests.contract.pms_house import HOTEL_FILE
from tests.contract.session_stores import MIGRATIONS
from tests.support.gateway import eventually, migrated, running_gateway
from tests.support.stores import Databases

OF_GUESTS = ("conversations", "conversation_addresses", "inbound_messages", "turns", "outbox")


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    migrate(url, schema="session", directory=MIGRATIONS)
    yield url
    postgres_databases.drop(url)


async def test_an_erased_guest_is_nowhere_in_the_gateway(database: str, redis_url: str) -> None:
    knobs = Settings(postgres_url=database, redis_url=redis_url, allowed_callers=ANONYMOUS)
    books = PmsSettings(pms_backend="memory", hotel_files=str(HOTEL_FILE), allowed_callers=ANONYMOUS)
    beside = {"session": (build, knobs), "pms": (build_pms, books)}
    db = await asyncpg.connect(database)
    async with running_gateway(database, redis_url, beside=beside, erasure_poll_seconds=0.1) as gateway:
        guest = gateway.guest()
        await guest.say("hola")
        await eventually(guest.new_replies)
        pms = pms_pb2_grpc.PmsServiceStub(gateway.mesh.channel("pms"))
        profile = pms_pb2.GetGuestProfileRequest(property_id="alameda", phone_number=f"+{guest.wa_id}")
        assert (await pms.GetGuestProfile(profile)).profile.given_name == "María"
        sessions = session_pb2_grpc.SessionServiceStub(gateway.mesh.channel("session"))
        whatsapp = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address=guest.wa_id)
        request = session_pb2.GetOrCreateSessionRequest(identity=whatsapp, property_id="alameda")
        session = (await sessions.GetOrCreateSession(request)).session
        await sessions.EraseGuest(session_pb2.EraseGuestRequest(request_id="erase-1", guest_id=session.guest_id))

        async def settled() -> bool:
            return bool(await db.fetchval("SELECT count(*) = 0 FROM session.pending_erasures"))

        await eventually(settled)
        with pytest.raises(NotFound):
            await pms.GetGuestProfile(profile)
    left = {table: await db.fetchval(f"SELECT count(*) FROM gateway.{table}") for table in OF_GUESTS}
    assert left == dict.fromkeys(OF_GUESTS, 0)
    assert await db.fetchval("SELECT count(*) FROM gateway.forgotten_messages") == 1
    await db.close()
