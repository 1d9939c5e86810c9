"""What we decide in allauth's flows: the words, the brake's wait, and who may come from the city's provider."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib import messages
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices.accounts.visits import address_of


def wait_words(wait_s: float) -> str:
    """Return what to tell somebody who must wait before the next try."""
    if wait_s <= 90:
        seconds = max(1, round(wait_s))
        wait = ngettext("%(count)s detik", "%(count)s detik", seconds) % {"count": seconds}
    else:
        minutes = round(wait_s / 60)
        wait = ngettext("%(count)s menit", "%(count)s menit", minutes) % {"count": minutes}
    return _("Terlalu banyak sandi salah. Coba lagi dalam %(wait)s, atau masuk dengan passkey.") % {"wait": wait}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """allauth's account adapter; passwords are checked and braked by the authentication backend alone."""

    error_messages: Mapping[str, Any] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "Nama pengguna atau sandi salah. Periksa huruf besar dan kecil, lalu coba lagi."
        ),
        "incorrect_password": gettext_lazy("Sandi salah."),
        "enter_current_password": gettext_lazy("Sandi sekarang salah."),
        "too_many_login_attempts": gettext_lazy("Terlalu banyak kode salah. Coba lagi dalam beberapa menit."),
        "rate_limited": gettext_lazy("Terlalu sering. Coba lagi sebentar lagi."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user, or None. Raises ValidationError with the wait while the brake holds."""
        user = authenticate(request, **credentials)
        if wait_s := getattr(request, "braked_s", 0):
            raise ValidationError(wait_words(wait_s))
        return user  # type: ignore[return-value]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are made by the operator."""
        del request  # unused
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Skip it for those who have neither a password nor a factor yet: they came from the provider."""
        methods = self.get_reauthentication_methods(self.request.user)
        return bool(methods) and super().is_reauthentication_required(app=app, **more)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as all our parts see it."""
        return address_of(request) or "-"

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Return to the login page, which does not say that the account exists."""
        del user  # unused
        messages.error(request, _("Akun itu tidak dapat masuk."))
        return redirect("account_login")

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **more: Any
    ) -> None:
        """Show what is no success; the pages themselves show what was done."""
        if message:
            super().add_message(request, level, *args, message=message, **more)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets in whom the city's provider names by a username of ours, and binds that account to the identity."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Refuse: the provider gives nobody an account."""
        del request, sociallogin  # unused
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind an identity that comes for the first time. Raises ImmediateHttpResponse for strangers.

        An account that is bound stays so: a name that the provider gives to somebody else opens nothing.
        """
        if sociallogin.is_existing:
            return
        account = sociallogin.account
        claim = account.get_provider().app.settings["username_claim"]
        name = account.extra_data.get("id_token", {}).get(claim)
        user = get_user_model().objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            self._refuse(request, _("Identitas Anda belum mempunyai akun di Sidak. Mintalah kepada operator."))
        elif SocialAccount.objects.filter(user=user, provider=account.provider).exists():
            self._refuse(request, _("Akun dengan nama itu terikat pada identitas lain. Hubungi operator."))
        else:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **more: Any) -> None:
        """Return to the login page. Raises ImmediateHttpResponse."""
        del args, more  # unused
        self._refuse(request, _("Masuk lewat penyedia identitas tidak berhasil. Coba lagi, atau pakai sandi."))

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """Send nothing: the page Akun shows it."""

    def _refuse(self, request: HttpRequest, words: str) -> None:
        messages.error(request, words)
        raise ImmediateHttpResponse(redirect("account_login"))
