"""Add articles, and change them. The only writer of BylawArticle and ArticleChange."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from discipline.core.wording import calendar
from discipline.incidents.case_file.articles.models import ArticleChange
from discipline.incidents.case_file.finding import enforcers
from discipline.incidents.case_file.models import BylawArticle, CaseFile
from discipline.incidents.models import IncidentType
from offices.access.gate import Scope, User
from offices.places.models import Agency

FIELDS = ("bylaw", "article", "text", "kinds", "enforcer", "valid_from", "valid_until", "source", "certainty")
STAYS_OPEN = ("valid_until",)  # what may change of an article that a case names


class ArticleRefused(ValueError):
    """A change is not possible. The argument says why: NAMED, SAME or BEFORE."""

    NAMED, SAME, BEFORE = "named", "same", "before"


def writes_for(scope: Scope) -> QuerySet[Agency]:
    """Return the agencies of which the user may enter articles: for operators all, for members their enforcing ones."""
    return Agency.objects.all() if scope.operates else enforcers().filter(pk__in=scope.agencies)


def is_named(article: BylawArticle) -> bool:
    """Return whether a case was opened by it, so that only its last day may change."""
    return CaseFile.objects.filter(article=article).exists()


def add_article(
    data: dict[str, Any], reason: str, by: User, now: datetime, replaces: BylawArticle | None = None
) -> BylawArticle:
    """Store an article with its first change. `data`: by FIELDS. Raises ArticleRefused or ValidationError.

    The last day of the article that it `replaces` is then the one before it begins.
    """
    with transaction.atomic():
        article = BylawArticle(**{name: data[name] for name in FIELDS if name != "kinds"})
        article.full_clean()
        article.save(force_insert=True)
        article.kinds.set(data["kinds"])
        words = {name: ["", said] for name, said in _words(data).items() if said}
        _record(article, words, reason, by, now, added=True)
        if replaces:
            if not article.valid_from or (replaces.valid_from and article.valid_from <= replaces.valid_from):
                raise ArticleRefused(ArticleRefused.BEFORE)
            ended = values_of(replaces) | {"valid_until": article.valid_from - timedelta(days=1)}
            change_article(replaces, ended, reason, by, now)
    return article


def change_article(article: BylawArticle, data: dict[str, Any], reason: str, by: User, now: datetime) -> None:
    """Store what differs of `data` (by FIELDS), and record it. Raises ArticleRefused or ValidationError."""
    with transaction.atomic():
        # Who opens a case by it meanwhile waits, or is seen.
        locked = BylawArticle.objects.select_for_update().get(pk=article.pk)
        before, after = _words(values_of(locked)), _words(data)
        changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
        if not changed:
            raise ArticleRefused(ArticleRefused.SAME)
        if changed.keys() - set(STAYS_OPEN) and is_named(locked):
            raise ArticleRefused(ArticleRefused.NAMED)
        for name in changed.keys() - {"kinds"}:
            setattr(locked, name, data[name])
        locked.full_clean()
        locked.save()
        if "kinds" in changed:
            locked.kinds.set(data["kinds"])
        _record(locked, changed, reason, by, now)


def values_of(article: BylawArticle) -> dict[str, Any]:
    """Return its values by FIELDS."""
    return {name: getattr(article, name) for name in FIELDS if name != "kinds"} | {"kinds": list(article.kinds.all())}


def _record(
    article: BylawArticle, changed: dict[str, list[str]], reason: str, by: User, now: datetime, *, added: bool = False
) -> None:
    change = ArticleChange(
        article=article, at=now, by_id=by.pk or 0, added=added, changed=changed, reason=reason.strip()
    )
    change.full_clean()
    change.save(force_insert=True)


def _words(data: dict[str, Any]) -> dict[str, str]:
    """Return what is shown of each value: days and names of kinds as they are read, the others as they are stored."""
    return {name: _said(data[name]) for name in FIELDS}


def _said(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or value is None:
        return value or ""
    assert isinstance(value, Iterable)
    return ", ".join(sorted(kind.name for kind in value if isinstance(kind, IncidentType)))


def shown(name: str, said: str) -> str:
    """Return the words of a recorded value (see ArticleChange.changed) in the active language."""
    if said and name in ("valid_from", "valid_until"):
        return calendar(date.fromisoformat(said))
    if name == "certainty":
        return str(dict(BylawArticle._meta.get_field("certainty").flatchoices).get(said, said))
    return said
