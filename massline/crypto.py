"""Encryption, hashes and codes: a few functions over the `cryptography` package.

Every key is derived from one master key (`settings.MASTER_KEY`) with HKDF and a purpose, so that a value
sealed for one purpose never opens for another. SM4/SM3 can later stand behind these same functions.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from math import inf
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code read aloud or copied by hand stays right."""
CODE_LENGTH = 20
"""Characters of a tracking code: 20 x 5 bits = 100 bits."""
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class Unreadable(ValueError):
    """The value was not sealed with this key, or was altered, or is too old."""


class TooOld(Unreadable):
    """The token was valid, and has expired."""


@lru_cache(maxsize=32)
def key_for(purpose: str) -> bytes:
    """Returns the 256-bit key for one purpose."""
    return derive(settings.MASTER_KEY.encode(), purpose)


def derive(secret: bytes, purpose: str) -> bytes:
    """Returns a 256-bit key for `purpose` out of a secret of at least 128 bits."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret)


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def seal(plain: bytes, key: bytes, context: str = "") -> bytes:
    """Encrypts with AES-256-GCM; `context` is bound to the result, and opening asks for the same one."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, key: bytes, context: str = "") -> bytes:
    sealed = bytes(sealed)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("not sealed with this key") from error


def keyed_hash(purpose: str, value: str) -> bytes:
    """Returns a hash that only the holder of the master key can compute: for looking up, never for reading back."""
    return hmac.digest(key_for(f"hash:{purpose}"), value.encode(), hashlib.sha256)


def new_code() -> str:
    """Returns a tracking code (查询码): 100 random bits in readable groups."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def plain_code(typed: str) -> str:
    """Returns a code or number as typed, made canonical: width, case, spaces, dashes and look-alike letters
    forgiven."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in text if c.isascii() and c.isalnum()).translate(LOOK_ALIKES)


def code_hash(typed: str) -> bytes:
    return keyed_hash("tracking-code", plain_code(typed))


def seal_token(purpose: str, payload: Any) -> str:
    """JSON sealed into a cookie-safe string that remembers when it was made."""
    plain = json.dumps([int(time.time()), payload], ensure_ascii=False).encode()
    return urlsafe_b64encode(seal(plain, key_for(f"token:{purpose}"), purpose)).decode()


def open_token(purpose: str, token: str, max_age: float = inf) -> Any:
    """Returns the payload of a token at most `max_age` seconds old; raises Unreadable, for one that was good once
    TooOld."""
    try:
        sealed = urlsafe_b64decode(token.encode())
        made, payload = json.loads(unseal(sealed, key_for(f"token:{purpose}"), purpose))
    except ValueError as error:
        raise Unreadable(purpose) from error
    if not 0 <= time.time() - made <= max_age:
        raise TooOld(purpose)
    return payload
