"""What notices are about. Each room registers its kind of subject by the prefix of its keys: "alert:123", "incident:4".

ops/wiring.py registers them, so that notices imports none of the rooms whose news it carries.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from discipline.notices import rule as notice_rule
from offices.places.models import Kelurahan

DIGEST_LINES = 6
MOST_TITLE = 120  # characters


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """A subject as it stands now, in Indonesian. `over`: a Delivery.Why that keeps it from being sent as present news;
    ENDED may still stand in a digest."""

    kind: notice_rule.AnyTopic
    office: Kelurahan | None
    title: str
    body: str
    url: str
    over: str = ""

    @property
    def line(self) -> str:
        first, _, _ = self.body.partition("\n")
        return f"{self.title}: {first}"


@dataclass(frozen=True, slots=True)
class News:
    """A subject that nobody has been told of yet."""

    key: str
    occasion: notice_rule.NoticeEvent
    office: Kelurahan | None


class SubjectSource:
    """One kind of subject. Override what it has."""

    def claim(self, now: datetime) -> list[News]:
        """Mark what is new as told and return what is still worth telling. Called in the transaction that queues it."""
        return []

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        """Return subjects as they stand at `now`; deleted ones are omitted."""
        return {}

    def obsolete(self, pk: int) -> str:
        """Return the Delivery.Why for which a notice with words of its own need not be sent any more, or ""."""
        return ""


_sources: dict[str, SubjectSource] = {}


def register(prefix: str, source: SubjectSource) -> None:
    """Registering a prefix again replaces its source."""
    _sources[prefix] = source


def claim_news(now: datetime) -> list[News]:
    return [news for source in _sources.values() for news in source.claim(now)]


def current(keys: Iterable[str], now: datetime) -> dict[str, NoticeSubject]:
    """Return subjects by key; deleted ones and those of unregistered prefixes are omitted."""
    wanted: dict[str, dict[int, str]] = {}
    for key in keys:
        prefix, number = _split(key)
        if prefix in _sources:
            wanted.setdefault(prefix, {})[int(number)] = key
    found: dict[str, NoticeSubject] = {}
    # Nobody chooses a language for a phone that lies on a table: notices are in Indonesian.
    with translation.override("id"), timezone.override(settings.TIME_ZONE):
        for prefix, keys_by_pk in wanted.items():
            subjects = _sources[prefix].current(keys_by_pk.keys(), now)
            found |= {keys_by_pk[pk]: subject for pk, subject in subjects.items()}
    return found


def obsolete(key: str) -> str:
    """Return the Delivery.Why for which a notice with words of its own need not be sent any more, or ""."""
    prefix, number = _split(key)
    return _sources[prefix].obsolete(int(number)) if prefix in _sources else ""


def summary(subjects: list[NoticeSubject]) -> NoticeSubject:
    """Return several subjects as one. Raises IndexError for an empty list."""
    lines = [subject.line for subject in subjects[:DIGEST_LINES]]
    if len(subjects) > DIGEST_LINES:
        lines.append(f"dan {len(subjects) - DIGEST_LINES} lainnya")
    url = (
        subjects[0].url if len({subject.url for subject in subjects}) == 1 else reverse("indications") + "?tahap=semua"
    )
    return NoticeSubject(subjects[0].kind, None, f"{len(subjects)} pemberitahuan", "\n".join(lines), url)


def _split(key: str) -> tuple[str, str]:
    """Return prefix and number of a key; what follows a second colon tells apart notices about one subject."""
    prefix, number = key.split(":")[:2]
    return prefix, number
