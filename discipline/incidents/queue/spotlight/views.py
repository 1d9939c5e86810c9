"""Show an item of the queue on a screen, or on a wall in the operator's own browser where no screen is on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from discipline.board.screens import putting
from discipline.incidents.queue import gathering
from discipline.incidents.queue.items_rule import QueueAct, QueueItem, parse_key
from discipline.incidents.queue.spotlight.forms import ScreenForm
from discipline.incidents.queue.spotlight.screens import ScreenMayNot, last_screen, put_on, screens_for
from discipline.incidents.queue.spotlight.walls import wall_of
from offices.access.gate import operator_required, scope_of

HERE = "sini"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def spotlight(request: HttpRequest) -> HttpResponse:
    """Choose a screen for the item `key`, and put it there. An htmx request gets the form alone, or what was done.

    Without a screen that is on, for who is no operator, and with ?di=sini it leads to a wall with the cameras nearest
    to the item, or back when there are none. 404 for what neither waits nor is an open incident; 409 when the only
    screen's account may not see it, 422 for a form with that or another problem.
    """
    scope, now = scope_of(request.user), timezone.now()
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")[:40]
    parsed = parse_key(key)
    if parsed is None or not scope.city:
        raise Http404
    screens = screens_for(scope, now)
    if request.method == "POST":
        return _put(request, key)
    if not screens or not scope.operates or request.GET.get("di") == HERE:
        address = wall_of(scope, *parsed)
        if address is None:
            messages.warning(request, _("Tidak ada kamera di dekatnya."))
        return redirect(address or "queue")
    return _form(request, _item(request, key), ScreenForm(screens=screens, last=last_screen(request.user)))


@operator_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the spotlight `spotlight` (id); redirect to the queue, or answer 204 to the page's script."""
    number = request.POST.get("spotlight", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Http404
    putting.end(int(number), request.user, timezone.now())
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("queue")


def _put(request: HttpRequest, key: str) -> HttpResponse:
    scope, now = scope_of(request.user), timezone.now()
    if not scope.operates:
        raise PermissionDenied
    item, screens = _item(request, key), screens_for(scope, now)
    direct = "screen" not in request.POST  # the key of the queue, where one screen is on
    if not screens:
        return _answer(request, _("Tidak ada layar yang menyala."), 409)
    form = ScreenForm(request.POST, screens=screens, last=last_screen(request.user))
    if form.is_valid():
        screen = form.cleaned_data["screen"]
        try:
            put_on(screen, item, request.user, now)
        except ScreenMayNot:
            form.add_error("screen", _("Akun layar ini tidak boleh melihat butir itu."))
        else:
            return _answer(
                request, _("Dikirim ke layar %(name)s.") % {"name": screen.name}, 204 if direct else 200, item
            )
    if direct:
        return _answer(request, str(form.errors["screen"][0]), 409)
    return _form(request, item, form)


def _answer(request: HttpRequest, words: str, status: int, item: QueueItem | None = None) -> HttpResponse:
    """Answer the page's script, or go back to the queue with the words."""
    if not request.headers.get("HX-Request"):
        (messages.error if status == 409 else messages.success)(request, words)
        return redirect("queue")
    if status == 200:
        return render(request, "incidents/_queue_done.html", {"done": words, "item": item})
    return HttpResponse(words if status == 409 else "", status=status)


def _item(request: HttpRequest, key: str) -> QueueItem:
    item = gathering.item_of(key, timezone.now(), scope_of(request.user))
    if item is None or QueueAct.SPOTLIGHT not in item.may:
        raise Http404
    return item


def _form(request: HttpRequest, item: QueueItem, form: ScreenForm) -> HttpResponse:
    part = "incidents/_queue_spotlight.html"
    context = {"item": item, "form": form, "here": HERE, "part": part, "heading": _("Sorot di layar")}
    template = part if request.headers.get("HX-Request") else "incidents/queue_act.html"
    return render(request, template, context, status=422 if form.errors else 200)
