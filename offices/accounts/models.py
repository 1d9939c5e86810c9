"""The log of tries to sign in, and which passwords somebody else set."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One try to sign in or to confirm one's password. The brake counts these rows; each user sees their own.

    `account` is a keyed hash of the name that was typed: a password typed in the wrong field is stored nowhere. `user`
    is None where no account has that name. `device` is of the cookie that a device gets at its first sign-in, "" of an
    unknown one.
    """

    class Outcome(models.TextChoices):
        WRONG = "wrong", _("Sandi salah")
        WRONG_CODE = "wrong_code", _("Sandi benar, kode salah")
        PASSWORD = "password", _("Sandi benar, langkah kedua belum selesai")
        CONFIRMED = "confirmed", _("Sandi ditegaskan ulang")
        SIGNED_IN = "signed_in", _("Masuk")

    at = models.DateTimeField()
    account = models.CharField(max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=32, blank=True)
    agent = models.CharField(max_length=200, blank=True)  # the User-Agent header
    session_key = models.CharField(max_length=40, blank=True)  # of SIGNED_IN

    class Meta:
        verbose_name = verbose_name_plural = _("percobaan masuk")
        indexes = [
            models.Index(fields=["account", "-at"], name="sign_in_by_account"),
            models.Index(fields=["address", "-at"], name="sign_in_by_address"),
            models.Index(fields=["user", "-at"], name="sign_in_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.outcome}"


class GivenPassword(models.Model):
    """The account's password was set by somebody else, on the command line: its owner must choose another one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("sandi dari orang lain")

    def __str__(self) -> str:
        return str(self.user)


class ChosenLanguage(models.Model):
    """The language in which a user last chose to read the pages: that of messages to this user, too."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="chosen_language"
    )
    code = models.CharField(_("bahasa"), max_length=8)

    class Meta:
        verbose_name = verbose_name_plural = _("bahasa yang dipilih")

    def __str__(self) -> str:
        return f"{self.user}: {self.code}"
