"""Template tag for subscriptions to reports by mail."""

from django import template
from django.template import Context

from discipline.reports.mail import words as mail_words

register = template.Library()


@register.inclusion_tag("reports/mail/_choices.html", takes_context=True)
def report_mails(context: Context) -> dict[str, object]:
    """Show the user's subscriptions, with the form to change them: {% report_mails %}."""
    user = context["request"].user
    return {
        "mail": user.email,
        "report_mails": mail_words.mail_choices(user),
        "csrf_token": context.get("csrf_token"),
    }
