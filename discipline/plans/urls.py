"""URLs of the pages about hours, holidays and closures."""

from django.urls import path

from discipline.plans import plan_views
from discipline.plans import views as hours_views
from discipline.plans.closures import views as closure_views
from discipline.plans.holidays import views as holiday_views

urlpatterns = [
    path("jam-layanan/", hours_views.start, name="hours"),
    path("jam-layanan/riwayat/", hours_views.history, name="hours-history"),
    path("jam-layanan/ramadan/", plan_views.ramadan, name="plan-ramadan"),
    path("jam-layanan/aturan/<int:pk>/", plan_views.change, name="plan-change"),
    path("jam-layanan/aturan/<int:pk>/hapus/", plan_views.remove, name="plan-remove"),
    path("jam-layanan/hari-libur/", holiday_views.year, name="holidays"),
    path("jam-layanan/hari-libur/tambah/", holiday_views.add, name="holiday-add"),
    path("jam-layanan/hari-libur/<int:pk>/", holiday_views.change, name="holiday-change"),
    path("jam-layanan/hari-libur/<int:pk>/hapus/", holiday_views.remove, name="holiday-remove"),
    path("jam-layanan/<str:key>/", hours_views.place, name="hours-place"),
    path("jam-layanan/<str:key>/tambah/", plan_views.add, name="plan-add"),
    path("penutupan/", closure_views.closures, name="closures"),
    path("penutupan/ajukan/", closure_views.ask, name="closure-ask"),
    path("penutupan/catat/", closure_views.enter, name="closure-enter"),
    path("penutupan/permohonan/<int:pk>/", closure_views.asked, name="closure-request"),
    path("penutupan/permohonan/<int:pk>/jawab/", closure_views.answer, name="closure-answer"),
    path("penutupan/<int:pk>/", closure_views.closure, name="closure"),
    path("penutupan/<int:pk>/akhiri/", closure_views.end, name="closure-end"),
    path("penutupan/<int:pk>/cabut/", closure_views.revoke, name="closure-revoke"),
]
