"""E-mails, sent to a real server: in clear, encrypted, with a password; what is said of faults."""

import re
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from pipelines.courriel import messagerie
from pipelines.erreurs import Faute
from tests.courriel.boite import IDENTITE, PASSE, Boite, certificat, serveur

ACCES = f"{IDENTITE}:{quote(PASSE, safe='')}@"


@pytest.fixture(autouse=True)
def reglages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_COURRIEL_DE", "Bilan régional <bilan@prefecture.example>")
    monkeypatch.setenv("BILAN_COURRIEL_A", "a@prefecture.example,\n b@prefecture.example")


def envoyer(monkeypatch: pytest.MonkeyPatch, url: str, sujet: str = "échoué") -> int:
    monkeypatch.setenv("BILAN_SMTP", url)
    boite = messagerie()
    assert boite is not None
    assert PASSE not in repr(boite)
    assert quote(PASSE, safe="") not in repr(boite)
    return boite.envoyer("cle", sujet, "Île-de-France : 3 échecs «graves».\n")


def test_a_plain_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    boite = Boite()
    with serveur(boite) as port:
        assert envoyer(monkeypatch, f"smtp://127.0.0.1:{port}", "Île : a échoué") == 0
    [message] = boite.messages
    assert message["Subject"] == "[bilan] Île : a échoué"
    assert message["From"] == "Bilan régional <bilan@prefecture.example>"
    assert message["Message-ID"] == "<cle@bilan>"
    assert message.get_content().strip() == "Île-de-France : 3 échecs «graves»."
    assert boite.destinataires == [["a@prefecture.example", "b@prefecture.example"]]
    assert boite.chiffres == [False]


def test_a_relay_with_a_certificate_of_its_own_is_encrypted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boite = Boite()
    with serveur(boite, certificat(tmp_path)[0]) as port:
        envoyer(monkeypatch, f"smtp://127.0.0.1:{port}")
    assert boite.chiffres == [True]
    assert boite.identifies == [False]


def test_a_password_is_given_to_a_server_that_proves_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boite = Boite()
    contexte, fichier = certificat(tmp_path)
    with serveur(boite, contexte, connexion=True) as port:
        url = f"smtp://{ACCES}127.0.0.1:{port}"
        with pytest.raises(Faute, match="certificat n'est pas reconnu"):
            envoyer(monkeypatch, url)
        assert boite.messages == []
        monkeypatch.setenv("SSL_CERT_FILE", str(fichier))
        envoyer(monkeypatch, url)
        assert (boite.chiffres, boite.identifies) == ([True], [True])
        with pytest.raises(Faute, match="mot de passe est refusé") as faute:
            envoyer(monkeypatch, f"smtp://{IDENTITE}:faux@127.0.0.1:{port}")
    assert "faux" not in str(faute.value)


def test_a_server_encrypted_from_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    boite = Boite()
    contexte, fichier = certificat(tmp_path)
    with serveur(boite, contexte, d_emblee=True, connexion=True) as port:
        url = f"smtps://{ACCES}127.0.0.1:{port}"
        with pytest.raises(Faute, match="certificat n'est pas reconnu"):
            envoyer(monkeypatch, url)
        monkeypatch.setenv("SSL_CERT_FILE", str(fichier))
        envoyer(monkeypatch, url)
    assert boite.identifies == [True]


def test_a_password_is_never_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    boite = Boite()
    with (
        serveur(boite) as port,
        pytest.raises(Faute, match="n'offre pas de connexion chiffrée") as faute,
    ):
        envoyer(monkeypatch, f"smtp://{ACCES}127.0.0.1:{port}")
    assert boite.messages == []
    assert "secret" not in str(faute.value)


def test_recipients_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    boite = Boite(refuse=frozenset({"a@prefecture.example"}))
    with serveur(boite) as port:
        assert envoyer(monkeypatch, f"smtp://127.0.0.1:{port}") == 1
        assert boite.destinataires == [["b@prefecture.example"]]
        boite.refuse |= {"b@prefecture.example"}
        with pytest.raises(Faute, match=r"les destinataires \(BILAN_COURRIEL_A\) sont refusés"):
            envoyer(monkeypatch, f"smtp://127.0.0.1:{port}")


def test_a_server_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as pris:  # bound, and not listening: nobody else answers there
        pris.bind(("127.0.0.1", 0))
        adresse = f"smtp://127.0.0.1:{pris.getsockname()[1]}"
        with pytest.raises(Faute, match=f"n'est pas parti : {re.escape(adresse)}, "):
            envoyer(monkeypatch, adresse)


@pytest.mark.parametrize(
    "url",
    [
        "smtp.prefecture.example",
        "http://smtp.prefecture.example",
        "smtp://",
        "smtp://serveur:port",
        "smtp://serveur:0",
        "smtp://serveur:99999",
        "smtp://utilisateur@serveur",
        "smtp://:secret@serveur",
        "smtp://utilisateur:sec/ret@serveur",
        "smtp://utilisateur:sec#ret@serveur",
        "smtp://utilisateur:sécret@serveur",
        "smtp://utilisateur:s%C3%A9cret@serveur",
        "smtp://[secret",
    ],
)
def test_an_address_of_server_that_is_not_one(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BILAN_SMTP", url)
    with pytest.raises(Faute, match="BILAN_SMTP ne se comprend pas : l'écrire smtp://") as faute:
        messagerie()
    assert "ret@" not in str(faute.value)


@pytest.mark.parametrize("variable", ["BILAN_COURRIEL_DE", "BILAN_COURRIEL_A"])
@pytest.mark.parametrize("valeur", ["", "prefecture", "a@b@c", "a@", "Service <>", "a@b.fr c@d.fr"])
def test_addresses_that_are_not(
    monkeypatch: pytest.MonkeyPatch, variable: str, valeur: str
) -> None:
    monkeypatch.setenv("BILAN_SMTP", "smtp://127.0.0.1")
    monkeypatch.setenv(variable, valeur)
    with pytest.raises(Faute, match=f"{variable} ne se comprend pas"):
        messagerie()


def test_one_sender_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_SMTP", "smtp://127.0.0.1")
    monkeypatch.setenv("BILAN_COURRIEL_DE", "a@b.example, c@d.example")
    with pytest.raises(Faute, match="BILAN_COURRIEL_DE ne se comprend pas"):
        messagerie()


def test_no_server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILAN_SMTP", raising=False)
    assert messagerie() is None
