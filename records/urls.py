from django.urls import path

from records import desk

urlpatterns = [
    path("desk/<slug:plural>/<slug:number>/new/<slug:kind>/", desk.create_from, name="create_from"),
]
