"""Certificates for development: a CA of this machine's own and a certificate for each service, as PEM files.

`make certs` writes them; `MESH_TLS=1 make up` uses them. On Kubernetes they are cert-manager's (components/tls).
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.local.ports import LOOPBACK

_LIFE = timedelta(days=90)


class Authority:
    """Signs certificates for services on this machine. Its key is never written: a new authority is a new CA."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "agente-hotelero development CA")])
        self._certificate = self._signed(self._name, self._key.public_key(), x509.BasicConstraints(True, None))
        self.file = folder / "ca.pem"
        self.tell()

    def tell(self) -> None:
        """Writes the CA's certificate, and nothing beside it, into its file."""
        _replace(self.file, self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, service: str) -> dict[str, str]:
        """A certificate for `service`, in two files; returns the TLS settings of the mesh."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, service)])
        # The first name is the caller's, says mesh.auth.
        places = [x509.DNSName(service), x509.DNSName("localhost"), x509.IPAddress(ip_address(LOOPBACK))]
        certificate = self._signed(
            name, key.public_key(), x509.BasicConstraints(False, None), x509.SubjectAlternativeName(places)
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _replace(self._folder / f"{service}.key", private)
        _replace(self._folder / f"{service}.pem", certificate.public_bytes(serialization.Encoding.PEM))
        return settings_of(self._folder, service)

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *extensions: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + _LIFE)
            # By these one of two CAs of the same name is told from the other, while both are believed.
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(self._key, hashes.SHA256())


def settings_of(folder: Path, service: str) -> dict[str, str]:
    """Where a service's certificate, key and CA are, as the TLS settings of the mesh."""
    return {
        "tls_cert_file": str(folder / f"{service}.pem"),
        "tls_key_file": str(folder / f"{service}.key"),
        "tls_ca_file": str(folder / "ca.pem"),
    }


def _replace(file: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_bytes(content)
    aside.replace(file)
