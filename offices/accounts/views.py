"""The pages of one's own account, and of those who sign in."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from offices.access import second_factor
from offices.access.browser_names import browser_name
from offices.accounts import sign_ins
from offices.accounts.adapters import wait_words
from offices.accounts.forms import OwnEmailForm
from offices.accounts.languages import remember_language
from offices.accounts.middleware import ENDED
from offices.accounts.passwords import Braked, try_password
from offices.accounts.visits import visit_of

SHOWN = 20  # sign-ins


@login_not_required  # the login page uses it
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Set the language of the pages; for a signed-in user that of messages, too."""
    if request.user.is_authenticated:
        remember_language(request.user, request.POST.get("language", ""))
    return set_language(request)


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the user's sessions and latest tries to sign in."""
    here = request.session.session_key
    tries = [(row, browser_name(row.agent)) for row in sign_ins.sign_ins_of(request.user)[:SHOWN]]
    context = {
        "sessions": sign_ins.open_sessions(request.user, here, timezone.now()),
        "tries": tries,
        "enrolled": bool(second_factor.enrolled([request.user.pk or 0])),
    }
    return render(request, "accounts/account.html", context)


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End the user's other sessions."""
    ended = sign_ins.end_other_sessions(request.user, request.session.session_key, timezone.now())
    words = ngettext("%(count)s sesi lain diakhiri.", "%(count)s sesi lain diakhiri.", ended) % {"count": ended}
    messages.success(request, words)
    return redirect("account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no type hints
def own_email(request: HttpRequest) -> HttpResponse:
    """Change one's own address, to which links for a new password go, once it is sure who asks."""
    form = OwnEmailForm(request.POST or None, instance=request.user, label_suffix="")  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Alamat e-mail disimpan."))
        return redirect("account")
    return render(request, "accounts/email.html", {"form": form}, status=422 if form.errors else 200)


class EntranceView(LoginView):  # type: ignore[misc]  # allauth has no type hints for its views
    """The login page."""

    template_name = "accounts/login.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add the provider's name, "" without one, and why the session before ended."""
        context: dict[str, Any] = super().get_context_data(**more)
        ended = ENDED.get(self.request.GET.get("sesi", ""), "")
        return context | {"provider": settings.OIDC_NAME, "ended": "" if self.request.user.is_authenticated else ended}


class OwnPasswordView(PasswordChangeView):  # type: ignore[misc]  # allauth has no type hints for its views
    """Change one's own password. The session goes on, all others end."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send those who have no password, because they come from the provider, to their account."""
        if not request.user.has_usable_password():  # type: ignore[union-attr]
            return redirect("account")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and say so."""
        messages.success(self.request, _("Sandi diganti. Perangkat lain sudah dikeluarkan."))
        response: HttpResponse = super().form_valid(form)
        return response


class LinkedPasswordView(PasswordResetConfirmView):
    """Set a password by a link, tried behind the brake; Django keeps the token out of the page's address."""

    template_name = "accounts/set_password.html"
    success_url = reverse_lazy("account_login")

    @method_decorator([sensitive_post_parameters(), login_not_required])  # as Django's own
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count the try of a link as that of a password, on a name that no account can have."""
        if kwargs["token"] == self.reset_url_token:
            return super().dispatch(*args, **kwargs)
        name = f"tautan {kwargs['uidb64']}"
        user = self.get_user(kwargs["uidb64"])
        try:
            fits, row = try_password(
                name,
                visit_of(self.request, name),
                timezone.now(),
                lambda: user is not None and self.token_generator.check_token(user, kwargs["token"]),
            )
        except Braked as braked:
            words = wait_words(braked.wait_s)
            return render(self.request, self.template_name, {"validlink": False, "braked": words}, status=429)
        if fits:
            row.delete()
        return super().dispatch(*args, **kwargs)

    def get_user(self, uidb64: str) -> Any:
        """Return the link's account; None if it is blocked."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and send the user to the login page."""
        messages.success(self.request, _("Sandi disimpan. Masuklah dengan sandi itu."))
        response = super().form_valid(form)
        sign_ins.keep_own_password(form.user)
        return response
