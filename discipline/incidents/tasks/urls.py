"""URLs under /tugas/."""

from django.urls import path

from discipline.incidents.tasks import views

urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("<int:pk>/", views.task, name="task"),
    path("<int:pk>/langkah/", views.step, name="task-step"),
]
