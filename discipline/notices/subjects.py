"""Subjects of notices, by key: "alert:123", "incident:4". Each room has a source for the prefix of its keys.

ops/wiring.py registers the sources, so that notices imports none of the rooms it sends news of.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from discipline.notices import rule as notice_rule
from offices.places.models import Office

DIGEST_LINES = 6
MOST_TITLE = 120  # characters


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """A subject as it stands now, in the reader's language. `office` is None for the whole city.

    `over` is the Delivery.Why for which it must not be sent as current news, or ""; with ENDED it may still appear in
    a digest.
    """

    kind: notice_rule.AnyTopic
    office: Office | None
    title: str
    body: str
    url: str
    over: str = ""

    @property
    def line(self) -> str:
        """Title and first line of the body, for a digest."""
        return f"{self.title}: {self.body.partition(chr(10))[0]}"


@dataclass(frozen=True, slots=True)
class News:
    """A subject for which no notice has been queued yet."""

    key: str
    occasion: notice_rule.NoticeEvent
    office: Office | None


class SubjectSource:
    """Base class of sources, one for each kind of subject. Override the methods that apply to the kind."""

    def claim(self, now: datetime) -> list[News]:
        """Mark new subjects as announced and return those still worth a notice.

        Called in the transaction that queues the notices.
        """
        del now  # unused
        return []

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        """Return subjects as they stand at `now`; deleted ones are omitted."""
        del pks, now  # unused
        return {}

    def obsolete(self, pk: int) -> str:
        """Return the Delivery.Why for which a notice with a text of its own need not be sent any more, or ""."""
        del pk  # unused
        return ""


_sources: dict[str, SubjectSource] = {}


def register(prefix: str, source: SubjectSource) -> None:
    """Set the source of a prefix, in place of any earlier one."""
    _sources[prefix] = source


def claim_news(now: datetime) -> list[News]:
    """Claim the new subjects of all sources. Call it in the transaction that queues the notices."""
    return [news for source in _sources.values() for news in source.claim(now)]


def current(keys: Iterable[str], now: datetime, language: str) -> dict[str, NoticeSubject]:
    """Return subjects by key, in a language; deleted ones and those of unregistered prefixes are omitted."""
    wanted: dict[str, dict[int, str]] = {}
    for key in keys:
        prefix, number = _split(key)
        if prefix in _sources:
            wanted.setdefault(prefix, {})[int(number)] = key
    found: dict[str, NoticeSubject] = {}
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        for prefix, keys_by_pk in wanted.items():
            subjects = _sources[prefix].current(keys_by_pk.keys(), now)
            found |= {keys_by_pk[pk]: subject for pk, subject in subjects.items()}
    return found


def obsolete(key: str) -> str:
    """Return the Delivery.Why for which a notice with a text of its own need not be sent any more, or ""."""
    prefix, number = _split(key)
    return _sources[prefix].obsolete(int(number)) if prefix in _sources else ""


def summary(subjects: list[NoticeSubject]) -> NoticeSubject:
    """Return a digest of several subjects, in the active language. Raises IndexError for an empty list."""
    lines = [subject.line for subject in subjects[:DIGEST_LINES]]
    if len(subjects) > DIGEST_LINES:
        lines.append(_("dan %(n)s lainnya") % {"n": len(subjects) - DIGEST_LINES})
    url = (
        subjects[0].url if len({subject.url for subject in subjects}) == 1 else reverse("indications") + "?tahap=semua"
    )
    title = _("%(n)s pemberitahuan") % {"n": len(subjects)}
    return NoticeSubject(subjects[0].kind, None, title, "\n".join(lines), url)


def _split(key: str) -> tuple[str, str]:
    """Return prefix and number of a key. A second colon may follow, to distinguish several notices of one subject."""
    prefix, number = key.split(":")[:2]
    return prefix, number
