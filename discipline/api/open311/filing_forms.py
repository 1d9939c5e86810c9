"""A posted request as the form of a resident's report, so that both keep the same rules."""

from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from discipline.api.open311.payloads import HAPPENED_AT, OFFICE, offered
from discipline.api.open311.problems import Open311Problem
from discipline.api.open311.queries import read_moment
from discipline.complaints.forms import LOCAL_TIME, ComplaintForm
from discipline.complaints.models import ComplaintKind
from offices.hours.schedule import ZONE

SALT = "discipline.api.open311.key"
# The fields of the page and what the standard calls them.
NAMES = {
    "kind": "service_code",
    "office": f"attribute[{OFFICE}]",
    "latitude": "lat",
    "longitude": "long",
    "address": "address_string",
    "happened_at": f"attribute[{HAPPENED_AT}]",
    "text": "description",
    "mail": "email",
    "photo": "media",
}


def kind_with(code: str) -> ComplaintKind:
    """Return the kind with this code. Raises Open311Problem 400 without one, 404 for one that is not offered."""
    if not code:
        raise Open311Problem(400, _("service_code wajib diisi."))
    kind = offered().filter(code=code).first()
    if kind is None:
        raise Open311Problem(404, _("service_code %(code)s tidak ada.") % {"code": code[:40]})
    return kind


def key_of(request: HttpRequest, client: int) -> UUID:
    """Return the key of a posted request: the same for the same Idempotency-Key of the client with this id.

    Others can't work it out: with the key of a form its report's secret is shown again.
    """
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return uuid4()
    return UUID(bytes=salted_hmac(SALT, f"{client}:{given}", algorithm="sha256").digest()[:16])


def form_of(request: HttpRequest, key: UUID) -> ComplaintForm:
    """Return the valid form of a posted request. Raises Open311Problem with one error for each wrong field.

    address_id and attribute[office] are the code of an office. media_url becomes a line of the text that the city
    reads; nothing is fetched from there. Names, telephones and devices of reporters are not stored.
    """
    kind = kind_with(request.POST.get("service_code", ""))
    happened_at = read_moment(request.POST, NAMES["happened_at"])
    media_url = request.POST.get("media_url", "").strip()
    data = {
        "kind": kind.code,
        "office": request.POST.get(NAMES["office"]) or request.POST.get("address_id", ""),
        "latitude": request.POST.get("lat", ""),
        "longitude": request.POST.get("long", ""),
        "address": request.POST.get("address_string", ""),
        "happened_at": happened_at.astimezone(ZONE).strftime(str(LOCAL_TIME.format)) if happened_at else "",
        "text": "\n".join(filter(None, [request.POST.get("description", ""), media_url])),
        "mail": request.POST.get("email", ""),
        "key": str(key),
    }
    with timezone.override(ZONE):
        form = ComplaintForm(data)
        if not form.is_valid():
            raise Open311Problem(400, *_errors(form))
    return form


def media_of(request: HttpRequest) -> "UploadedFile[bytes] | None":
    """Return the picture that was sent with the request, as some clients do."""
    return request.FILES.get("media")


def _errors(form: ComplaintForm) -> list[str]:
    return [f"{NAMES.get(name, name)}: {error}" for name, errors in form.errors.items() for error in errors]
