"""E-mails that the project sends to those who run it; what they say does not belong here.

Set by environment: BILAN_SMTP, `smtp://[user:password@]host[:25]` (encrypted if the server offers
it, always where there is a password) or `smtps://[user:password@]host[:465]`; BILAN_COURRIEL_DE;
BILAN_COURRIEL_A, separated by commas. A password is never shown.
"""

import os
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses, localtime
from urllib.parse import SplitResult, unquote, urlsplit

from pipelines.erreurs import Faute

SMTP, EXPEDITEUR, DESTINATAIRES = "BILAN_SMTP", "BILAN_COURRIEL_DE", "BILAN_COURRIEL_A"
PATIENCE = 20  # seconds left to the server


@dataclass(frozen=True)
class Messagerie:
    """The mail server, and who writes to whom."""

    serveur: SplitResult = field(repr=False)
    de: str
    a: str

    @property
    def nom(self) -> str:
        """The server, without what must not be shown."""
        return f"{self.serveur.scheme}://{self.serveur.hostname}:{self._port}"

    @property
    def _port(self) -> int:
        return self.serveur.port or (25 if self.serveur.scheme == "smtp" else 465)

    def envoyer(self, cle: str, sujet: str, texte: str) -> int:
        """Send a message, `cle` being its identity; gives how many recipients are refused.

        Raises:
            Faute: it could not be sent.
        """
        message = EmailMessage()
        message["Subject"] = f"[bilan] {sujet}"
        message["From"], message["To"] = self.de, self.a
        message["Date"] = localtime()
        message["Message-ID"] = f"<{cle}@bilan>"  # one that is sent twice is shown once
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(texte, cte="quoted-printable")
        try:
            with self._connexion() as smtp:
                self._entrer(smtp)
                return len(smtp.send_message(message))
        except (OSError, UnicodeError) as erreur:
            raise Faute(
                f"Le courriel n'est pas parti : {self.nom}, {_empechement(erreur)}. "
                "Nouvel essai dans un instant."
            ) from None

    def _connexion(self) -> smtplib.SMTP:
        hote, port = self.serveur.hostname or "", self._port
        if self.serveur.scheme == "smtps":
            securite = ssl.create_default_context()
            return smtplib.SMTP_SSL(hote, port, timeout=PATIENCE, context=securite)
        return smtplib.SMTP(hote, port, timeout=PATIENCE)

    def _entrer(self, smtp: smtplib.SMTP) -> None:
        """Encrypt, and say who one is: a password goes only to a server that proves its name."""
        smtp.ehlo()
        utilisateur, passe = (
            unquote(mot or "") for mot in (self.serveur.username, self.serveur.password)
        )
        if self.serveur.scheme == "smtp" and smtp.has_extn("starttls"):
            securite = ssl.create_default_context()
            if not passe:  # relays often have no certificate but their own: better than in clear
                securite.check_hostname, securite.verify_mode = False, ssl.CERT_NONE
            smtp.starttls(context=securite)
        elif self.serveur.scheme == "smtp" and passe:
            raise Faute(
                f"Le courriel n'est pas parti : {self.nom} n'offre pas de connexion "
                f"chiffrée, et le mot de passe n'est pas envoyé en clair. Corriger {SMTP}."
            )
        if passe:
            smtp.login(utilisateur, passe)


def _empechement(erreur: Exception) -> str:
    """Why a server did not take a message; what it says may quote an address, and is not told."""
    match erreur:
        case smtplib.SMTPAuthenticationError():
            return "l'utilisateur ou le mot de passe est refusé"
        case smtplib.SMTPRecipientsRefused():
            return f"les destinataires ({DESTINATAIRES}) sont refusés"
        case smtplib.SMTPSenderRefused():
            return f"l'expéditeur ({EXPEDITEUR}) est refusé"
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"réponse {code}"
        case smtplib.SMTPServerDisconnected():
            return "connexion coupée"
        case TimeoutError():
            return "pas de réponse"
        case ssl.SSLCertVerificationError():
            return "son certificat n'est pas reconnu"
        case OSError(strerror=str(raison)):
            return raison
    return type(erreur).__name__


def messagerie() -> Messagerie | None:
    """The mail server that the environment names, if it names one.

    Raises:
        Faute: a setting cannot be understood; it is not quoted, as it may hold a password.
    """
    if not os.environ.get(SMTP):
        return None
    try:
        serveur = urlsplit(os.environ[SMTP])
        compris = serveur.port != 0 and serveur.scheme in ("smtp", "smtps") and serveur.hostname
    except ValueError:
        compris = False
    if (
        not compris
        or not unquote(os.environ[SMTP]).isascii()  # smtplib has no other passwords
        or bool(serveur.username) != bool(serveur.password)
        or serveur.path.strip("/")
        or serveur.query
        or serveur.fragment
    ):
        raise Faute(
            f"{SMTP} ne se comprend pas : l'écrire smtp://serveur:25, ou "
            "smtps://utilisateur:motdepasse@serveur:465 (dans un mot de passe, % s'écrit %25, "
            "@ %40, / %2F, # %23, ? %3F ; sans accents)."
        )
    return Messagerie(serveur, _adresses(EXPEDITEUR, seule=True), _adresses(DESTINATAIRES))


def _adresses(variable: str, *, seule: bool = False) -> str:
    texte = " ".join(os.environ.get(variable, "").split())
    adresses = [adresse for _, adresse in getaddresses([texte])]
    if (
        not adresses
        or not all(re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", adresse) for adresse in adresses)
        or (seule and len(adresses) > 1)
    ):
        exemple = "bilan@prefecture.fr" if seule else "a@prefecture.fr, b@prefecture.fr"
        raise Faute(f"{variable} ne se comprend pas : l'écrire, par exemple, {exemple}.")
    return texte
