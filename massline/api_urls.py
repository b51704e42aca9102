"""Addresses of REST. They are kept stable; what is not here is a problem with status 404."""

from typing import Any

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

import accounts.schema  # noqa: F401
from accounts.api import Session
from citizens.rest.urls import public_urls
from massline.acts import NotVisible
from massline.api_docs import docs
from petitions.public.regions import Regions
from records.rest.urls import rest_urls
from responsibility.api import EscalationAct, EscalationDetail, Escalations


class NothingHere(APIView):
    """Every other address below /api/."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotVisible(_("没有这个地址；所有地址都以斜杠结尾"))


urlpatterns: list[URLPattern] = [
    *public_urls(),
    path("v1/public/regions/", Regions.as_view(), name="api_regions"),
    path("v1/session/", Session.as_view(), name="api_session"),
    *rest_urls(),
    path("v1/escalations/", Escalations.as_view(), name="api_escalations"),
    path("v1/escalations/<str:pk>/", EscalationDetail.as_view(), name="api_escalation"),
    path("v1/escalations/<str:pk>/acts/<slug:act>/", EscalationAct.as_view(), name="api_escalation_act"),
    path(
        "v1/schema/",
        SpectacularAPIView.as_view(authentication_classes=(), permission_classes=()),
        name="api_schema",
    ),
    path("v1/docs/", docs, name="api_docs"),
    re_path("", NothingHere.as_view()),
]
