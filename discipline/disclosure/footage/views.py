"""Pages on which the inspectorate makes copies of stored pictures for a person who was seen."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.disclosure.footage import drawing, marks_rule, requests
from discipline.disclosure.footage.archive import write_footage_copy
from discipline.disclosure.footage.forms import ApplicantForm, FootageForm
from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from offices.access.gate import inspector_required
from offices.hours.schedule import local_day
from streams.evidence import store
from streams.evidence.redaction.still import UnreadableOriginal
from streams.evidence.views import NOT_KEPT, refusal

Heads = list[marks_rule.FaceMark]


@inspector_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: HttpRequest) -> HttpResponse:
    """List the user's requests; a POST makes one and redirects to it."""
    now = timezone.now()
    form = FootageForm(request.POST or None, label_suffix="", initial={"day": local_day(now)})
    if request.method == "POST" and form.is_valid() and (made := _request(request, form)):
        return redirect("footage-copy", made.pk)
    context = {"form": form, "copies": requests.copies_of(request.user, now), "kept": requests.KEPT.days}
    status = 422 if request.method == "POST" else 200
    return render(request, "disclosure/footage_copies.html", context, status=status)


def _request(request: HttpRequest, form: FootageForm) -> FootageCopy | None:
    """Return the new request; None, and an error in the form, when it can't be made."""
    asked = form.cleaned_data
    try:
        return requests.request_copy(
            request.user, asked["counter"], asked["since"], asked["until"], asked["reason"], timezone.now()
        )
    except requests.NothingKept:
        form.add_error("end", _("Dari waktu itu tidak ada gambar loket ini yang disimpan."))
    except requests.TooManyPictures:
        limit = {"most": requests.MOST_PICTURES}
        form.add_error("end", _("Lebih dari %(most)s gambar. Pilih waktu yang lebih pendek.") % limit)
    return None


@inspector_required
@never_cache
@require_safe
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """List the pictures of a request and what is left to do."""
    asked = _copy(request, pk)
    pictures = list(requests.pictures_of(asked))
    unreadable = {one.pk for one in pictures if requests.is_unreadable(one)}
    context = {
        "copy": asked,
        "pictures": pictures,
        "unreadable": unreadable,
        "found": sum(one.marks is not None or one.pk in unreadable for one in pictures),
        "undecided": sum(not one.decided and one.pk not in unreadable for one in pictures),
        "chosen": sum(bool(one.chosen) for one in pictures),
        "until": asked.asked_at + requests.KEPT,
    }
    return render(request, "disclosure/footage_copy.html", context)


@inspector_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Show the original with numbered heads and the result; a POST says who is the applicant."""
    row = _picture(request, pk, picture)
    numbers = sorted(marks_rule.anchors(marks_rule.load(row.marks)))
    form = ApplicantForm(numbers, request.POST or None, label_suffix="", initial={"faces": row.chosen})
    rows = [one for one in requests.pictures_of(row.copy) if one.marks is not None]
    following = next((one for one in rows if not one.decided and one.pk != row.pk), None)
    if request.method == "POST":
        form = ApplicantForm(numbers, request.POST, label_suffix="")
        if form.is_valid():
            requests.decide(row, form.cleaned_data["faces"])
            if form.cleaned_data["faces"]:
                return redirect("footage-picture", pk, row.pk)
            return redirect("footage-picture", pk, following.pk) if following else redirect("footage-copy", pk)
    context = {"picture": row, "form": form, "following": following}
    status = 422 if request.method == "POST" else 200
    return render(request, "disclosure/footage_picture.html", context, status=status)


@inspector_required
@require_safe
def numbered(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Send the original with numbered heads, and log its opening."""
    return _drawn(request, _picture(request, pk, picture), drawing.draw_numbers)


@inspector_required
@require_safe
def hidden(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Send the picture as the copy will hold it."""
    row = _picture(request, pk, picture)
    return _drawn(request, row, lambda jpeg, marks: drawing.hide_others(jpeg, marks, row.chosen))


@inspector_required
@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the copy as a ZIP; back to its page, with a message, while something is left to do."""
    asked, now = _copy(request, pk), timezone.now()
    try:
        file = write_footage_copy(asked, request.user, now)
    except requests.NotReady:
        messages.error(request, _("Periksa dulu semua gambar, dan pilih pemohon sedikitnya di satu gambar."))
        return redirect("footage-copy", pk)
    name = f"sidak-salinan-gambar-{asked.pk}-{local_day(asked.since)}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _copy(request: HttpRequest, pk: int) -> FootageCopy:
    """Return the user's own request. Raises Http404 for others and expired ones."""
    return get_object_or_404(requests.copies_of(request.user, timezone.now()), pk=pk)


def _picture(request: HttpRequest, pk: int, picture: int) -> FootagePicture:
    """Return a picture whose heads are found. Raises Http404 for others, and once the original is destroyed."""
    row = get_object_or_404(requests.pictures_of(_copy(request, pk)).select_related("copy__counter"), pk=picture)
    if row.marks is None:
        raise Http404
    return row


def _drawn(request: HttpRequest, row: FootagePicture, draw: Callable[[bytes, Heads], bytes]) -> HttpResponse:
    requests.log_opening(row, request.user, timezone.now())
    try:
        jpeg = draw(store.read_verified(row.original), marks_rule.load(row.marks))
    except (store.EvidenceAltered, store.EvidenceGone) as error:
        return refusal(request, row.original, error)
    except UnreadableOriginal as error:
        raise Http404 from error
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Cache-Control": NOT_KEPT})
