"""The pages of one's own account, and of links for others."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices.access import second_factor
from offices.access.browser_names import browser_name
from offices.access.gate import operator_required
from offices.access.rights_log import recorded_rights
from offices.accounts import links, sign_ins
from offices.accounts.forms import NewAccountForm

SHOWN = 20  # sign-ins, or accounts on a page


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


class EntranceView(LoginView):  # type: ignore[misc]  # allauth has no type hints for its views
    """The login page."""

    template_name = "accounts/login.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add the provider's name, "" without one."""
        context: dict[str, Any] = super().get_context_data(**more)
        return context | {"provider": settings.OIDC_NAME}


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
    """Set a password by a link; Django keeps the token out of the page's address."""

    template_name = "accounts/set_password.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and send the user to the login page."""
        messages.success(self.request, _("Sandi disimpan. Masuklah dengan sandi itu."))
        return super().form_valid(form)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def sign_in_links(request: HttpRequest) -> HttpResponse:
    """List accounts by ?q=; a POST makes the link of one of them and shows it once."""
    words = request.GET.get("q", "")[:100]
    issued = None
    if request.method == "POST":
        user = get_object_or_404(links.linkable(request.user), pk=request.POST.get("account") or 0)
        lost = bool(request.POST.get("lost")) and request.user.is_superuser  # type: ignore[union-attr]
        issued = links.issue_link(request.user, user, timezone.now(), without_factors=lost)
    page = Paginator(links.find_accounts(request.user, words), SHOWN).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    return render(
        request, "accounts/links.html", {"page": page, "words": words, "issued": issued, "query": query.urlencode()}
    )


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_account(request: HttpRequest) -> HttpResponse:
    """Make an account without a password, and show its link once."""
    form = NewAccountForm(request.POST or None, roles=links.roles_for(request.user))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with recorded_rights(request.user, now):
            user = form.create()
        return render(request, "accounts/invited.html", {"issued": links.issue_link(request.user, user, now)})
    status = 422 if form.errors else 200
    return render(request, "accounts/new_account.html", {"form": form}, status=status)
