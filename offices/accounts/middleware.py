"""End sessions that are over; redirect who must sign in first, choose a password or set up a second factor first."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from offices.access import second_factor
from offices.access.gate import keep_scope, scope_of
from offices.access.page_before import address_before
from offices.access.session_rule import GIVEN, SEEN_AT, is_idle, is_over
from offices.accounts.visits import remember_device

TOUCH_S = 60  # the last use of a session is known to the minute
ENROLMENT = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "logout",
}
OWN_PASSWORD = {"account_change_password", "logout"}
# Why a session ended, by the value of ?sesi= at the login page.
ENDED = {
    "usai": _("Sesi Anda berakhir: sudah 12 jam sejak Anda masuk. Masuk lagi; isian panjang di tab ini masih ada."),
    "diam": _("Sesi Anda berakhir: 2 jam tidak dipakai. Masuk lagi; isian panjang di tab ini masih ada."),
    "berakhir": _(
        "Sesi Anda berakhir: Anda dikeluarkan dari perangkat lain, sandinya diganti, atau akunnya diblokir."
        " Masuk lagi; isian panjang di tab ini masih ada."
    ),
}


class SessionGateMiddleware:
    """After AuthenticationMiddleware. A session that is over is like none; pages without login stay open to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session, answer, and give a device that signed in its cookie."""
        if request.user.is_authenticated:
            if ended := _why_ended(request):
                request.session.flush()
                request.user = AnonymousUser()
                request.session_ended = ended  # type: ignore[attr-defined]
            elif request.method in ("GET", "HEAD"):
                keep_scope(request.user)
        elif request.COOKIES.get(settings.SESSION_COOKIE_NAME) and _was_signed_in(request):
            request.session_ended = "berakhir"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if username := getattr(request, "signed_in", ""):
            remember_device(request, response, username)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect to the page of one's own password, or to that of enrolment."""
        del args, kwargs  # unused
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        request.password_given = bool(request.session.get(GIVEN))  # type: ignore[attr-defined]  # for templates
        if request.password_given and name not in OWN_PASSWORD:  # type: ignore[attr-defined]
            return redirect("account_change_password")
        missing = second_factor.is_missing(request.user)
        request.second_factor_missing = missing  # type: ignore[attr-defined]  # for templates
        enrolling = name in ENROLMENT or request.password_given  # type: ignore[attr-defined]
        return redirect("mfa_index") if missing and not enrolling else None


class SignInMiddleware(LoginRequiredMiddleware):
    """Redirect to the login page, and from there back: after a form to its page, as its address may take no GET."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Redirect to the login page, with the reason if a session ended."""
        if request.method in ("GET", "HEAD"):
            response = super().handle_no_permission(request, view_func)
        else:
            login, name = self.get_login_url(view_func), self.get_redirect_field_name(view_func)
            response = redirect_to_login(address_before(request), login, name)
        if ended := getattr(request, "session_ended", ""):
            response["Location"] += f"&{urlencode({'sesi': ended})}"
        return response


def _was_signed_in(request: HttpRequest) -> bool:
    """Return whether the cookie is of a session that is gone, or of an account that is let in no more."""
    return SESSION_KEY in request.session or request.session.session_key is None


def _why_ended(request: HttpRequest) -> str:
    """Return why the session is over, a key of ENDED; "" while it goes on, and note that it is used."""
    session, now = request.session, timezone.now().timestamp()
    if is_over(session, now):
        return "usai"
    if is_idle(session, now) and scope_of(request.user).inspects:
        return "diam"
    if not session[SEEN_AT] > now - TOUCH_S:
        session[SEEN_AT] = now
        try:
            session.save()  # at once, so that a request that takes long overwrites nothing of others
        except UpdateError:  # ended from another device just now
            return "berakhir"
        session.modified = False
    return ""
