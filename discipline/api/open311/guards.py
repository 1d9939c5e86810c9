"""Who may ask: everybody so many times a minute from one address, and clients with a key may file."""

import time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.api.access import rates, tokens
from discipline.api.access.models import ApiRight
from discipline.api.access.tokens import Caller
from discipline.api.open311.payloads import site
from discipline.api.open311.problems import Open311Problem
from offices.accounts.visits import address_of

A_MINUTE = 600  # requests of one address, as nginx has it; many phones share one of their network


def check_rate(request: HttpRequest) -> None:
    """Count a request of this address. Raises Open311Problem 429 for one too many."""
    _check(rates.count_request(f"open311:{address_of(request) or '-'}", A_MINUTE, time.time()))


def check_jurisdiction(given: str) -> None:
    """Raise Open311Problem 404 for another city. None is asked for, as there is only one here."""
    own = site().partition("://")[2].partition("/")[0].partition(":")[0]
    if given and given.removeprefix("www.").casefold() != own.removeprefix("www.").casefold():
        raise Open311Problem(404, _("jurisdiction_id %(given)s tidak ada.") % {"given": given[:80]})


def caller_with_key(request: HttpRequest) -> Caller:
    """Return the client whose key was posted. Raises Open311Problem 403 for a wrong one, 429 over its rate.

    The key is read from the body alone: addresses are written into logs.
    """
    key = request.POST.get("api_key", "")
    if not key:
        raise Open311Problem(403, _("api_key wajib diisi; operator Dinas Kominfo memberikannya."))
    try:
        caller = tokens.authenticate(key, timezone.now())
    except tokens.TokenRefused as error:
        raise Open311Problem(403, _("api_key tidak berlaku: %(why)s.") % {"why": error.why}) from error
    if not caller.may(ApiRight.FILE_COMPLAINTS):
        raise Open311Problem(403, _("api_key ini tidak berhak meneruskan laporan warga."))
    _check(rates.count_request(caller.client.pk, caller.client.per_minute, time.time()))
    return caller


def _check(rate: rates.RateLimit) -> None:
    if rate.over:
        words = _("Paling banyak %(limit)s permintaan per menit.") % {"limit": rate.limit}
        raise Open311Problem(429, words, headers={"Retry-After": str(rate.reset_s)})
