"""The operator's pages of accounts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access.gate import operator_required
from offices.access.models import Membership
from offices.accounts import link_mails, links
from offices.accounts.users import changes, finding
from offices.accounts.users.acts import ACTS
from offices.accounts.users.forms import AccountForm, HandOverForm, InvitationForm

SHOWN = 25  # accounts on a page
HANDED_OVER = (Membership.Role.LURAH, Membership.Role.CAMAT)


@operator_required
@never_cache
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List accounts by ?q=, ?peran= and ?keadaan=."""
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "peran", "keadaan")}
    wanted = finding.AccountFilter(asked["q"], asked["peran"], asked["keadaan"])
    page = Paginator(finding.find_accounts(request.user, wanted), SHOWN).get_page(request.GET.get("hal"))
    lines = []
    for account in page.object_list:
        state = finding.state_of(account, bound=account.bound)  # type: ignore[attr-defined]  # annotated
        lines.append({"account": account, "state": state, "words": finding.STATES[state]})
    query = request.GET.copy()
    query.pop("hal", None)
    context = {
        "page": page,
        "lines": lines,
        "wanted": wanted,
        "roles": links.roles_for(request.user),
        "no_role": finding.NO_ROLE,
        "states": finding.STATES.items(),
        "query": query.urlencode(),
    }
    return render(request, "accounts/users/users.html", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account without a password, and show its link once."""
    form = InvitationForm(request.POST or None, roles=links.roles_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            issued = changes.invite(request.user, form.account(), form.placing, timezone.now())
        except changes.ChangeRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _show_link(request, issued, _("Akun dibuat"))
    return render(request, "accounts/users/add.html", {"form": form}, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account and what can be done to it; a POST changes names, address, role and place."""
    account = _account(request, pk)
    held = list(account.memberships.all())  # type: ignore[attr-defined]  # related_name of Membership
    form = AccountForm(request.POST or None, account=account, roles=links.roles_for(request.user))
    own = account.pk == request.user.pk
    if request.method == "POST" and not own and len(held) < 2 and form.is_valid():
        try:
            changes.change(request.user, account, form.account(), form.placing, timezone.now())
        except changes.ChangeRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("user", pk)
    context = {
        "account": account,
        "facts": finding.facts_of(account, timezone.now()),
        "form": form,
        "own": own,
        "several": len(held) > 1,
        "hands_over": len(held) == 1 and held[0].role in HANDED_OVER,
    }
    return render(request, "accounts/users/user.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the account's place to a new account, and show the link of that one once."""
    account = _account(request, pk)
    form = HandOverForm(request.POST or None, roles=links.roles_for(request.user), initial={"old": HandOverForm.BLOCK})
    if request.method == "POST" and form.is_valid():
        try:
            issued = changes.hand_over(request.user, account, form.account(), form.placing, timezone.now())
        except changes.ChangeRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _show_link(request, issued, _("Sudah diserahterimakan"))
    context = {"account": account, "form": form}
    return render(request, "accounts/users/hand_over.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask whether to do one of ACTS; a POST does it."""
    if name not in ACTS:
        raise Http404
    account, wanted = _account(request, pk), ACTS[name]
    if request.method == "POST":
        try:
            issued = wanted.run(request.user, account, timezone.now())
        except changes.ChangeRefused as refused:
            messages.error(request, str(refused))
        else:
            if issued is not None:
                return _show_link(request, issued, str(wanted.done))
            if name == "langkah-kedua":
                link_mails.tell_of_lost_factors(account)
            messages.success(request, str(wanted.done))
        return redirect("user", pk)
    return render(request, "accounts/users/act.html", {"account": account, "act": wanted})


def _account(request: HttpRequest, pk: int) -> User:
    """Return an account that the operator may change; raises Http404 for others."""
    return get_object_or_404(links.administered(request.user), pk=pk)


def _show_link(request: HttpRequest, issued: links.IssuedLink, title: str) -> HttpResponse:
    """Show the link, for the only time, and send it where mail is set up."""
    mailed = link_mails.send_link(issued)
    context: dict[str, Any] = {"issued": issued, "title": title, "mailed": mailed}
    return render(request, "accounts/users/issued.html", context)
