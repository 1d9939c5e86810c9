"""Choose the language: Indonesian unless the user has chosen another one, whatever the browser prefers."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Django's LocaleMiddleware without Accept-Language, as browsers in Palembang often prefer English."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the cookie, or else the default one."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(known)
        request.LANGUAGE_CODE = translation.get_language()
