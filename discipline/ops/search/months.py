"""Find monthly reports by place and month, as people type them: "laporan ilir barat satu oktober"."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.ops.search.hits import Hit
from discipline.ops.search.site_pages import in_languages
from discipline.reports.numbers.period import Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.words import period_title
from offices.access.gate import Scope
from offices.places.models import Kecamatan, Kelurahan
from offices.places.search import matches, normalise, search_text

BACK = 13  # months, the present one included
WITHOUT_MONTH = 2  # of them are offered for a place alone
MONTHLY = frozenset({"laporan", "bulanan", "bulan", "report", "reports", "monthly", "month"})
SHORTEST = 3  # letters of a month that is begun


def monthly_reports(scope: Scope, offices: list[Kelurahan], wanted: str, today: date) -> list[Hit]:
    """Return the monthly reports that a normalised query names, newest first; `offices` are those of the scope.

    A month or the word for report alone means the widest place. Reports of a kelurahan are found when the query has a
    month or that word: its name alone means the office.
    """
    months = _months(today)
    names = {month: _titles(month) for month in months}
    spoken = {word for titles in names.values() for title in titles for word in title.split()}
    words = wanted.split()
    dated = [word for n, word in enumerate(words) if _is_spoken(word, spoken, last=n == len(words) - 1)]
    rest = " ".join(word for word in words if word not in dated and word not in MONTHLY)
    asked = bool(dated) or any(word in MONTHLY for word in words)
    if not rest and not asked:
        return []
    known = _places(scope, offices, everything=asked)
    places = [place for place, text in known if matches(rest, text)] if rest else [place for place, _text in known][:1]
    fitting = [month for month in months if _fits(dated, names[month])]
    return [
        Hit(
            reverse("report", args=[place.key, month.key]),
            _("Laporan %(month)s") % {"month": period_title(month)},
            place.title,
        )
        for month in (fitting if dated else fitting[:WITHOUT_MONTH])
        for place in places
    ]


def _months(today: date) -> list[Period]:
    months = [period_of(PeriodKind.MONTH, today)]
    while len(months) < BACK:
        months.append(months[-1].before)
    return months


def _titles(month: Period) -> list[str]:
    return [normalise(title) for title in in_languages(lambda: period_title(month))]


def _is_spoken(word: str, spoken: set[str], *, last: bool) -> bool:
    """Return whether a word is part of a month's name. Only the last one of a query may be just its beginning."""
    if word in spoken:
        return True
    return last and len(word) >= SHORTEST and any(one.startswith(word) for one in spoken)


def _fits(dated: list[str], titles: list[str]) -> bool:
    """Return whether a month has all these words in one of its titles, the last of them perhaps only begun."""
    return any(all(any(part.startswith(word) for part in title.split()) for word in dated) for title in titles)


def _places(scope: Scope, offices: list[Kelurahan], *, everything: bool) -> Iterator[tuple[OrgUnit, str]]:
    """Yield the places of the scope, widest first, and what `matches` searches for each.

    Without `everything` a kelurahan comes only where the scope has nothing wider.
    """
    if scope.city:
        city = OrgUnit(Level.CITY)
        yield city, search_text(*in_languages(lambda: city.name))
    kecamatan = Kecamatan.objects.all() if scope.city else Kecamatan.objects.filter(pk__in=scope.kecamatan)
    for one in kecamatan:
        yield OrgUnit(Level.KECAMATAN, one), search_text(one.name)
    if everything or not (scope.city or scope.kecamatan):
        for office in offices:
            yield OrgUnit(Level.KELURAHAN, office), search_text(office.name, office.official_name)
