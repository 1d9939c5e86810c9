"""The page of the queue, its rows, and taking an item."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.incidents.queue import claims, gathering
from discipline.incidents.queue.items_rule import MOST_AN_HOUR, ItemKind, load_of
from discipline.incidents.shifts.duty import duty_now
from offices.access.gate import operator_required, scope_of

HOUR = timedelta(hours=1)


@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the room. ?jenis= (ItemKind) narrows it; an htmx request gets the rows alone."""
    if not scope_of(request.user).city:
        raise PermissionDenied
    template = "incidents/_queue_rows.html" if request.headers.get("HX-Request") else "incidents/queue.html"
    return render(request, template, _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    items = gathering.gather(now)
    chosen = request.GET.get("jenis", "")
    begun = gathering.begun_since(now - HOUR, items)
    load = load_of(begun, claims.operators_since(now - HOUR))
    return {
        "lines": [(item, item.waits_too_long(now)) for item in items if chosen in ("", item.kind.value)],
        "chosen": chosen,
        "kinds": [(kind, sum(item.kind is kind for item in items)) for kind in ItemKind],
        "number": len(items),
        "load": load,
        "heavy": load > MOST_AN_HOUR,
        "most": MOST_AN_HOUR,
        "duty": duty_now(now),
        "now": now,
    }


@operator_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the item `key`, or give it back (back=1); redirect to the queue, or answer 204 to the page's script."""
    key = request.POST.get("key", "")[:40]
    problem = ""
    try:
        if request.POST.get("back") == "1":
            claims.give_back(key, request.user)
        else:
            claims.take(key, request.user, timezone.now())
    except KeyError:
        raise Http404 from None
    except claims.TakenAlready as other:
        problem = _("Sudah diambil %(name)s.") % {"name": other}
    if request.headers.get("HX-Request"):
        return HttpResponse(problem, status=409) if problem else HttpResponse(status=204)
    if problem:
        messages.error(request, problem)
    return redirect("queue")
