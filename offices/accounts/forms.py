"""The forms of one's own account, and the administration's of a new one."""

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:  # generic in their stubs only
    AccountModelForm = forms.ModelForm[User]
else:
    AccountModelForm = forms.ModelForm


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth has no type hints
    """allauth's form, with the old password checked behind the brake."""

    def clean_oldpassword(self) -> str:
        """Raise ValidationError for a wrong one, or with the wait."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class AccountCreationForm(AccountModelForm):
    """The administration's form of a new account, which gets no password."""

    class Meta:
        model = User
        fields = ["username", "first_name", "email"]

    def save(self, commit: bool = True) -> User:
        """Create the account."""
        self.instance.set_unusable_password()
        return super().save(commit)


class OwnEmailForm(AccountModelForm):
    """One's own address."""

    class Meta:
        model = User
        fields = ["email"]
        labels = {"email": gettext_lazy("E-mail")}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}
