"""The provenance that images declare: read from real manifests, signed here by an authority made up for the test."""

import io
import json
import socket
from datetime import UTC, datetime, timedelta
from functools import cache

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from classifiers.contract import Specification
from classifiers.files import provenance
from classifiers.files.findings import Provenance
from classifiers.files.scan import MAX_IMAGE, scan_file
from classifiers.registry import load

FORMATS = ("jpeg", "png", "webp")
MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = {
    "claim_generator_info": [{"name": "Paint", "version": "2"}],
    "title": "A red square",
    "assertions": [
        {"label": "c2pa.actions", "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": MADE}]}}
    ],
}


def image(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(file, kind)
    return file.getvalue()


def certificate(name: str, key, issuer: str, issuer_key, *extensions) -> bytes:
    now = datetime.now(UTC)
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one), x509.NameAttribute(NameOID.ORGANIZATION_NAME, one)])
        for one in (name, issuer)
    ]
    builder = x509.CertificateBuilder(names[1], names[0], key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.PEM)


def usage(**allowed: bool) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**(dict.fromkeys(every, False) | allowed))


@pytest.fixture(scope="module")
def signer():
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    chain = certificate(
        "signer", key, "root", root,
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), False),
    ) + certificate(
        "root", root, "root", root,
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (usage(key_cert_sign=True, crl_sign=True), True),
    )  # fmt: skip
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, private, None)) as signer:
        yield signer


@pytest.fixture(scope="module")
def sign(signer):
    """sign("png"): an image with a manifest; with `elsewhere`, one that only says where the manifest lies."""

    @cache
    def make(kind: str, elsewhere: str = "") -> bytes:
        out = io.BytesIO()
        with c2pa.Builder(json.dumps(MANIFEST)) as builder:
            if elsewhere:
                builder.set_no_embed()
                builder.set_remote_url(elsewhere)
            builder.sign(signer, f"image/{kind}", io.BytesIO(image(kind)), out)
        return out.getvalue()

    return make


def scan(data: bytes, path: str = "sample.png"):
    return scan_file(path, io.BytesIO(data), len(data))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_manifest_is_read(sign, kind):
    result = scan(sign(kind), "anything")
    assert result.provenance == Provenance("valid", "Paint 2", "A red square", ai_generated=True)
    assert (result.level, result.findings) == ("safe", ())


@pytest.mark.parametrize("kind", FORMATS)
def test_an_image_without_one(kind):
    result = scan(image(kind))
    assert (result.level, result.provenance) == ("safe", None)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_image_that_was_changed_after_it_was_signed(sign, kind):
    data = bytearray(sign(kind))
    data[-30] ^= 1
    result = scan(bytes(data))
    assert (result.level, result.provenance.state) == ("caution", "invalid")
    assert [(one.kind, one.code) for one in result.findings] == [("c2pa", "invalid_manifest")]


def test_a_manifest_elsewhere_is_named_and_not_fetched(sign):
    with socket.create_server(("127.0.0.1", 0)) as server:
        data = sign("jpeg", elsewhere=f"http://127.0.0.1:{server.getsockname()[1]}/manifest.c2pa")
        assert scan(data).provenance == Provenance("remote")
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_manifest_that_cannot_be_read():
    assert scan(image("jpeg") + b"jumb").provenance is None
    data = image("png")
    box = b"\0\0\0\x10jumb" + b"\xff" * 8
    assert scan(
        data[:33] + len(box).to_bytes(4, "big") + b"caBX" + box + bytes(4) + data[33:]
    ).provenance == Provenance("unreadable")


def test_an_image_that_is_too_large():
    result = scan(image("png") + bytes(MAX_IMAGE))
    assert (result.level, result.reason) == ("unscanned", "too_large")


@pytest.mark.parametrize(
    "instead",
    ["import os; os.kill(os.getpid(), 9)", "import os; os.abort()", "while True: pass", "print('[1')", "print('{}')"],
)
def test_one_that_kills_its_reader_ends_nothing_else(sign, tmp_path, monkeypatch, instead):
    child = tmp_path / "hijacked.py"
    child.write_text(instead)
    monkeypatch.setattr(provenance, "CHILD", child)
    monkeypatch.setattr(provenance, "SECONDS", 1)
    assert scan(sign("png")).provenance == Provenance("unreadable")
    assert load(Specification("declared", "image", "c2pa")).read([sign("png")])[0].scores == []


def test_what_cannot_be_read_passes_for_nothing(sign):
    """Elsewhere, or in a format in which we do not read it: nobody knows whether it was changed."""
    classifier = load(Specification("declared", "image", "c2pa"))
    gif = image("gif") + b"jumb"
    [remote, other, plain] = classifier.read([sign("jpeg", elsewhere="http://127.0.0.1:9/a"), gif, image("gif")])
    assert (remote.scores, other.scores) == ([], [])
    assert [one.value for one in plain.scores] == [0.0, 0.0]


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(FORMATS), st.data())
def test_a_damaged_manifest_never_raises(sign, kind, draw):
    data = sign(kind)
    start = data.find(b"jumb")
    place = draw.draw(st.integers(start - 8, start + 3_000))
    result = scan(data[:place] + draw.draw(st.binary(max_size=8)) + data[place + draw.draw(st.integers(0, 8)) :])
    assert result.reason == ""


def test_what_an_image_declares_becomes_scores(sign):
    classifier = load(Specification("declared", "image", "c2pa"))
    changed = bytearray(sign("png"))
    changed[-30] ^= 1
    values = [[score.value for score in one.scores] for one in classifier.read([sign("png"), bytes(changed)])]
    assert classifier.labels == ("altered", "ai_generated")
    assert values[0] == [0.0, 1.0]
    assert values[1][0] == 1.0
