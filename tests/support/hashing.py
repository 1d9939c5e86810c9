"""Passwords that are hashed at once, and not, as they should be, in half a second."""

from django.conf import settings


def hash_fast() -> None:
    """Hash new passwords by MD5 in this process; those that are hashed well are still understood."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
