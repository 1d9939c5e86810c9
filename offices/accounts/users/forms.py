"""The forms of *Pengguna*. Each gives a membership that fits its role, unsaved."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access.models import Membership
from offices.accounts.users.changes import PLACE, NewAccount
from offices.places.models import Agency, Kecamatan, Kelurahan

Role = Membership.Role


class _PlaceForm(forms.Form):
    """Role and place; `roles` are those that the form offers. `placing` is valid after is_valid()."""

    role = forms.ChoiceField(label=gettext_lazy("Peran"), required=False)
    kecamatan = forms.ModelChoiceField(
        Kecamatan.objects.order_by("name"), label=gettext_lazy("Kecamatan, untuk camat"), required=False
    )
    kelurahan = forms.ModelChoiceField(
        Kelurahan.objects.order_by("name"), label=gettext_lazy("Kelurahan, untuk lurah"), required=False
    )
    agency = forms.ModelChoiceField(
        Agency.objects.all(), label=gettext_lazy("Instansi, untuk anggotanya"), required=False
    )

    def __init__(self, *arguments: Any, roles: list[Role], **more: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": ""} | more)
        self.placing: Membership | None = None
        self.fields["role"] = forms.ChoiceField(
            label=gettext_lazy("Peran"),
            required=False,
            choices=[("", gettext_lazy("Tanpa peran")), *((role.value, role.label) for role in roles)],
        )

    def clean(self) -> dict[str, Any]:
        """Build the membership. Adds an error for a place that does not fit the role."""
        values = super().clean() or {}
        if values.get("role") and not self.errors.keys() & set(PLACE):
            placing = Membership(**{name: values.get(name) for name in PLACE})
            try:
                placing.full_clean(exclude=["user"])
            except ValidationError as error:
                self.add_error(None, ValidationError(error.messages))
            self.placing = placing
        return values


class _NamedForm(_PlaceForm):
    username = forms.CharField(
        label=gettext_lazy("Nama pengguna"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("Nama atau jabatan"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Untuk pemberitahuan, tautan, dan sandi yang lupa."),
    )

    def clean_username(self) -> str:
        """Raise ValidationError for a name that is taken or holds what none may."""
        username: str = self.cleaned_data["username"].strip()
        for validator in User._meta.get_field("username").validators:
            validator(username)
        if get_user_model().objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Nama pengguna itu sudah dipakai."))
        return username

    def account(self) -> NewAccount:
        """Return the names and the address."""
        values = self.cleaned_data
        return NewAccount(values["username"], values["name"], values["email"])


class InvitationForm(_NamedForm):
    """A new account with its role."""

    field_order = ("username", "name", "email", *PLACE)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        role: Any = self.fields["role"]
        role.required, role.choices = True, [("", gettext_lazy("Pilih peran")), *role.choices[1:]]


class AccountForm(_PlaceForm):
    """Name, address, role and place of an account."""

    name = forms.CharField(label=gettext_lazy("Nama atau jabatan"), max_length=150, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    field_order = ("name", "email", *PLACE)

    def __init__(self, *arguments: Any, account: User, **more: Any) -> None:
        held = Membership.objects.filter(user=account).first()
        place = {name: getattr(held, name) for name in PLACE} if held else {}
        super().__init__(*arguments, **more, initial={"name": account.get_full_name(), "email": account.email} | place)
        self._username = account.username

    def account(self) -> NewAccount:
        """Return the names and the address."""
        return NewAccount(self._username, self.cleaned_data["name"], self.cleaned_data["email"])


class HandOverForm(_NamedForm):
    """The successor, and what becomes of the account that had the place."""

    BLOCK, MOVE = "blokir", "pindah"
    old = forms.ChoiceField(
        label=gettext_lazy("Akun lama"),
        choices=[
            (BLOCK, gettext_lazy("Diblokir, tanpa peran")),
            (MOVE, gettext_lazy("Pindah ke peran di bawah")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("username", "name", "email", "old", *PLACE)

    def clean(self) -> dict[str, Any]:
        """Require a role where the account moves; drop one where it is blocked."""
        values = super().clean()
        if values.get("old") == self.MOVE and not values.get("role"):
            self.add_error("role", _("Pilih peran barunya."))
        if values.get("old") != self.MOVE:
            self.placing = None
        return values
