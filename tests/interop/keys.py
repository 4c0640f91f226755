"""Secrets and key pairs of the forms that providers hand out: what the receiver holds, and what the provider."""

import base64
import random
import string

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo


def text(rng, prefix="", length=40):
    secret = prefix + "".join(rng.choices(string.ascii_letters + string.digits, k=length))
    return secret, secret


def private_pem(key):
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def ed25519_pair(rng):
    seed = rng.randbytes(32)
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return public, "whsk_" + base64.b64encode(seed).decode()


def p256(rng):
    key = ec.derive_private_key(rng.randrange(1, 2**255), ec.SECP256R1())
    return base64.b64encode(key.public_key().public_bytes(DER, PUBLIC)).decode(), private_pem(key)


def p521(rng):
    key = ec.derive_private_key(rng.randrange(1, 2**520), ec.SECP521R1())
    return key.public_key().public_bytes(PEM, PUBLIC).decode(), private_pem(key)


def made(form: str, rng: random.Random) -> tuple[str, str]:
    """A secret of this form. Whatever ends in `_` is a text with that prefix."""
    match form:
        case "text":
            return text(rng)
        case "64":
            return text(rng, length=64)
        case "base64":
            secret = "whsec_" + base64.b64encode(rng.randbytes(24)).decode()
        case "hex":
            secret = rng.randbytes(32).hex().upper()
        case "ed25519-hex":
            public, private = ed25519_pair(rng)
            return public.hex(), private
        case "ed25519-base64":
            public, private = ed25519_pair(rng)
            return base64.b64encode(public).decode(), private
        case "p256":
            return p256(rng)
        case "p521":
            return p521(rng)
        case prefix if prefix.endswith("_"):
            return text(rng, prefix)
        case unknown:
            raise ValueError(f"no secret has the form {unknown}")
    return secret, secret
