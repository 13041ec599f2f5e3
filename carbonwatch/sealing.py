"""Texts that a copy of the database must not give away: sealed with `SEAL_KEYS`."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _box() -> MultiFernet:
    digests = (hashlib.sha256(f"seal:{key}".encode()).digest() for key in settings.SEAL_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(d)) for d in digests])


def seal(text: str) -> str:
    """The text under the newest key."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text; `cryptography.fernet.InvalidToken` when none of the keys fits."""
    return _box().decrypt(token.encode()).decode()
