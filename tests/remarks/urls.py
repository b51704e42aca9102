"""The addresses of remarks, beside all others."""

from django.urls import include, path

from citizens.catalogue.pages import catalogue_paths
from citizens.filing.pages import FilingPage
from citizens.rest.urls import kind_paths
from massline.urls import urlpatterns as all_others
from records.list_pages import list_paths
from records.record_page import record_paths
from tests.remarks.desk import PUBLIC, REMARKS
from tests.remarks.models import Remark

urlpatterns = [
    path("api/", include(kind_paths(Remark.KIND, PUBLIC))),
    path("remarks/new/", FilingPage.as_view(kind=Remark.KIND), name="remark_new"),
    *catalogue_paths(Remark.KIND),
    *list_paths(REMARKS, "desk/remarks/"),
    *record_paths(REMARKS),
    *all_others,
]
