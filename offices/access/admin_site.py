"""The administration, which records what its pages change of accounts' rights."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from offices.access.rights_log import recorded_rights


class RecordingAdminSite(admin.AdminSite):
    """Django's administration, with all its pages in the log of rights, those of later models too."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a page: in one transaction with what a POST changes, record the changed rights."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method != "POST" or not self.has_permission(request):
                return inner(request, *args, **kwargs)
            with recorded_rights(request.user, timezone.now()):
                return inner(request, *args, **kwargs)

        return recorded

    def register(self, models: Any, *args: Any, **options: Any) -> None:  # type: ignore[override]
        """Leave out allauth's tables: their owners change them, and links that are logged."""
        wanted = [model for model in (models if isinstance(models, Iterable) else [models]) if not _is_allauths(model)]
        super().register(wanted, *args, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the login page of everybody, which brakes and asks for the second factor."""
        del extra_context  # unused
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Redirect to the page of everybody's own password."""
        del request, extra_context  # unused
        return redirect("account_change_password")


def _is_allauths(model: type[Model]) -> bool:
    return model.__module__.startswith("allauth.")
