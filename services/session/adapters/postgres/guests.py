"""Guests in PostgreSQL: reading and telling. Linking and erasing have files of their own."""

from __future__ import annotations

from mesh.store.postgres import Pool, connection, transaction
from mesh.store.vault import Vault

from services.session.adapters.postgres.erasing import erase_guest, read_dossier, receipt_of, suppressions_of
from services.session.adapters.postgres.linking import link_identity
from services.session.adapters.postgres.opening import find_guest
from services.session.adapters.postgres.pending_erasures import pending, settle
from services.session.adapters.postgres.races import until_won
from services.session.adapters.postgres.requests import remember, stored
from services.session.adapters.postgres.rows import Rows, store_guest
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import PendingErasure, Receipt
from services.session.domain.guest import Guest, no_guest, updated
from services.session.domain.identity import ChannelIdentity
from services.session.domain.session import moved_on
from services.session.ports import Erased, EraseWrite, GuestWrite, Linked, LinkWrite

_GET = "SELECT document FROM guest_documents WHERE guest_id = $1"
_LOCK = "SELECT 1 FROM guests WHERE guest_id = $1 FOR UPDATE"
_ALLOW = "DELETE FROM suppressions WHERE key_hash = ANY ($1)"


class PostgresGuests:
    """`ports.Guests` in PostgreSQL."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._rows = Rows(vault)

    async def get(self, guest_id: str) -> Guest:
        async with connection(self._pool) as db:
            text = await db.fetchval(_GET, guest_id)
        if text is None:
            raise no_guest(guest_id)
        return self._rows.guest(text)

    async def find(self, identity: ChannelIdentity) -> Guest:
        async with connection(self._pool) as db:
            guest = await find_guest(db, self._rows, identity)
        if guest is None:
            raise no_guest()
        return guest

    async def update(self, write: GuestWrite) -> Guest:
        async def attempt() -> Guest:
            async with transaction(self._pool) as db:
                await db.execute(_LOCK, write.guest_id)
                text = await db.fetchval(_GET, write.guest_id)
                if text is None:
                    raise no_guest(write.guest_id)
                guest = self._rows.guest(text)
                if await stored(db, self._rows, write.request):
                    return guest
                if guest.version != write.version:
                    raise moved_on(read=write.version, present=guest.version)
                guest = updated(guest, write.details)
                await store_guest(db, self._rows, guest)
                if write.details.opted_out is False:
                    await db.execute(_ALLOW, await suppressions_of(db, self._rows, guest.guest_id))
                await remember(db, self._rows, write.request, subject=guest.guest_id, time=write.now)
                return guest

        return await until_won(attempt)

    async def link(self, write: LinkWrite) -> Linked:
        return await until_won(lambda: link_identity(self._pool, self._rows, write))

    async def export(self, guest_id: str) -> Dossier:
        async with transaction(self._pool, isolation="repeatable_read", readonly=True) as db:
            dossier = await read_dossier(db, self._rows, guest_id)
        if dossier is None:
            raise no_guest(guest_id)
        return dossier

    async def erase(self, write: EraseWrite) -> Erased:
        return await until_won(lambda: erase_guest(self._pool, self._rows, write))

    async def receipt_of(self, turn_id: str) -> Receipt | None:
        async with connection(self._pool) as db:
            return await receipt_of(db, turn_id)

    async def pending_erasures(self, *, limit: int) -> tuple[PendingErasure, ...]:
        async with connection(self._pool) as db:
            return await pending(db, self._rows.vault, limit=limit)

    async def settle_erasure(self, receipt_id: str) -> None:
        async with connection(self._pool) as db:
            await settle(db, self._rows.vault, receipt_id)
