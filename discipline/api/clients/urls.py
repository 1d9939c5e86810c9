"""URLs of the pages about API clients and webhooks."""

from django.urls import path

from discipline.api.clients import views as client_views

urlpatterns = [
    path("", client_views.integrations, name="integrations"),
    path("tambah/", client_views.add, name="integration-add"),
    path("<int:pk>/", client_views.integration, name="integration"),
    path("<int:pk>/ubah/", client_views.change, name="integration-change"),
    path("<int:pk>/ganti-token/", client_views.renew, name="integration-renew"),
    path("<int:pk>/cabut/", client_views.revoke, name="integration-revoke"),
    path("<int:pk>/webhook/", client_views.webhook_add, name="webhook-add"),
    path("webhook/<int:pk>/henti/", client_views.webhook_stop, name="webhook-stop"),
    path("webhook/<int:pk>/coba/", client_views.webhook_test, name="webhook-test"),
]
