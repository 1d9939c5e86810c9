"""Keep the secrets of second factors encrypted, as those of cameras. Named in settings as MFA_ADAPTER."""

from collections.abc import Mapping
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offices.access.browser_names import browser_name
from streams.secrets import seal, unseal


class SealingMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no type hints
    """allauth's adapter of second factors, with sealed secrets and our words."""

    error_messages: Mapping[str, Any] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Kode itu salah atau sudah dipakai."),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open the secret. Raises ValidationError when no present key opens it."""
        text = unseal(encrypted_text)
        if text is None:
            raise ValidationError(_("Kode tidak dapat diperiksa: kunci server diganti. Hubungi operator."))
        return text

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Propose the name of this browser for a passkey."""
        del user, type  # unused
        return browser_name(context.request.META.get("HTTP_USER_AGENT", ""))

    def _get_site_name(self) -> str:
        return "Sidak"
