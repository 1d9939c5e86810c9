"""{% hold alert %}: is its evidence held, with the inspectorate's button. {% storage_notice %}: room is running out."""

from typing import Any

from django import template
from django.template import Context

from discipline import holds, retention
from discipline.models import Alert

register = template.Library()


@register.inclusion_tag("discipline/_hold.html", takes_context=True)
def hold(context: Context, alert: Alert) -> dict[str, Any]:
    scope = context.get("scope")
    return {
        "alert": alert,
        "hold": holds.of_indication(alert),
        "inspects": bool(scope and scope.inspects),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("discipline/_storage.html")
def storage_notice() -> dict[str, Any]:
    return {"room": retention.room()}
