"""The public's pages of *Rumah Aspirasi*: no login, no cookie but that of forms, and nothing of who wrote."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.complaints import filing, steps
from discipline.complaints.blocks import keeping
from discipline.complaints.finding import published, published_near
from discipline.complaints.forms import ComplaintPageForm, FollowForm, TrackForm
from discipline.complaints.mailing import links
from discipline.complaints.mailing.links import LinkKind
from discipline.complaints.models import Complaint, ComplaintFollower
from discipline.complaints.photos import storing
from discipline.complaints.state_rule import ComplaintEvent, ComplaintState, ComplaintStepRefused
from discipline.complaints.words import BAD_PHOTO, REFUSED
from discipline.core.attachments import BadFile
from offices.accounts.link_mails import mail_is_set_up
from offices.accounts.visits import address_of

A_PAGE = 20
# What the public reads of a history.
PUBLIC_EVENTS = (ComplaintEvent.STATE.value, ComplaintEvent.ANSWER.value, ComplaintEvent.AGREED.value)


@login_not_required
@never_cache
@require_safe
def aspirations(request: HttpRequest) -> HttpResponse:
    """List the reports that the public may read, the newest first. ?hal=."""
    page = Paginator(published(), A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "complaints/aspirations.html", {"page": page})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Take a report. When the public has similar ones, the form comes back with them once.

    ?jenis= and ?kantor= (a code) are chosen already. 429 for an address that sends too many, 403 for what is blocked.
    """
    known = {"kind": request.GET.get("jenis"), "office": request.GET.get("kantor")}
    initial = {key: value for key, value in known.items() if value}
    form = ComplaintPageForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method != "POST":
        return _form(request, form)
    form.is_valid()
    # The same page, sent again: its solution is used, and browsers lose a photo that was made smaller.
    again = form.errors and set(form.errors) <= {"proof", "photo"}
    if again and (before := filing.filed_before(form.form_key, timezone.now())):
        return render(request, "complaints/sent.html", {"filed": before, "mail": mail_is_set_up()})
    show = partial(_form, request, form, only_proof=set(form.errors) == {"proof"}, has_photo=_keep_photo(request, form))
    if form.errors:
        return show(status=422)
    if form.is_trapped:
        return render(request, "complaints/sent.html", {"mail": mail_is_set_up()})
    return _take(request, form.new_complaint(keeping.sender_hashes(address_of(request))), show)


def _form(request: HttpRequest, form: ComplaintPageForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "mail": mail_is_set_up()} | more
    response = render(request, "complaints/write.html", context, status=status)
    response.asks_for_place = True  # type: ignore[attr-defined]  # for discipline.ops.web.headers
    return response


def _take(request: HttpRequest, new: filing.NewComplaint, show: Callable[..., HttpResponse]) -> HttpResponse:
    """Store a report, or follow the similar one that its resident chose. show: the form again, with more to say."""
    now, said = timezone.now(), f"{new.text} {new.address}"
    if keeping.is_held_back(new.sender, new.mail, said, now, private=new.kind.private):
        return show(status=403, blocked=True)
    asked = not new.kind.private and request.POST.get("new") != "1"
    near = published_near(new.kind, new.latitude, new.longitude) if asked else []
    chosen = next((one for one, _metres in near if str(one.pk) == request.POST.get("follow")), None)
    if near and not (chosen and new.mail):
        return show(status=422, near=near)
    if not ratelimit.consume(request, action="complaint", key=new.mail.casefold() or str(new.key)):
        return show(status=429, often=True)
    if chosen:
        filing.follow(chosen, new.mail, new.language, now)
        return redirect(reverse("aspiration", args=[chosen.pk]) + "?diikuti=1")
    filed = filing.file_complaint(new, now)
    return render(request, "complaints/sent.html", {"filed": filed, "mail": mail_is_set_up()})


def _keep_photo(request: HttpRequest, form: ComplaintPageForm) -> bool:
    """Keep the photo, so that it survives a form that comes back; return whether there is one.

    Adds an error to the form for a bad photo.
    """
    upload, key = form.files.get("photo"), form.form_key
    if key is None or form.is_trapped:
        return False
    if upload and "photo" not in form.errors:
        if not ratelimit.consume(request, action="complaint_photo"):
            form.add_error("photo", _("Terlalu sering. Coba lagi sebentar lagi."))
        else:
            try:
                storing.keep_photo(key, upload, timezone.now())
            except BadFile as bad:
                form.add_error("photo", BAD_PHOTO[str(bad)])
    return storing.has_photo(key)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret, and lead to the own report. 429 for too many tries."""
    form = TrackForm(request.POST or None)
    status, problem = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            number = form.cleaned_data["number"]
            if not ratelimit.consume(request, action="complaint_track", key=number.upper()):
                status, problem = 429, "often"
            elif found := filing.by_secret(number, form.cleaned_data["secret"]):
                return redirect("aspiration-own", links.token(LinkKind.OWN, found.pk))
            else:
                problem = "unknown"
    return render(request, "complaints/track.html", {"form": form, "problem": problem}, status=status)


@login_not_required
@never_cache
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show a report to who sent it."""
    return _own(request, _complaint_of(token), token)


@login_not_required
@never_cache
@require_POST
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Take the resident's word about an ended report. done: "1" for yes; otherwise it is opened again for `text`."""
    complaint = _complaint_of(token)
    try:
        if request.POST.get("done") == "1":
            steps.agree(complaint, timezone.now())
        else:
            steps.reopen(complaint, request.POST.get("text", "")[:2000].replace("\0", ""), timezone.now())
    except ComplaintStepRefused as refused:
        problem = REFUSED[str(refused)]
        return _own(request, complaint, token, problem=problem, status=422)
    return redirect("aspiration-own", token)


def _complaint_of(token: str) -> Complaint:
    known = links.read_token(token)
    if known is None or known[0] is not LinkKind.OWN:
        raise Http404
    return get_object_or_404(Complaint.objects.select_related("kind", "place__kelurahan"), pk=known[1])


def _own(request: HttpRequest, complaint: Complaint, token: str, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        "complaint": complaint,
        "token": token,
        "history": complaint.steps.filter(what__in=PUBLIC_EVENTS),
        "can_reopen": steps.can_reopen(complaint, now),
        "agreed": steps.has_agreed(complaint),
        "done": complaint.status is ComplaintState.DONE,
        "mail": mail_is_set_up(),
    }
    return render(request, "complaints/own.html", context | more, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link from a mail does, and do it on POST: programs that read mails open links too."""
    known = links.read_token(token)
    if known is None or known[0] is LinkKind.OWN:
        return render(request, "complaints/link.html", {"kind": ""}, status=404)
    kind, pk = known
    rows: Any = Complaint.objects if kind is LinkKind.CONFIRM else ComplaintFollower.objects
    if not rows.filter(pk=pk).exists():
        return render(request, "complaints/link.html", {"kind": ""}, status=404)
    if request.method != "POST":
        return render(request, "complaints/link.html", {"kind": kind.value})
    if kind is LinkKind.CONFIRM:
        steps.confirm(Complaint.objects.get(pk=pk), timezone.now())
        return redirect("aspiration-own", links.token(LinkKind.OWN, pk))
    if kind is LinkKind.FOLLOW:
        follower = filing.confirm_follower(pk, timezone.now())
        return redirect("aspiration", follower.complaint_id) if follower else redirect("aspirations")
    ComplaintFollower.objects.filter(pk=pk).delete()
    return render(request, "complaints/link.html", {"kind": "stopped"})


@login_not_required
@never_cache
@require_safe
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report that the public may read."""
    return _public(request, pk, FollowForm())


@login_not_required
@never_cache
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the address of somebody who wants to follow a public report. 429 for too many."""
    form = FollowForm(request.POST)
    if not (mail_is_set_up() and form.is_valid()):
        return _public(request, pk, form, status=422)
    mail = form.cleaned_data["mail"]
    complaint = get_object_or_404(published(), pk=pk)
    if not form.cleaned_data["website"]:
        if keeping.is_held_back(keeping.sender_hashes(address_of(request)), mail, "", timezone.now()):
            return _public(request, pk, form, status=403, blocked=True)
        if not ratelimit.consume(request, action="complaint", key=mail.casefold()):
            return _public(request, pk, form, status=429, often=True)
        filing.follow(complaint, mail, get_language() or "id", timezone.now())
    return redirect(reverse("aspiration", args=[pk]) + "?diikuti=1")


def _public(request: HttpRequest, pk: int, form: FollowForm, status: int = 200, **more: Any) -> HttpResponse:
    complaint = get_object_or_404(published(), pk=pk)
    context = {
        "complaint": complaint,
        "history": complaint.steps.filter(what__in=PUBLIC_EVENTS),
        "form": form,
        "photos": complaint.photos.filter(public=True),
        "mail": mail_is_set_up() and not complaint.status.ended,
        "followed": request.GET.get("diikuti") == "1",
    }
    return render(request, "complaints/aspiration.html", context | more, status=status)
