"""mTLS between services: certificates from files, read anew when they change.

Kubernetes rotates certificates by replacing files; a process that reads them once would die at their expiry.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc

from mesh.errors import Down
from mesh.telemetry import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where a service's certificate, its key and the peers' CA are."""

    certificate: Path
    key: Path
    authority: Path

    def for_server(self) -> grpc.ServerCredentials:
        """Demands a client certificate signed by the CA; the files are looked at for every new connection, and files
        that do not belong together, or are just being written, are left for the next one."""
        current = self.stamp()

        def fetch() -> grpc.ServerCertificateConfiguration | None:
            nonlocal current
            try:
                if (stamp := self.stamp()) == current:
                    return None
                self.check()
                renewed = self._server_configuration()
            except Down as error:
                log.warning("certificates_not_taken", reason=error.message)
                return None
            current = stamp
            return renewed

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

    def stamp(self) -> tuple[int, ...]:
        """Changes when one of the files does. Raises Down when one is not there."""
        try:
            return tuple(path.stat().st_mtime_ns for path in (self.certificate, self.key, self.authority))
        except OSError as error:
            raise Down("UNAVAILABLE", f"a certificate file cannot be read: {error.strerror}") from error

    def check(self) -> None:
        """Raises Down unless the key is the certificate's and the CA file holds certificates."""
        try:
            context = ssl.create_default_context(cafile=str(self.authority))
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise Down("UNAVAILABLE", f"certificate files do not belong together: {error}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Down("UNAVAILABLE", f"certificate file {path.name} cannot be read: {error.strerror}") from error
