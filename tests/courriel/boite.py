"""A real mail server on this machine, which keeps what it receives."""

import ssl
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

IDENTITE, PASSE = "bilan", "mot de passe: 100% tres@secret/#?"


@dataclass
class Boite:
    """What the server received, and how."""

    messages: list[EmailMessage] = field(default_factory=list)
    destinataires: list[list[str]] = field(default_factory=list)
    chiffres: list[bool] = field(default_factory=list)
    identifies: list[bool] = field(default_factory=list)
    refuse: frozenset[str] = frozenset()

    async def handle_RCPT(  # noqa: N802 (named by aiosmtpd)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return "550 inconnu ici"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        contenu = envelope.content
        assert isinstance(contenu, bytes)
        contenu.decode("ascii")  # relays of every age take it
        self.messages.append(message_from_bytes(contenu, policy=policy.default))
        self.destinataires.append(list(map(str, envelope.rcpt_tos)))
        self.chiffres.append(session.ssl is not None)
        self.identifies.append(bool(session.authenticated))
        return "250 OK"


class _Serveur(Controller):
    """A controller on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serveur(
    boite: Boite,
    certificat: ssl.SSLContext | None = None,
    *,
    port: int = 0,
    d_emblee: bool = False,
    connexion: bool = False,
) -> Iterator[int]:
    """A server that receives in `boite`; gives its port.

    Where it has a certificate, it offers STARTTLS, or encrypts from the start (`d_emblee`). Where
    `connexion` is true, it wants the password.
    """
    controleur = _Serveur(
        boite,
        hostname="127.0.0.1",
        port=port,
        ssl_context=certificat if d_emblee else None,
        tls_context=None if d_emblee else certificat,
        require_starttls=connexion and not d_emblee,
        auth_required=connexion and not d_emblee,
        auth_require_tls=not d_emblee,  # it does not see that it is encrypted already
        authenticator=_verifier if connexion else None,
    )
    controleur.start()
    try:
        yield controleur.port
    finally:
        controleur.stop()


def _verifier(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, donnees: object
) -> AuthResult:
    assert isinstance(donnees, LoginPassword)
    attendu = (IDENTITE.encode(), PASSE.encode())
    return AuthResult(success=(donnees.login, donnees.password) == attendu, handled=False)


def certificat(dossier: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of 127.0.0.1 that only its own file vouches for: the server's, and the file."""
    cle = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    hier = datetime.now(UTC) - timedelta(days=1)
    signe = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(hier)
        .not_valid_after(hier + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(cle, hashes.SHA256())
    )
    fichier = dossier / "certificat.pem"
    fichier.write_bytes(
        signe.public_bytes(serialization.Encoding.PEM)
        + cle.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    contexte = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    contexte.load_cert_chain(fichier)
    return contexte, fichier
