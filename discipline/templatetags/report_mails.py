"""{% report_mails %}: which reports this user gets by mail, with the way to change that."""

from typing import Any

from django import template
from django.template import Context

from discipline.reports.mail import words as mail_words

register = template.Library()


@register.inclusion_tag("reports/mail/_choices.html", takes_context=True)
def report_mails(context: Context) -> dict[str, Any]:
    user = context["request"].user
    return {
        "mail": user.email,
        "report_mails": mail_words.mail_choices(user.pk),
        "csrf_token": context.get("csrf_token"),
    }
