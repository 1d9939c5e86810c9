"""URLs of cases under /kejadian/berkas/."""

from django.urls import include, path, register_converter

from discipline.incidents.case_file import file_views, views
from discipline.incidents.case_file.state_rule import CaseStepKind


class StepConverter:
    """A CaseStepKind's code."""

    regex = "|".join(kind.value for kind in CaseStepKind)

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code."""
        return value


register_converter(StepConverter, "case_step")

urlpatterns = [
    path("", views.cases, name="case-files"),
    path("pasal/", include("discipline.incidents.case_file.articles.urls")),
    path("<int:pk>/", views.case, name="case-file"),
    path("<int:pk>/langkah/<case_step:kind>/", views.step, name="case-file-step"),
    path("<int:pk>/gambar/", views.still, name="case-file-still"),
    path("<int:pk>/ulang/", views.again, name="case-file-again"),
    path("<int:pk>/rekaman-asli.mp4", file_views.original, name="case-file-original"),
    path("<int:pk>/isi/<int:part_pk>/", file_views.part, name="case-file-part"),
    path("<int:pk>/tanda-terima.pdf", file_views.receipt, name="case-file-receipt"),
]
