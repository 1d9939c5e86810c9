"""URLs under /laporan-warga/."""

from django.urls import path

from discipline.complaints.blocks import views as block_views
from discipline.complaints.desk import views
from discipline.complaints.photos import views as photo_views

urlpatterns = [
    path("", views.complaints, name="complaints"),
    path("<int:pk>/", views.complaint, name="complaint"),
    path("foto/<int:pk>/", photo_views.photo, name="complaint-photo"),
    path("foto/<int:pk>/tersamar/", photo_views.hidden, name="complaint-photo-hidden"),
    path("foto/<int:pk>/tampilkan/", photo_views.show, name="complaint-photo-show"),
    path("<int:pk>/langkah/", views.step, name="complaint-step"),
    path("<int:pk>/jawab/", views.answer, name="complaint-answer"),
    path("<int:pk>/teks/", views.public_text, name="complaint-text"),
    path("<int:pk>/kejadian/", views.join, name="complaint-incident"),
    path("<int:pk>/bandingkan/", views.compare, name="complaint-compare"),
    path("<int:pk>/blokir/", block_views.block, name="complaint-block"),
    path("blokir/", block_views.blocks, name="complaint-blocks"),
    path("blokir/<int:pk>/cabut/", block_views.lift, name="complaint-block-lift"),
]
