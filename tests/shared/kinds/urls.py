"""The addresses of massline, with those of the kinds of tests before them."""

from django.urls import include, path

from citizens.rest.urls import public_urls
from massline.urls import urlpatterns as of_massline
from records.rest.urls import rest_paths
from tests.remarks.urls import urlpatterns as of_remarks
from tests.repairs.urls import urlpatterns as of_repairs
from tests.shared.kinds import OF_TESTS

urlpatterns = [
    path("api/", include([*public_urls(), *(pattern for kind in OF_TESTS for pattern in rest_paths(kind))])),
    *of_repairs,
    *of_remarks,
    *of_massline,
]
