"""*Lupa sandi*: a link by mail, or whom to call."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.accounts import link_mails


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send links to whose username or address is posted; the answer is the same where there is none."""
    context = {"mail": link_mails.mail_is_set_up(), "contact": settings.HELP_CONTACT, "asked": False, "often": False}
    status = 200
    if request.method == "POST" and context["mail"]:
        words = request.POST.get("login", "").replace("\0", "").strip()[:254]
        if ratelimit.consume(request, action="reset_password", key=words.casefold()):
            link_mails.send_forgotten(words)
            context["asked"] = True
        else:
            context["often"], status = True, 429
    return render(request, "accounts/forgotten.html", context, status=status)
