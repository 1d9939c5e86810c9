"""The resources of GeoReport v2. The suffix of an address chooses the format, also of errors."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from discipline.api.open311 import payloads, receipts
from discipline.api.open311.cross_origin import allow_any_origin, preflight
from discipline.api.open311.filing_forms import form_of, key_of, kind_with, media_of
from discipline.api.open311.formats import JSON, MEDIA_TYPES, XML, Value, written
from discipline.api.open311.guards import caller_with_key, check_jurisdiction, check_rate
from discipline.api.open311.problems import Open311Problem
from discipline.api.open311.queries import read_filter, read_number
from discipline.complaints import filing
from discipline.complaints.blocks import keeping
from discipline.complaints.blocks.block_rule import UNKNOWN_SENDER
from discipline.complaints.filing import FiledComplaint, NewComplaint
from discipline.complaints.finding import published, published_near
from discipline.complaints.photos import storing
from discipline.complaints.state_rule import ComplaintState
from discipline.complaints.words import BAD_PHOTO
from discipline.core.attachments import BadFile

Answer = tuple[str, Value]  # the name of the root, and what it holds
CREATED = 201
READING = ("GET", "HEAD")


def resource(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Make a view of a function that returns an answer or raises Open311Problem.

    It checks method, rate and jurisdiction; answers to GET have an ETag and are asked for again each time, as a text
    may be hidden from the public at any moment. Scripts of any site may read the answers.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @login_not_required
        @csrf_exempt  # no session counts here
        @wraps(function)
        def view(request: HttpRequest, suffix: str = "", **arguments: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                return preflight(methods)
            suffix = suffix or (JSON if request.path.endswith(f".{JSON}") else XML)
            try:
                _check(request, methods)
                root, value = function(request, **arguments)
            except Open311Problem as problem:
                return allow_any_origin(_uncached(problem.response(suffix)))
            return allow_any_origin(_answer(request, written(root, value, suffix), suffix))

        return view

    return decorate


def _check(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        allowed = ", ".join(methods)
        raise Open311Problem(405, _("Hanya %(methods)s.") % {"methods": allowed}, headers={"Allow": allowed})
    check_rate(request)
    given = request.POST if request.method == "POST" else request.GET
    check_jurisdiction(given.get("jurisdiction_id", ""))


@resource(*READING)
def discovery(request: HttpRequest) -> Answer:
    """Return where the API is and what it speaks."""
    root = payloads.site() + request.path.rpartition("/")[0]
    return "discovery", payloads.discovery(root)


@resource(*READING)
def services(_request: HttpRequest) -> Answer:
    """List the kinds of reports."""
    return "services", [payloads.service(kind) for kind in payloads.offered()]


@resource(*READING)
def definition(_request: HttpRequest, code: str) -> Answer:
    """Return what a kind of report asks for besides."""
    return "service_definition", payloads.definition(kind_with(code, payloads.offered()))


@resource(*READING, "POST")
def requests(request: HttpRequest) -> Answer:
    """List the reports that the public may read, or file one."""
    if request.method == "POST":
        return "service_requests", [_file(request)]
    wanted = read_filter(request.GET, timezone.now())
    for code in wanted.codes or () if wanted.ids is None else ():
        kind_with(code, payloads.known_kinds())
    return "service_requests", [payloads.request(one) for one in payloads.chosen(wanted)]


@resource(*READING)
def one_request(_request: HttpRequest, number: str) -> Answer:
    """Return a report that the public may read, as a list of one."""
    found = payloads.loaded(published()).filter(pk=read_number(number) or 0).first()
    if found is None:
        raise Open311Problem(
            404, _("service_request_id %(number)s tidak ada, atau belum dibuka untuk publik.") % {"number": number[:40]}
        )
    return "service_requests", [payloads.request(found)]


@resource(*READING)
def token(_request: HttpRequest, receipt: str) -> Answer:
    """Return the number of a report that its resident has confirmed."""
    found = receipts.confirmed(receipt)
    if found is None:
        raise Open311Problem(404, _("token tidak ada, atau laporannya belum ditegaskan lewat surel."))
    return "service_requests", [{"service_request_id": found.number, "token": receipt}]


@resource(*READING, "POST")
def unknown(_request: HttpRequest, rest: str) -> Answer:
    """Return 404 for any other address."""
    del rest  # unused
    raise Open311Problem(404, _("Alamat ini tidak ada. Mulailah dari discovery.xml."))


def _file(request: HttpRequest) -> dict[str, Value]:
    """File a report as the page does, and return its number, or a token while its resident has to confirm it.

    The caller's token stands for the page's proof of work. The caller's address is not the resident's, so only mail
    addresses and phrases can be blocked.
    """
    caller = caller_with_key(request)
    new = form_of(request, key_of(request, caller.client.pk)).new_complaint(UNKNOWN_SENDER)
    if keeping.is_held_back(UNKNOWN_SENDER, new.mail, f"{new.text} {new.address}", timezone.now()):
        raise Open311Problem(403, _("Laporan ini untuk sementara tidak dapat diterima."))
    near = published_near(new.kind, new.latitude, new.longitude)
    if not ratelimit.consume(request, action="complaint_passed_on", key=new.mail.casefold() or str(new.key)):
        raise Open311Problem(429, _("Terlalu sering. Coba lagi sebentar lagi."), headers={"Retry-After": "3600"})
    _keep_media(request, new)
    filed = filing.file_complaint(new, timezone.now())
    notice = [_notice(filed)]
    if near:
        numbers = ", ".join(one.number for one, _metres in near)
        notice.append(_("Laporan serupa di dekat sini: %(numbers)s.") % {"numbers": numbers})
    waits = filed.complaint.status is ComplaintState.UNCONFIRMED
    named: dict[str, Value] = (
        {"token": receipts.receipt_of(filed.complaint)} if waits else {"service_request_id": filed.complaint.number}
    )
    return named | {"service_notice": " ".join(notice), "account_id": None}


def _keep_media(request: HttpRequest, new: NewComplaint) -> None:
    if upload := media_of(request):
        try:
            storing.keep_photo(new.key, upload, timezone.now())
        except BadFile as bad:
            raise Open311Problem(400, f"media: {BAD_PHOTO[str(bad)]}") from bad


def _notice(filed: FiledComplaint) -> str:
    """Return what the resident has to know. The secret stands in the mail, or without one here."""
    if filed.complaint.status is ComplaintState.UNCONFIRMED:
        return _("Buka tautan di surel dalam tiga hari; baru kemudian laporan dibaca petugas.")
    if not filed.secret:  # sent before
        return filed.complaint.number
    return _("Nomor %(number)s, kata kunci %(secret)s: simpan keduanya untuk mengikuti laporan.") % {
        "number": filed.complaint.number,
        "secret": filed.secret,
    }


def _answer(request: HttpRequest, body: str, suffix: str) -> HttpResponse:
    response = HttpResponse(body, content_type=MEDIA_TYPES[suffix])
    if request.method == "POST":
        response.status_code = CREATED
        return _uncached(response)
    etag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    conditional = get_conditional_response(request, etag, None, response) or response
    conditional.headers["ETag"] = etag
    conditional.headers["Cache-Control"] = "public, no-cache"
    return conditional


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
