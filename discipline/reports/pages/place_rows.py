"""HTML of the rows and list entries of places on a report's page, in Python as cells.py has its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from discipline.reports.numbers import figures, numerals
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.numerals import share_of as share
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.pages.addresses import ReportAddresses
from discipline.reports.pages.cells import NOTHING, link_to
from discipline.reports.pages.parts import PartsTable, RankedPart
from discipline.reports.pages.standouts import Praise, Standout
from discipline.reports.pages.weeks import Sparkline

DASH = SafeString('<span class="soft">–</span>')


def part_rows(table: PartsTable, known: bool, place: OrgUnit, period: Period) -> SafeString:
    """Return the rows of the parts with a rank, or of those with too little data."""
    addresses, named = ReportAddresses(), table.level != place.parts
    return format_html_join(
        "", "{}", ((_part(one, addresses, period.key, named),) for one in (table.known if known else table.thin))
    )


def _part(part: RankedPart, addresses: ReportAddresses, period: str, named: bool) -> SafeString:
    line, sums = part.line, part.line.sums
    listed = addresses.indications(line.key, period)
    return format_html(
        '<tr data-part="{}"> <td class="number rank">{}</td> <th scope="row"><a href="{}">{}</a>{}</th>'
        ' <td class="number">{} {}</td> <td class="number soft wide-only">{}</td> <td class="wide-only">{}</td>'
        ' <td class="number wide-only" title="{}">'
        ' <span class="empty-time"><svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
        ' {}</span></td> <td class="number">{}</td></tr>',
        line.key,
        DASH if part.rank is None else part.rank,
        addresses.report(line.key, period),
        line.name,
        format_html(' <span class="soft small">{}</span>', line.parent) if line.parent and named else NOTHING,
        _availability(part, sums),
        _coverage(sums),
        share(sums.coverage),
        sparkline(part.weeks) if part.weeks else NOTHING,
        _("%(minutes)s menit") % {"minutes": numerals.bare(figures.minutes(sums.absent_s))},
        format_html('<rect class="p-absent" width="{}" height="16"/>', part.bar) if part.bar else NOTHING,
        link_to(f"{listed}?hasil=dihitung&urut=terlama", sums.absent_s, numerals.hours),
        link_to(f"{listed}?hasil=dihitung", sums.indications, numerals.whole),
    )


def _availability(part: RankedPart, sums: Sums) -> SafeString:
    if part.rank is not None:
        return format_html("<b>{}</b>", share(sums.availability))
    return format_html('<span class="thin">{}</span>', _("tidak cukup data")) if sums.duty_s else DASH


def _coverage(sums: Sums) -> SafeString:
    """Return the coverage that stands below an availability where its own column doesn't fit."""
    if not sums.duty_s:
        return NOTHING
    words = _("cakupan %(share)s") % {"share": share(sums.coverage)}
    return format_html('<span class="soft small coverage narrow-only"> {}</span>', words)


def sparkline(line: Sparkline) -> SafeString:
    """Return the last weeks of a place as SVG."""
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{words}"><title>{words}</title> {} {}</svg>',
        line.width,
        line.height,
        format_html_join("", '<polyline points="{}"/>', ((points,) for points in line.lines)),
        format_html_join("", '<circle cx="{}" cy="{}" r="2.2"/>', line.dots),
        words=line.words,
    )


def standouts(offices: Iterable[Standout], place: OrgUnit, period: Period) -> SafeString:
    """Return the list's entries of offices that stand out, with their change."""
    addresses, in_city = ReportAddresses(), place.level is Level.CITY
    return format_html_join(
        "", "<li>{}</li>", ((_standout(one, addresses.report(one.line.key, period.key), in_city),) for one in offices)
    )


def _standout(one: Standout, address: str, in_city: bool) -> SafeString:
    return format_html(
        '<span class="standout-name" data-standout="{}"> <a href="{}">{}</a> <span class="soft small">{}'
        ' <span class="nowrap">{}</span></span></span> <span class="standout-value"><b>{}</b> {}</span>',
        one.line.key,
        address,
        one.line.name,
        f"{one.line.parent} · " if in_city else "",
        _("cakupan %(share)s") % {"share": share(one.line.sums.coverage)},
        share(one.line.sums.availability),
        _change(one) if one.change else NOTHING,
    )


def _change(one: Standout) -> SafeString:
    better = one.change is not None and one.change > 0
    words = _("naik %(points)s poin") if better else _("turun %(points)s poin")
    return format_html(
        '<span class="small nowrap change is-{}"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true">'
        ' <path d="{}" fill="currentColor"/></svg> {}</span>',
        "up" if better else "down",
        "M10 3 17 13H3z" if better else "M10 17 3 7h14z",
        words % {"points": numerals.tenths(one.points)},
    )


def praised(praise: Praise, shown: bool, place: OrgUnit) -> SafeString:
    """Return the list's entries of the praised offices that are shown at once, or of those folded away."""
    addresses, in_city, covered = ReportAddresses(), place.level is Level.CITY, _("cakupan %(share)s")
    return format_html_join(
        "",
        '<li data-praised="{}"><span class="standout-name"><a href="{}">{}</a> {}</span>'
        ' <span class="standout-value soft small">{}</span></li>',
        (
            (
                line.key,
                addresses.report(line.key, praise.period.key),
                line.name,
                format_html('<span class="soft small">{}</span>', line.parent) if in_city else NOTHING,
                covered % {"share": share(line.sums.coverage)},
            )
            for line in (praise.first if shown else praise.others)
        ),
    )
