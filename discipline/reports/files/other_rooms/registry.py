"""The reports of other rooms, and the subject of a file or mail by its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.http import Http404
from django.utils.functional import Promise

from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit, place_for
from offices.access.gate import User, scope_of


@dataclass(frozen=True, slots=True)
class OtherReport:
    """A report of another room about a month of the whole city, for those who see the city.

    - key: stands in addresses and rows where a place's key would; no place has it.
    - name: its title, with a capital letter.
    - write: by the code of a FileFormat, writes the file of a month in the active language; `datetime` is now.
    - sentences: what a mail tells of a month, in the active language.
    - has_any: whether there is anything to tell of a month; without it no mail is sent.
    - page: the path of its page.
    """

    key: str
    name: str | Promise
    write: Mapping[str, Callable[[Period, datetime, IO[bytes]], None]]
    sentences: Callable[[Period, datetime], list[str]]
    has_any: Callable[[Period], bool]
    page: Callable[[Period], str]

    @property
    def office(self) -> None:
        """No office, as OrgUnit.office of a city."""


Subject = OrgUnit | OtherReport
_reports: dict[str, OtherReport] = {}


def register(report: OtherReport) -> None:
    """Register a report of another room. Called by the wiring."""
    _reports[report.key] = report


def other_reports() -> list[OtherReport]:
    """Return the registered reports."""
    return list(_reports.values())


def subject_for(user: User, key: str) -> Subject:
    """Return the report or place with this key. Raises Http404 if there is none, or not in the user's scope."""
    report = _reports.get(key)
    if report is None:
        return place_for(user, key)
    if not scope_of(user).city:
        raise Http404
    return report
