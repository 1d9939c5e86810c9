"""The page of the queue, its rows, and taking an item."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.incidents.queue import claims, gathering, rows
from discipline.incidents.queue.items_rule import parse_key
from offices.access.gate import city_required, operator_required, scope_of


@city_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the room. ?jenis= (ItemKind) narrows it; an htmx request gets the rows alone."""
    context = {
        **rows.context_of(scope_of(request.user), request.GET.get("jenis", ""), timezone.now()),
        "own": request.user.pk,
    }
    return render(request, rows.TEMPLATE if request.headers.get("HX-Request") else "incidents/queue.html", context)


@operator_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the item `key`, or give it back (back=1); redirect to the queue, or answer 204 to the page's script.

    404 for what is no key; what does not wait, or is not for this user, cannot be taken.
    """
    key, now = request.POST.get("key", "")[:40], timezone.now()
    if parse_key(key) is None:
        raise Http404
    problem = ""
    try:
        if request.POST.get("back") == "1":
            claims.give_back(key, request.user)
        elif key in {item.key for item in gathering.gather(now, scope_of(request.user))}:
            claims.take(key, request.user, now)
        else:
            problem = _("Butir itu tidak lagi menunggu.")
    except KeyError:
        raise Http404 from None
    except claims.TakenAlready as other:
        problem = _("Sudah diambil %(name)s.") % {"name": other}
    if request.headers.get("HX-Request"):
        return HttpResponse(problem, status=409) if problem else HttpResponse(status=204)
    if problem:
        messages.error(request, problem)
    return redirect("queue")
