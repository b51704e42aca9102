from django.urls import path

from citizens.identity.person_search_page import person_search_page
from petitions.desk import declaration as desk
from petitions.models import Demand
from petitions.public import pages as public
from petitions.transfers import desk as register
from records.bulk_pages import bulk_path
from records.documents.pages import document_paths
from records.files.pages import file_paths
from records.importing.pages import import_paths
from records.list_pages import list_paths
from records.record_page import record_paths

PERSON_COLUMNS = ("number", "title", "organ", "state", "received")

urlpatterns = [
    path("", public.home, name="home"),
    path("help/", public.help_page, name="help"),
    path("file/", public.begin, name="file"),
    path("file/matter/", public.file, name="file_matter"),
    path("file/both/", public.file_both, name="file_both"),
    *list_paths(desk.PETITIONS, "desk/ledger/"),
    path("desk/ledger/person/", person_search_page(Demand.KIND, PERSON_COLUMNS), name="person_search"),
    path("desk/petitions/new/", desk.new, name="petition_new"),
    bulk_path(desk.PETITIONS),
    *record_paths(desk.PETITIONS),
    *file_paths(desk.PETITIONS),
    *document_paths(desk.PETITIONS),
    *import_paths(desk.PETITIONS, "desk/imports/"),
    *list_paths(register.TRANSFERS, "desk/transfers/"),
    path("desk/transfers/new/", register.transfer_new, name="transfer_new"),
    *record_paths(register.TRANSFERS),
    path("desk/transfers/<slug:number>/files/<attachment:pk>/", register.transfer_file, name="transfer_file"),
]
