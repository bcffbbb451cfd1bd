"""The address a call was made to, as its sender wrote it: what Twilio signs, what tokens of Google are made for."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Address
from starlette.requests import Request

Network = IPv4Network | IPv6Network


class PublicAddress:
    """`base` is the address by which the outside reaches the gateway, a path before ours included. Where it is empty
    the request's own address stands, with `X-Forwarded-Proto` and `X-Forwarded-Host` believed from `proxies` alone.
    """

    def __init__(self, *, base: str, proxies: Sequence[Network]) -> None:
        self._base = base.rstrip("/")
        self._proxies = tuple(proxies)

    def url_of(self, request: Request) -> str:
        """Scheme, host, path and query, escaped as they came."""
        path = request.scope.get("raw_path") or request.url.path.encode()
        query: bytes = request.scope["query_string"]
        tail = path.partition(b"?")[0].decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
        return (self._base or self._seen(request)) + tail

    def _seen(self, request: Request) -> str:
        scheme, host = request.url.scheme, request.headers.get("host", "")
        if request.client is not None and self._is_proxy(request.client):
            scheme = _first(request.headers.get("x-forwarded-proto", "")) or scheme
            host = _first(request.headers.get("x-forwarded-host", "")) or host
        return f"{scheme}://{host}"

    def _is_proxy(self, client: Address) -> bool:
        # uvicorn puts the guest's address in the place of a proxy that it believes, with no port.
        if client.port == 0:
            return True
        try:
            address = ip_address(client.host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)


def read_networks(value: str) -> tuple[Network, ...]:
    """Networks and single addresses, comma separated; `*` is every one. Raises ValueError naming what is none."""
    parts = value.replace("*", "0.0.0.0/0,::/0").split(",")
    return tuple(ip_network(part.strip(), strict=False) for part in parts if part.strip())


def port_variants(url: str) -> tuple[str, ...]:
    """The same address with its port said and unsaid: senders differ in whether they sign it."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return (url,)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if port is not None else host
    said = f"{bare}:{port or (443 if parts.scheme == 'https' else 80)}"
    head, separator, tail = url.partition(parts.netloc)
    return tuple(dict.fromkeys(head + netloc + tail for netloc in (host, bare, said) if separator))


def _first(value: str) -> str:
    return value.partition(",")[0].strip()
