from django.urls import path

from reports import dashboard

urlpatterns = [
    path("desk/dashboard/", dashboard.dashboard, name="dashboard"),
]
