"""URLs of articles under /kejadian/berkas/pasal/."""

from django.urls import path

from discipline.incidents.case_file.articles import views

urlpatterns = [
    path("", views.articles, name="case-articles"),
    path("baru/", views.add, name="case-article-add"),
    path("<int:pk>/", views.article, name="case-article"),
    path("<int:pk>/ubah/", views.change, name="case-article-change"),
]
