"""The pages of massline, and those of errands."""

from massline.urls import urlpatterns as of_massline
from records.importing.pages import import_paths
from records.page import record_paths
from tests.kinds.lab import ERRANDS

urlpatterns = [*of_massline, *import_paths(ERRANDS, "desk/errands/imports/"), *record_paths(ERRANDS)]
