"""A channel around another one: what is not a call is passed on."""

from __future__ import annotations

from typing import Self

import grpc
import grpc.aio


class ChannelAround(grpc.aio.Channel):
    """Subclasses set `_transport` and make the calls."""

    _transport: grpc.aio.Channel

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self, grace: float | None = None) -> None:
        await self._transport.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        return self._transport.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        await self._transport.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        await self._transport.channel_ready()
