from django.urls import path

from reports import bulletin, dashboard

urlpatterns = [
    path("desk/dashboard/", dashboard.dashboard, name="dashboard"),
    path("desk/dashboard/bulletins/<int:year>-W<int:number>/", bulletin.bulletin, name="bulletin"),
]
