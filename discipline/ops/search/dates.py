"""Read a day as people type it: "23 november", "serah terima 23/11/2026", "kemarin"."""

import re
from datetime import date, timedelta

from django.utils.dates import MONTHS

from discipline.ops.search.site_pages import in_languages

TODAY = frozenset({"hari ini", "today"})
YESTERDAY = frozenset({"kemarin", "yesterday"})
# What a query about the room may say beside the day.
BESIDE = re.compile(
    r"\b(giliran|jaga|shift|regu|serah|terima|handover|laporan|harian|daily|report|tanggal|tgl|duty|"
    r"senin|selasa|rabu|kamis|jumat|sabtu|minggu|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
NUMBERS = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}))?")
NAMED = re.compile(r"(?P<day>\d{1,2})\s+(?P<name>[a-z]{3,})(?:\s+(?P<year>\d{4}))?")


def day_in(query: str, today: date) -> date | None:
    """Return the day that the query names, and nothing but it; None for anything else.

    Without a year it is the newest such day that is not after `today`.
    """
    text = " ".join(BESIDE.sub(" ", query.lower()).replace(",", " ").split())
    if text in TODAY:
        return today
    if text in YESTERDAY:
        return today - timedelta(days=1)
    for pattern in (ISO, NUMBERS, NAMED):
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _month(parts["name"])
            return _day(int(parts["day"]), month, parts["year"], today)
    return None


def _day(day: int, month: int | None, year: str | None, today: date) -> date | None:
    if month is None:
        return None
    try:
        if year:
            return date(int(year), month, day)
        found = date(today.year, month, day)
        return found if found <= today else date(today.year - 1, month, day)
    except ValueError:
        return None


def _month(name: str) -> int | None:
    """Return the month of that name, or the only one that begins so, in any language of the site."""
    found = {
        number
        for number, word in MONTHS.items()
        if any(one.lower().startswith(name) for one in in_languages(lambda word=word: str(word)))  # type: ignore[misc]
    }
    return found.pop() if len(found) == 1 else None
