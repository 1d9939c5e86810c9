"""Download of attachments."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from discipline.core import attachments
from offices.access.file_log import log_file
from offices.access.gate import scope_of
from offices.access.models import FileAccess


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send an attachment, always as a download. 404 when the user may not read it or its file is missing."""
    row = get_object_or_404(attachments.readable_within(scope_of(request.user)), pk=pk)
    try:
        file = attachments.path_of(row).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    log_file(request.user, FileAccess.Kind.ATTACHMENT, row.pk, row.name, attachments.offices_of(row))
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=row.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
