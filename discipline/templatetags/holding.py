"""{% hold alert %}: is its evidence held, with the inspectorate's button. {% storage_notice %}: room is running out."""

from typing import Any

from django import template
from django.template import Context

from discipline.alerts.models import Alert
from discipline.evidence import legal_holds, retention

register = template.Library()


@register.inclusion_tag("evidence/_hold.html", takes_context=True)
def hold(context: Context, alert: Alert) -> dict[str, Any]:
    scope = context.get("scope")
    return {
        "alert": alert,
        "hold": legal_holds.hold_of_indication(alert),
        "inspects": bool(scope and scope.inspects),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("evidence/_storage.html")
def storage_notice() -> dict[str, Any]:
    return {"room": retention.storage_status()}
