"""The addresses of massline, and those of the kinds of tests."""

from django.urls import include, path

from massline.urls import urlpatterns as of_massline
from records.bulk_pages import bulk_path
from records.files.pages import file_paths
from records.importing.pages import import_paths
from records.list_pages import list_paths
from records.record_page import record_paths
from records.rest.urls import rest_paths
from tests.chore_kind import CHORES
from tests.kinds.lab import ERRANDS, SEALED

urlpatterns = [
    path("api/", include([*rest_paths(ERRANDS), *rest_paths(SEALED)])),
    *of_massline,
    *list_paths(ERRANDS, "desk/errands/"),
    *import_paths(ERRANDS, "desk/errands/imports/"),
    bulk_path(ERRANDS),
    *file_paths(ERRANDS),
    *record_paths(ERRANDS),
    *record_paths(SEALED),
    *record_paths(CHORES),
]
