"""Whether this database holds demo history, and the notice that pages and files then carry."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from discipline.core.models import DemoHistory


def current_history() -> DemoHistory | None:
    """Return the marker of demo history that is still in the database, None when there is none."""
    return DemoHistory.objects.filter(forgotten_at=None).first()


def demo_notice() -> str:
    """Return the notice for pages, sheets, PDFs, mails and API responses while there is demo history, else ""."""
    return _("Data contoh, bukan keadaan sebenarnya") if current_history() else ""


def is_made_up(at: datetime) -> bool:
    """Return whether records about the moment `at` are demo data."""
    history = current_history()
    return history is not None and at < history.until


def for_templates(request: HttpRequest) -> dict[str, object]:
    """Add `demo_history` to the context (a context processor); it costs one query when a template uses it."""
    del request  # unused
    return {"demo_history": SimpleLazyObject(current_history)}
