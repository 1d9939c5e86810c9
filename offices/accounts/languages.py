"""The language of messages to a user: the one last chosen on the pages, or else the default."""

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import check_for_language

from offices.accounts.models import ChosenLanguage


def remember_language(user: User, code: str) -> None:
    """Store the language that the user has chosen; an unknown one is ignored."""
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        ChosenLanguage.objects.update_or_create(user=user, defaults={"code": code})


def language_of(user: User) -> str:
    """Return the code of the user's language. One query unless "chosen_language" was selected with the user."""
    chosen: ChosenLanguage | None = getattr(user, "chosen_language", None)
    return chosen.code if chosen and chosen.code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def in_language_of(user: User) -> translation.override:
    """Return a context manager that activates the user's language."""
    return translation.override(language_of(user))
