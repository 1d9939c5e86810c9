"""Pages of articles: the list, one with what was changed of it, adding one, changing one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.incidents.case_file.articles import changes
from discipline.incidents.case_file.articles.changes import ArticleRefused
from discipline.incidents.case_file.articles.forms import ArticleForm
from discipline.incidents.case_file.articles.models import ArticleChange
from discipline.incidents.case_file.articles.words import ARTICLE_REFUSED, FIELD_WORDS
from discipline.incidents.case_file.finding import keeps_cases
from discipline.incidents.case_file.models import BylawArticle
from discipline.incidents.case_file.papers.minutes import in_force
from offices.access.gate import Scope, scope_of
from offices.hours.schedule import local_day
from offices.places.models import Agency


@never_cache
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """List the articles, those in force first."""
    scope, today = _reader(request), local_day(timezone.now())
    rows = list(BylawArticle.objects.prefetch_related("kinds", "changes__by"))
    names = dict(Agency.objects.filter(code__in={one.enforcer for one in rows}).values_list("code", "name"))
    ended = [one for one in rows if one.valid_until and one.valid_until < today]
    shown = [one for one in rows if one not in ended]
    context = {
        "groups": [
            (_("Berlaku atau akan berlaku"), [_row(one, names) for one in shown]),
            (_("Tidak berlaku lagi"), [_row(one, names) for one in ended]),
        ],
        "may_write": changes.writes_for(scope).exists(),
        "sees_cases": keeps_cases(scope),
    }
    return render(request, "incidents/case_file/articles.html", context)


@never_cache
@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article, with what was changed of it."""
    scope = _reader(request)
    found = get_object_or_404(BylawArticle.objects.prefetch_related("kinds"), pk=pk)
    context = {
        "article": found,
        "in_force": in_force(found),
        "agency": Agency.objects.filter(code=found.enforcer).first(),
        "history": [(one, _lines(one)) for one in found.changes.select_related("by")],
        "named": changes.is_named(found),
        "may_write": changes.writes_for(scope).filter(code=found.enforcer).exists(),
    }
    return render(request, "incidents/case_file/article.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an article. ?ganti= (id) fills the form in with one, which ends the day before the new one begins."""
    agencies = _writes_for(request)
    asked = request.GET.get("ganti", "")
    replaces = _own(agencies, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    initial = changes.values_of(replaces) | {"valid_from": None, "valid_until": None} if replaces else {}
    form = ArticleForm(agencies, request.POST or None, initial=initial)
    if replaces:
        form.fields["valid_from"].required = True
        form.fields["valid_from"].help_text = _("Pasal yang lama berakhir sehari sebelumnya.")
    store = lambda: changes.add_article(  # noqa: E731
        form.cleaned_data, form.cleaned_data["reason"], request.user, timezone.now(), replaces
    )
    if request.method == "POST" and _stored(form, store):
        messages.success(request, _("Pasal tersimpan."))
        return redirect("case-articles")
    return _form_page(request, form, replaces=replaces)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an article; of one that a case names only its last day."""
    agencies = _writes_for(request)
    found = _own(agencies, pk)
    named, before = changes.is_named(found), changes.values_of(found)
    form = ArticleForm(agencies, request.POST or None, instance=found, named=named)
    store = lambda: changes.change_article(  # noqa: E731
        found, before | form.cleaned_data, form.cleaned_data["reason"], request.user, timezone.now()
    )
    if request.method == "POST" and _stored(form, store):
        messages.success(request, _("Perubahan tersimpan."))
        return redirect("case-article", pk)
    return _form_page(request, form, article=BylawArticle.objects.get(pk=pk), named=named)


def _stored(form: ArticleForm, store: Callable[[], object]) -> bool:
    """Return whether the form is valid and what it says was stored; else it has the errors."""
    if not form.is_valid():
        return False
    try:
        store()
    except ArticleRefused as refused:
        form.add_error(None, str(ARTICLE_REFUSED[str(refused)]))
        return False
    return True


def _form_page(request: HttpRequest, form: ArticleForm, **more: object) -> HttpResponse:
    return render(
        request, "incidents/case_file/article_form.html", {"form": form, **more}, status=422 if form.errors else 200
    )


def _reader(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    if not (scope.operates or keeps_cases(scope)):
        raise PermissionDenied
    return scope


def _writes_for(request: HttpRequest) -> QuerySet[Agency]:
    agencies = changes.writes_for(_reader(request))
    if not agencies.exists():
        raise PermissionDenied
    return agencies


def _own(agencies: QuerySet[Agency], pk: int) -> BylawArticle:
    """Return an article of one of these agencies. Raises Http404."""
    return get_object_or_404(BylawArticle, pk=pk, enforcer__in=agencies.order_by().values("code"))


def _row(one: BylawArticle, names: dict[str, str]) -> dict[str, object]:
    """Return what the list shows of an article."""
    newest = next(iter(one.changes.all()), None)
    return {
        "article": one,
        "in_force": in_force(one),
        "agency": names.get(one.enforcer, one.enforcer),
        "newest": newest,
    }


def _lines(one: ArticleChange) -> list[tuple[str, str, str]]:
    """Return the fields that were changed, in words: name, before, after."""
    return [
        (str(FIELD_WORDS[name]), changes.shown(name, before), changes.shown(name, after))
        for name, (before, after) in one.changed.items()
    ]
