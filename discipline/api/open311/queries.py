"""Read the filters of a list of requests. Parameters that the standard does not name are left aside."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from discipline.api.open311.problems import Open311Problem
from offices.hours.schedule import ZONE

LONGEST = timedelta(days=90)  # of a list
MOST = 1000  # requests on a page
MOST_PAGES = 10_000
OPEN, CLOSED = "open", "closed"
NUMBER = re.compile(r"(?:RA-?)?([0-9]{1,9})", re.IGNORECASE)
# A plus sign that a client forgot to escape arrives as a space.
LOST_PLUS = re.compile(r" (?=[0-9]{2}:?[0-9]{2}$)")


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What of the requests is wanted. ids, codes, statuses: None for all; since and until are both included."""

    since: datetime
    until: datetime
    ids: tuple[int, ...] | None = None
    codes: tuple[str, ...] | None = None
    statuses: frozenset[str] | None = None
    page: int = 1
    page_size: int = MOST


def read_filter(given: QueryDict, now: datetime) -> RequestFilter:
    """Return the filter of a query. Raises Open311Problem 400 for a value that can't be read.

    service_request_id overrides the others, and with one of the dates the list reaches 90 days from it.
    """
    since, until = _read_span(given, now)
    ids, codes, statuses = (_listed(given, name) for name in ("service_request_id", "service_code", "status"))
    if wrong := [one for one in statuses or () if one not in (OPEN, CLOSED)]:
        raise Open311Problem(400, _("status: %(given)s. Pilihannya open dan closed.") % {"given": wrong[0]})
    return RequestFilter(
        since,
        until,
        None if ids is None else tuple(filter(None, map(read_number, ids))),
        codes,
        None if statuses is None else frozenset(statuses),
        _read_count(given, "page", 1, MOST_PAGES),
        _read_count(given, "page_size", MOST, MOST),
    )


def read_number(text: str) -> int | None:
    """Return the id of a report from its number ("RA-12" or "12"), None if it is none."""
    found = NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _read_span(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    start, end = read_moment(given, "start_date"), read_moment(given, "end_date")
    if start and end and end < start:
        raise Open311Problem(400, _("end_date mendahului start_date."))
    if start and end and end - start > LONGEST:
        raise Open311Problem(400, _("start_date dan end_date paling jauh 90 hari."))
    if start:
        return start, end or start + LONGEST
    end = end or now
    return end - LONGEST, end


def read_moment(given: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment in the W3C's format, None without one; a day alone is its beginning in the city.

    Raises Open311Problem 400 for anything else.
    """
    text = LOST_PLUS.sub("+", given.get(name, "").strip())
    if not text:
        return None
    try:
        if day := parse_date(text):
            moment: datetime | None = datetime.combine(day, time(), tzinfo=ZONE)
        else:
            moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1900 < moment.year < 3000:
        words = _("%(name)s: tulis waktu dengan zonanya seperti 2026-11-23T02:00:00Z.") % {"name": name}
        raise Open311Problem(400, words)
    return moment


def _read_count(given: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= most):
        words = _("%(name)s: tulis bilangan 1 sampai %(most)s.") % {"name": name, "most": most}
        raise Open311Problem(400, words)
    return int(text)


def _listed(given: QueryDict, name: str) -> tuple[str, ...] | None:
    """Return the values between the commas of a parameter, which may be repeated; None without one."""
    return tuple(filter(None, (one.strip() for one in ",".join(given.getlist(name)).split(",")))) or None
