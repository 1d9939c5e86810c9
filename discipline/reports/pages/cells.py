"""HTML of what a report's page repeats most: days, hours of the week, steps of the trend, and the tables behind them.

A template resolves and localizes every value of each of some hundred cells anew; half the time of a page went there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from discipline.reports.numbers import numerals
from discipline.reports.numbers.charts import CalendarMonth, DayCell, HeatCell, HeatMap, Trend
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.numerals import bare_share
from discipline.reports.numbers.numerals import share_of as share
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import of_hour, weekday_name
from discipline.reports.pages.addresses import ReportAddresses
from discipline.reports.pages.page import TrendStep

NOTHING = SafeString("")


def calendar_cells(month: CalendarMonth, place: OrgUnit, special: Mapping[date, str]) -> SafeString:
    """Return the days of a calendar as SVG; those with duty are links to their reports."""
    addresses = ReportAddresses()
    day_words, off, thin = _("cakupan %(share)s"), _("libur"), _("tidak cukup data")
    return format_html_join(
        "",
        "{}",
        (
            (
                _day_of_duty(
                    cell, cell.sums, month.scale.colours, addresses.report(place.key, f"{cell.day}"), day_words, thin
                )
                if cell.sums
                else _day_off(cell, off if special.get(cell.day) else ""),
            )
            for cell in month.cells
        ),
    )


def _day_of_duty(cell: DayCell, sums: Sums, colours: str, address: str, covered: str, thin: str) -> SafeString:
    known = cell.value is not None
    return format_html(
        '<a href="{}" aria-label="{}: {}, {}"><rect class="cell {}" x="{}" y="{}" width="44" height="44"/>'
        '<text class="cell-day{on}" x="{left}" y="{}">{}</text>'
        '<text class="cell-number{on}" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<rect class="cell-coverage{on}" x="{left}" y="{}" width="{}" height="3"/></a>',
        address,
        format_date(cell.day, "l j F Y"),
        share(cell.value) if known else thin,
        covered % {"share": share(sums.coverage)},
        f"{colours}-{cell.step}" if known else "cell-thin",
        cell.x + 1,
        cell.y + 1,
        cell.y + 13,
        cell.day.day,
        cell.x + 23,
        cell.y + 31,
        bare_share(cell.value) if known else "?",
        cell.y + 38,
        cell.bar,
        on=f" on-{cell.step}" if known else "",
        left=cell.x + 5,
    )


def _day_off(cell: DayCell, word: str) -> SafeString:
    x, y = cell.x, cell.y
    text = '<text class="cell-off" x="{}" y="{}" text-anchor="middle">{}</text>'
    return format_html(
        '<g aria-hidden="true"><rect class="cell cell-none" x="{}" y="{}" width="44" height="44"/> '
        '<text class="cell-day" x="{}" y="{}">{}</text> {}</g>',
        *(x + 1, y + 1, x + 5, y + 13, cell.day.day),
        format_html(text, x + 23, y + 31, word) if word else NOTHING,
    )


def calendar_rows(months: Iterable[CalendarMonth], place: OrgUnit, period: Period) -> SafeString:
    """Return the table behind a calendar: a row for each day with duty."""
    addresses, thin = ReportAddresses(), _("tidak cukup data")
    listed = addresses.indications(place.key, period.key)
    days = ((cell, cell.sums) for month in months for cell in month.cells if cell.sums)
    return format_html_join(
        "",
        '<tr><th scope="row"><a href="{}">{}</a></th><td class="number">{}</td><td class="number">{}</td>'
        '<td class="number">{}</td></tr>',
        (
            (
                addresses.report(place.key, f"{cell.day}"),
                format_date(cell.day, "D, j M Y"),
                thin if cell.value is None else share(cell.value),
                share(sums.coverage),
                link_to(f"{listed}?hasil=dihitung&hari={cell.day}", sums.indications, str),
            )
            for cell, sums in days
        ),
    )


def heat_cells(heat: HeatMap, listed: str) -> SafeString:
    """Return the hours of a heat map as SVG, links to their indications; `listed`: the address of the list."""
    thin, weekdays = _("tidak cukup data"), {number: weekday_name(number) for number in range(1, 8)}
    return format_html_join(
        "",
        '<a href="{}?hasil=dihitung&amp;pekan={}&amp;jam={}" aria-label="{} {}: {}">'
        '<rect class="cell {}" x="{}" y="{}" width="44" height="30"/>'
        '<text class="cell-number{}" x="{}" y="{}" text-anchor="middle">{}</text></a>',
        (
            (
                listed,
                cell.weekday,
                cell.hour,
                weekdays[cell.weekday],
                of_hour(cell.hour),
                thin if cell.value is None else share(cell.value),
                "cell-thin" if cell.value is None else f"{heat.scale.colours}-{cell.step}",
                cell.x + 1,
                cell.y + 1,
                "" if cell.value is None else f" on-{cell.step}",
                cell.x + 23,
                cell.y + 21,
                "?" if cell.value is None else bare_share(cell.value),
            )
            for cell in heat.cells
        ),
    )


def heat_rows(heat: HeatMap) -> SafeString:
    """Return the table behind a heat map: a row for each hour."""
    thin = _("tidak cukup data")

    def text(cell: HeatCell | None) -> str:
        return numerals.NONE if cell is None else thin if cell.value is None else share(cell.value)

    return format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (of_hour(hour), format_html_join("", '<td class="number">{}</td>', ((text(cell),) for cell in cells)))
            for hour, cells in heat.rows
        ),
    )


def trend_ground(trend: Trend) -> SafeString:
    """Return the columns of coverage below a trend as SVG."""
    return format_html_join(
        "",
        '<rect class="seen" x="{}" width="{}" y="{}" height="{}"/>',
        ((dot.left, trend.column, dot.coverage_y, dot.coverage_h) for dot in trend.dots),
    )


def trend_dots(trend: Trend, steps: Sequence[TrendStep]) -> SafeString:
    """Return the dots of a trend and the labels of its steps as SVG."""
    labelled = [(dot, step) for dot, step in zip(trend.dots, steps, strict=True) if dot.labelled]
    foot = trend.height + 16
    return format_html_join(
        "", '<circle cx="{}%" cy="{}" r="4"/>', ((dot.x, dot.y) for dot in trend.dots if dot.y)
    ) + format_html_join(
        "",
        '<text x="{}%" y="{}" text-anchor="middle">{}</text>',
        ((dot.x, foot, step.label) for dot, step in labelled),
    )


def trend_rows(steps: Iterable[TrendStep], place: OrgUnit, floor: int) -> SafeString:
    """Return the table behind a trend."""
    addresses = ReportAddresses()
    return format_html_join(
        "",
        '<tr> <th scope="row"><a href="{}">{}</a></th> <td class="number">{}</td> <td class="number">{}</td>'
        ' <td class="number">{}</td> <td class="number">{}</td></tr>',
        (
            (
                addresses.report(place.key, step.period.key),
                step.title,
                _of_step(step.sums, floor),
                share(step.sums.coverage),
                _step_link(step, addresses.indications(place.key, step.period.key)),
                _before(step.before, floor),
            )
            for step in steps
        ),
    )


def _of_step(sums: Sums, floor: int) -> str:
    if sums.enough(floor):
        return share(sums.availability)
    return _("tidak cukup data") if sums.duty_s else numerals.NONE


def _step_link(step: TrendStep, listed: str) -> str:
    """Return the number of indications, as a link where the step lies wholly in the report's period."""
    if not step.whole or not step.sums.indications:
        return numerals.whole(step.sums.indications)
    return link_to(f"{listed}?hasil=dihitung", step.sums.indications, numerals.whole)


def _before(sums: Sums | None, floor: int) -> str:
    if sums is None or not sums.enough(floor):
        return numerals.NONE
    covered = _("cakupan %(share)s") % {"share": share(sums.coverage)}
    return format_html('{} <span class="soft small">{}</span>', share(sums.availability), covered)


def link_to(address: str, number: int, word: Callable[[int], str]) -> SafeString:
    """Return a number as a link to what it counts; 0 without."""
    return format_html('<a href="{}">{}</a>', address, word(number)) if number else SafeString("0")
