"""mTLS between services: certificates from files, read anew when they change.

Kubernetes rotates certificates by replacing files; a process that reads them once would die at their expiry.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import grpc

from mesh.errors import Down


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where a service's certificate, its key and the peers' CA are."""

    certificate: Path
    key: Path
    authority: Path

    def for_server(self) -> grpc.ServerCredentials:
        """Demands a client certificate signed by the CA; the files are looked at for every new connection."""
        current = self._stamp()

        def fetch() -> grpc.ServerCertificateConfiguration | None:
            nonlocal current
            if (stamp := self._stamp()) == current:
                return None
            current = stamp
            return self._server_configuration()

        return grpc.dynamic_ssl_server_credentials(
            self._server_configuration(),
            fetch,  # type: ignore[arg-type] # None means unchanged, says grpc's own documentation
            require_client_authentication=True,
        )

    def for_client(self) -> grpc.ChannelCredentials:
        """Shows our certificate and trusts the CA alone."""
        return grpc.ssl_channel_credentials(
            root_certificates=_read(self.authority),
            private_key=_read(self.key),
            certificate_chain=_read(self.certificate),
        )

    def _server_configuration(self) -> grpc.ServerCertificateConfiguration:
        return grpc.ssl_server_certificate_configuration(
            [(_read(self.key), _read(self.certificate))], root_certificates=_read(self.authority)
        )

    def _stamp(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in (self.certificate, self.key, self.authority))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Down("UNAVAILABLE", f"certificate file {path.name} cannot be read: {error.strerror}") from error
