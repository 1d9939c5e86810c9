"""Views of API clients and webhooks: operators manage them, the inspectorate may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.api.access import tokens
from discipline.api.access.models import ApiClient, Webhook, WebhookCall
from discipline.api.clients.forms import ClientForm, WebhookForm
from discipline.api.webhooks import delivery as webhook_delivery
from discipline.api.webhooks import queue as webhook_queue
from offices.access.gate import operator_required, scope_of

RECENT = 20  # rows shown of stopped webhooks and of calls
CALL_LOADED = (
    "webhook",
    "alert__counter__kelurahan",
    "incident_step__incident",
    "task_step__task__incident",
    "complaint_step__complaint",
)


def may_look(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Raise PermissionDenied unless the user is an operator or of the inspectorate."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scope = scope_of(request.user)
        if not (scope.operates or scope.inspects):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@may_look
@require_safe
def integrations(request: HttpRequest) -> HttpResponse:
    """List all clients, the active ones first."""
    now = timezone.now()
    clients = ApiClient.objects.select_related("revoked_by").prefetch_related(
        "kecamatan", "kelurahan", "agencies", "webhooks"
    )
    listed = [
        {
            "client": client,
            "status": client.status(now),
            "soon": client.expires_soon(now),
            "hooks": sum(hook.stopped_at is None for hook in client.webhooks.all()),
        }
        for client in clients
    ]
    listed.sort(key=lambda row: row["status"] != ApiClient.Status.ACTIVE)
    return render(request, "api/integrations.html", {"listed": listed})


@never_cache
@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Create a client and show its token once."""
    now = timezone.now()
    form = ClientForm(now, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, None)
    client = form.filled()
    token = tokens.create_token(client, request.user.pk or 0, now)
    form.save_areas()
    return _show_secret_once(request, client, token=token)


@never_cache
@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a client's name, scope, limits or expiry; this is also how a token is extended."""
    now = timezone.now()
    client = _unrevoked(pk)
    form = ClientForm(now, request.POST or None, client)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, ApiClient.objects.get(pk=pk))
    changed = form.filled()
    changed.changed_by_id, changed.changed_at = request.user.pk or 0, now
    changed.save()
    form.save_areas()
    messages.success(request, _("Tersimpan dan berlaku mulai sekarang."))
    return redirect("integration", pk)


@never_cache
@may_look
@require_safe
def integration(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a client, its webhooks and its latest calls."""
    return _page(request, get_object_or_404(ApiClient, pk=pk))


@operator_required
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace a client's token and show the new one once."""
    client = _unrevoked(pk)
    return _show_secret_once(request, client, token=tokens.renew_token(client, request.user.pk or 0, timezone.now()))


@never_cache
@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, and revoke a client's token on POST."""
    client = _unrevoked(pk)
    if request.method != "POST":
        return render(request, "api/revoke.html", {"client": client})
    tokens.revoke_token(client, request.user.pk or 0, timezone.now())
    messages.success(request, _("Token %(client)s dicabut. Webhook-nya ikut berhenti.") % {"client": client.name})
    return redirect("integrations")


@operator_required
@require_POST
def webhook_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a webhook to a client and show its secret once."""
    client = _unrevoked(pk)
    form = WebhookForm(client, request.POST)
    if not form.is_valid():
        return _page(request, client, 422, form)
    url, now = form.cleaned_data["url"], timezone.now()
    _hook, secret = webhook_queue.add_webhook(client, url, request.user.pk or 0, now, form.topics())
    return _show_secret_once(request, client, secret=secret, url=url)


@operator_required
@require_POST
def webhook_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a webhook; calls still queued will be skipped."""
    hook = get_object_or_404(Webhook, pk=pk, stopped_at=None)
    webhook_queue.stop_webhook(hook, timezone.now())
    messages.success(request, _("Webhook dihentikan. Yang masih menunggu tidak dikirim."))
    return redirect("integration", hook.client_id)


@operator_required
@require_POST
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test call at once, through the same outbox as every other call, and show the result."""
    hook = get_object_or_404(Webhook, pk=pk, stopped_at=None)
    now = timezone.now()
    call = webhook_queue.queue_test_call(hook, now)
    webhook_delivery.deliver_due(now, only=call.pk)
    call.refresh_from_db()
    if call.state == WebhookCall.State.SENT:
        messages.success(request, _("Percobaan diterima oleh alamat itu."))
    else:
        messages.error(request, _("Percobaan belum diterima: %(why)s") % {"why": call.why_word})
    return redirect("integration", hook.client_id)


def _unrevoked(pk: int) -> ApiClient:
    return get_object_or_404(ApiClient, pk=pk, revoked_at=None)


def _form(request: HttpRequest, form: ClientForm, client: ApiClient | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "api/client_form.html", {"form": form, "client": client}, status=status)


def _show_secret_once(request: HttpRequest, client: ApiClient, **secrets: str) -> HttpResponse:
    """Show a token or a webhook's secret: the only page that does, and the browser must not cache it."""
    context = {"client": client, "site": str(settings.SITE_URL).rstrip("/"), **secrets}
    response = render(request, "api/secret_once.html", context)
    add_never_cache_headers(response)
    return response


def _page(request: HttpRequest, client: ApiClient, status: int = 200, form: WebhookForm | None = None) -> HttpResponse:
    known = client.webhooks.select_related("made_by")
    calls = WebhookCall.objects.filter(webhook__client=client).select_related(*CALL_LOADED)
    now = timezone.now()
    context: dict[str, Any] = {
        "client": client,
        "status": client.status(now),
        "soon": client.expires_soon(now),
        "webhooks": known.filter(stopped_at=None),
        "stopped": known.exclude(stopped_at=None).order_by("-stopped_at")[:RECENT],
        "calls": calls[:RECENT],
        "form": form or WebhookForm(client),
    }
    return render(request, "api/integration.html", context, status=status)
