"""A mail server that cannot prove its name gets no mail, and no password."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from geo_service import settings
from geo_service.alerts import smtp
from tests.alerts.mail_server import MailServer, listening


@pytest.fixture
def unproven(tmp_path: Path) -> ssl.SSLContext:
    """TLS with a certificate that its owner signed itself, in the name of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "server.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@pytest.fixture(params=["tls", "starttls"])
def relay(
    request: pytest.FixtureRequest, unproven: ssl.SSLContext
) -> Iterator[tuple[smtp.Relay, MailServer]]:
    with listening(unproven, starts_plain=request.param == "starttls") as server:
        plain = smtp.relay_of(settings.load(**server.settings()))
        assert plain is not None
        yield replace(plain, tls=request.param), server


def test_a_certificate_that_nobody_vouches_for_is_refused(relay: tuple[smtp.Relay, MailServer]) -> None:
    to, server = relay
    message = EmailMessage()
    message["Subject"] = "Wachtstand"
    answer = smtp.send(to, message, "nutsen@izegem.example")
    assert (answer.outcome, server.asked, server.mails) == ("later", 0, [])
    assert "certificate" in answer.error.lower()
