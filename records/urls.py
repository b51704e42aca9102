"""Addresses that the kinds of record share, and those of proposals, publications and spills."""

from django.urls import path

from records import create_pages
from records.addresses import desk_paths
from records.proposals.desk import PROPOSALS, propose_from
from records.publishing.desk import PUBLICATIONS
from records.spills.desk import SPILLS, report_on

urlpatterns = [
    path("desk/<slug:plural>/<slug:number>/new/<slug:kind>/", create_pages.create_from, name="create_from"),
    path("desk/<slug:plural>/<slug:number>/propose/<slug:kind>/", propose_from, name="propose"),
    path("desk/<slug:plural>/<slug:number>/spill/", report_on, name="report_spill"),
    *desk_paths(PROPOSALS),
    *desk_paths(PUBLICATIONS),
    *desk_paths(SPILLS),
]
