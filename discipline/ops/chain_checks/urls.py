"""URLs of the page of the evidence chains."""

from django.urls import path

from discipline.ops.chain_checks import views

urlpatterns = [
    path("", views.chain, name="evidence-chain"),
    path("periksa/", views.check_now, name="evidence-check"),
]
