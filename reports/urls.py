from django.urls import path

from reports import bulletin, dashboard, desk

urlpatterns = [
    path("desk/dashboard/", dashboard.dashboard, name="dashboard"),
    path("desk/dashboard/bulletins/<int:year>-W<int:number>/", bulletin.bulletin, name="bulletin"),
    path("desk/exports/", desk.listed, name="exports"),
    path("desk/exports/new/", desk.new, name="export_new"),
    path("desk/exports/<export:pk>/", desk.shown, name="export"),
    path("desk/exports/<export:pk>/file/<str:token>/", desk.file, name="export_file"),
]
