"""The pages that notices and boards link to, for processes that serve none: their views would take 40 MB."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import path


def elsewhere(_request: HttpRequest, **_arguments: object) -> NoReturn:
    """Refuse: `discipline.urls` names the view that serves this page."""
    raise Http404


urlpatterns = [
    path("", elsewhere, name="board"),
    path("kantor/<str:code>/", elsewhere, name="office"),
    path("indikasi/", elsewhere, name="indications"),
    path("indikasi/<int:pk>/", elsewhere, name="indication"),
    path("kejadian/jaga/serah-terima/<int:pk>/", elsewhere, name="handover"),
    path("laporan-warga/<int:pk>/", elsewhere, name="complaint"),
]
