"""A posted request as the form of a resident's report, so that both keep the same rules."""

import re
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
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
from offices.places.models import Kelurahan

SALT = "discipline.api.open311.key"
WORD = re.compile(r"\w+")
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


def kind_with(code: str, among: QuerySet[ComplaintKind]) -> ComplaintKind:
    """Return the kind with this code. Raises Open311Problem 400 without one, 404 for one that is not among these."""
    if not code:
        raise Open311Problem(400, _("service_code wajib diisi."))
    kind = among.filter(code=code).first()
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

    address_id and attribute[office] are the code of an office. An address without lat and long is at the middle of the
    kelurahan that it names. Names, telephones and devices of reporters are not stored.
    """
    kind = kind_with(request.POST.get("service_code", ""), offered())
    happened_at = read_moment(request.POST, NAMES["happened_at"])
    data = {
        "kind": kind.code,
        "office": request.POST.get(NAMES["office"]) or request.POST.get("address_id", ""),
        "latitude": request.POST.get("lat", ""),
        "longitude": request.POST.get("long", ""),
        "address": request.POST.get("address_string", ""),
        "happened_at": happened_at.astimezone(ZONE).strftime(str(LOCAL_TIME.format)) if happened_at else "",
        "mail": request.POST.get("email", ""),
        "key": str(key),
    }
    named = None
    if data["address"] and not (data["office"] or data["latitude"] or data["longitude"]):
        named = _kelurahan_in(data["address"])
        data |= {"latitude": str(named.latitude), "longitude": str(named.longitude)}
    data["text"] = _text(request, kind, named)
    with timezone.override(ZONE):
        form = ComplaintForm(data)
        if not form.is_valid():
            raise Open311Problem(400, *_errors(form))
    return form


def _text(request: HttpRequest, kind: ComplaintKind, named: Kelurahan | None) -> str:
    """Return what the city reads. The standard lets a description be left out: a picture is enough.

    media_url becomes a line of it; nothing is fetched from there.
    """
    text, media_url = (request.POST.get(name, "").strip() for name in ("description", "media_url"))
    if not text and (media_url or media_of(request)):
        text = _("%(kind)s: tanpa uraian, hanya foto.") % {"kind": kind.name}
    pin = _("Pin di tengah kelurahan %(name)s, menurut alamatnya.") % {"name": named.name} if named else ""
    return "\n".join(filter(None, [text, media_url, pin]))


def _kelurahan_in(address: str) -> Kelurahan:
    """Return the kelurahan that an address names, the first one. Raises Open311Problem 400 when it names none."""
    words = _words(address)
    named = [one for one in Kelurahan.objects.all() if _words(one.name) in words]
    if named:
        first: Kelurahan = min(named, key=lambda one: (words.find(_words(one.name)), -len(one.name)))
        return first
    raise Open311Problem(400, _("address_string: sertakan lat dan long, atau sebut kelurahannya."))


def _words(text: str) -> str:
    """Return the words in small letters, with a space around each."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def media_of(request: HttpRequest) -> "UploadedFile[bytes] | None":
    """Return the picture that was sent with the request, as some clients do."""
    return request.FILES.get("media")


def _errors(form: ComplaintForm) -> list[str]:
    return [f"{NAMES.get(name, name)}: {error}" for name, errors in form.errors.items() for error in errors]
