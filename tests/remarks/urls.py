"""The addresses of remarks."""

from django.urls import path

from citizens.catalogue.pages import catalogue_paths
from citizens.filing.pages import FilingPage
from records.addresses import desk_paths
from tests.remarks.desk import REMARKS
from tests.remarks.models import Remark

urlpatterns = [
    path("remarks/new/", FilingPage.as_view(kind=Remark.KIND), name="remark_new"),
    *catalogue_paths(Remark.KIND),
    *desk_paths(REMARKS),
]
