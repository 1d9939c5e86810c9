"""A fast password hasher: the default one takes half a second per password."""

from django.conf import settings


def hash_fast() -> None:
    """Hash new passwords by MD5 in this process; hashes by the other hashers still verify."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
