"""The kinds of reports that users choose to get by mail."""

from __future__ import annotations

from enum import StrEnum

from discipline.reports.numbers.period import PeriodKind


class MailKind(StrEnum):
    """Reports about presence by their period, and that of another room by its OtherReport.key."""

    DAY = PeriodKind.DAY.value
    WEEK = PeriodKind.WEEK.value
    MONTH = PeriodKind.MONTH.value
    INCIDENTS = "kejadian"

    @property
    def period_kind(self) -> PeriodKind:
        """The kind of its periods: a month for a report of another room."""
        return PeriodKind.MONTH if self is MailKind.INCIDENTS else PeriodKind(self.value)

    @property
    def of_presence(self) -> bool:
        """Whether it is about presence."""
        return self is not MailKind.INCIDENTS
