"""Send photos of residents' reports: to who handles them, with heads hidden to others, and to the public."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.complaints import steps
from discipline.complaints.finding import complaint_in, may_handle, published
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.state_rule import ComplaintEvent
from offices.access.file_log import log_file
from offices.access.gate import User, scope_of
from offices.access.models import FileAccess


@never_cache
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a photo as it was sent, to who handles the report. 404 if that is out of the user's scope."""
    found = _in_scope(request.user, pk)
    if not may_handle(scope_of(request.user), complaint_in(scope_of(request.user), found.complaint_id or 0)):
        raise PermissionDenied
    _log(request.user, found)
    return _jpeg(found.jpeg)


@never_cache
@require_safe
def hidden(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a photo with heads hidden to whoever sees the report. 404 until it is made."""
    found = _in_scope(request.user, pk)
    if not found.hidden:
        raise Http404
    _log(request.user, found)
    return _jpeg(found.hidden)


@never_cache
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the public see a photo with heads hidden, or no longer. public: "1" or nothing."""
    scope = scope_of(request.user)
    if not (scope.operates or scope.inspects):
        raise PermissionDenied
    found = _in_scope(request.user, pk)
    complaint = complaint_in(scope, found.complaint_id or 0)
    if not may_handle(scope, complaint) or complaint.private:
        raise PermissionDenied
    public = request.POST.get("public") == "1" and bool(found.hidden)
    if found.public != public:
        ComplaintPhoto.objects.filter(pk=pk).update(public=public)
        steps.note(complaint, ComplaintEvent.PHOTO if public else ComplaintEvent.NO_PHOTO, request.user, timezone.now())
    return redirect("complaint", complaint.pk)


@login_not_required
@never_cache
@require_safe
def public(_request: HttpRequest, pk: int) -> HttpResponse:
    """Send a photo that the public may see, of a report that it may read."""
    found = get_object_or_404(ComplaintPhoto, pk=pk, public=True, complaint__in=published().values("pk"))
    if not found.hidden:
        raise Http404
    return _jpeg(found.hidden)


def _in_scope(user: User, pk: int) -> ComplaintPhoto:
    found = get_object_or_404(ComplaintPhoto.objects.exclude(complaint=None), pk=pk)
    complaint_in(scope_of(user), found.complaint_id or 0)
    return found


def _log(user: User, found: ComplaintPhoto) -> None:
    complaint = found.complaint
    assert complaint
    offices = [complaint.place.kelurahan_id if complaint.place else None]
    log_file(user, FileAccess.Kind.ATTACHMENT, f"aspirasi-{found.pk}", complaint.number, offices)


def _jpeg(picture: bytes | memoryview) -> HttpResponse:
    response = HttpResponse(bytes(picture), content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
