"""Template tags for legal holds and the disk usage of evidence."""

from django import template
from django.template import Context

from discipline.alerts.models import Alert
from discipline.evidence import legal_holds, retention
from discipline.evidence.retention import StorageStatus

register = template.Library()


@register.inclusion_tag("evidence/_hold.html", takes_context=True)
def hold(context: Context, alert: Alert) -> dict[str, object]:
    """Show whether an indication's evidence is held, with the inspectors' buttons: {% hold alert %}."""
    scope = context.get("scope")
    return {
        "alert": alert,
        "hold": legal_holds.hold_of_indication(alert),
        "inspects": bool(scope and scope.inspects),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("evidence/_storage.html")
def storage_notice() -> dict[str, StorageStatus]:
    """Warn when the disk quota of evidence is nearly used up: {% storage_notice %}."""
    return {"room": retention.storage_status()}
