"""End sessions that are over; redirect who must sign in first, or set up a second factor first."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from offices.access import second_factor
from offices.access.gate import scope_of
from offices.access.page_before import address_before
from offices.access.session_rule import SEEN_AT, is_idle, is_over
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


class SessionGateMiddleware:
    """After AuthenticationMiddleware. A session that is over is like none; pages without login stay open to all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session, answer, and give a device that signed in its cookie."""
        if request.user.is_authenticated and not _goes_on(request):
            request.session.flush()
            request.user = AnonymousUser()
        response = self.get_response(request)
        if username := getattr(request, "signed_in", ""):
            remember_device(request, response, username)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect to the enrolment page."""
        del args, kwargs  # unused
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        missing = second_factor.is_missing(request.user)
        request.second_factor_missing = missing  # type: ignore[attr-defined]  # for templates
        match = request.resolver_match
        enrolling = match is not None and match.view_name in ENROLMENT
        return redirect("mfa_index") if missing and not enrolling else None


class SignInMiddleware(LoginRequiredMiddleware):
    """Redirect to the login page, and from there back: after a form to its page, as its address may take no GET."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Redirect to the login page."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        login, name = self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        return redirect_to_login(address_before(request), login, name)


def _goes_on(request: HttpRequest) -> bool:
    """Return whether the session goes on, and note that it is used."""
    session, now = request.session, timezone.now().timestamp()
    if is_over(session, now) or (is_idle(session, now) and scope_of(request.user).inspects):
        return False
    if not session[SEEN_AT] > now - TOUCH_S:
        session[SEEN_AT] = now
        try:
            session.save()  # at once, so that a request that takes long overwrites nothing of others
        except UpdateError:  # ended from another device just now
            return False
        session.modified = False
    return True
