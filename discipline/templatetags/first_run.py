"""Template tags for the first days: how far the city is set up, and the cards of a role."""

from typing import Any

from django import template
from django.template import Context

from discipline.ops.first_run import tour
from discipline.ops.first_run.readiness_rule import MISSING, Part
from discipline.ops.first_run.remembered import setup_sum

register = template.Library()


@register.simple_tag
def setup_progress() -> Any:
    """Return remembered.SetupSum, for {% setup_progress as progress %}."""
    return setup_sum()


@register.simple_tag(takes_context=True)
def tour_cards(context: Context) -> Any:
    """Return the cards of the user's role while they are due, else nothing: {% tour_cards as cards %}."""
    return tour.cards_for(context["scope"]) if tour.is_due(context["request"]) else ()


@register.filter
def missing_word(part: Part) -> Any:
    """Return what an office is missing, in words."""
    return MISSING[part]
