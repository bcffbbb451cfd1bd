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

from deploy.local.addresses import SERVICES
from deploy.local.ports import LOOPBACK

# Whoever is no service of the mesh: the demo, grpcurl.
OUTSIDER = "outsider"
_LIFE = timedelta(days=90)


class Authority:
    """Signs certificates for services on this machine. Its key is never written: a new authority is a new CA.

    `beside` are certificates (PEM) of CAs that are believed beside it, until `tell` says otherwise.
    """

    def __init__(self, folder: Path, *, beside: bytes = b"") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "agente-hotelero development CA")])
        certificate = self._signed(self._name, self._key.public_key(), x509.BasicConstraints(True, None))
        self._pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.file = folder / "ca.pem"
        _replace(self.file, beside + self._pem)

    def tell(self) -> None:
        """Writes the CA's certificate, and nothing beside it, into its file."""
        _replace(self.file, self._pem)

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


def issue_all(folder: Path) -> None:
    """A new CA, and a certificate of it for each service and for one that is none. Running services take them up."""
    present = folder / "ca.pem"
    old = x509.load_pem_x509_certificates(present.read_bytes())[-1:] if present.exists() else []
    # The old CA is believed as well: services take up their new certificates one after the other.
    beside = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in old)
    authority = Authority(folder, beside=beside)
    for name in (*SERVICES, OUTSIDER):
        authority.issue(name)


def issue_missing(folder: Path) -> None:
    """The same, unless they are there and good for another week."""
    try:
        certificates = [
            x509.load_pem_x509_certificate((folder / f"{n}.pem").read_bytes()) for n in (*SERVICES, OUTSIDER)
        ]
    except (OSError, ValueError):
        certificates = []
    soon = datetime.now(UTC) + timedelta(days=7)
    if not certificates or any(certificate.not_valid_after_utc < soon for certificate in certificates):
        issue_all(folder)


def tls_environment(folder: Path, service: str) -> dict[str, str]:
    """The TLS settings of a service as its environment."""
    return {name.upper(): value for name, value in settings_of(folder, service).items()}


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
