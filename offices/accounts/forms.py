"""The forms of accounts: changing one's own password, and making an account without one."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access.models import Membership

Role = Membership.Role
if TYPE_CHECKING:  # generic in their stubs only
    AccountModelForm = forms.ModelForm[User]
    MembershipModelForm = forms.ModelForm[Membership]
else:
    AccountModelForm = MembershipModelForm = forms.ModelForm


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


class NewAccountForm(MembershipModelForm):
    """A new account with its role; `roles` are those that the form offers."""

    username = forms.CharField(label=gettext_lazy("Nama pengguna"), max_length=150)
    name = forms.CharField(label=gettext_lazy("Nama atau jabatan"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    class Meta:
        model = Membership
        fields = ["role", "kecamatan", "kelurahan"]

    def __init__(self, *arguments: Any, roles: list[Role], **more: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": ""} | more)
        self.fields["role"] = forms.ChoiceField(
            label=gettext_lazy("Peran"), choices=[(role.value, role.label) for role in roles]
        )
        self.order_fields(["username", "name", "email", "role", "kecamatan", "kelurahan"])

    def clean_username(self) -> str:
        """Raise ValidationError for a name that is taken or holds what none may."""
        username: str = self.cleaned_data["username"].strip()
        for validator in User._meta.get_field("username").validators:
            validator(username)
        if get_user_model().objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Nama pengguna itu sudah dipakai."))
        return username

    def create(self) -> User:
        """Create the account without a password, and its membership."""
        values = self.cleaned_data
        user = User(username=values["username"], first_name=values["name"], email=values["email"])
        user.set_unusable_password()
        user.save()
        self.instance.user = user
        self.save()
        return user
