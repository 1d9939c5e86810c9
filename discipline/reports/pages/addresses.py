"""The addresses of reports, without resolving the URLs' patterns anew for each of the hundreds on a page."""

from django.urls import reverse

PLACE, PERIOD = "PLACE", "PERIOD"  # in no key: these have no capital letters but W and T


class ReportAddresses:
    """Makes addresses from two that are resolved once, by OrgUnit.key and Period.key."""

    def __init__(self) -> None:
        self._report = reverse("report", args=[PLACE, PERIOD])
        self._indications = reverse("report-indications", args=[PLACE, PERIOD])

    def report(self, place: str, period: str) -> str:
        """Return the address of a report."""
        return self._report.replace(PLACE, place).replace(PERIOD, period)

    def indications(self, place: str, period: str) -> str:
        """Return the address of the list of a report's indications."""
        return self._indications.replace(PLACE, place).replace(PERIOD, period)
