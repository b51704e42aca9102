from django.urls import path

from petitions import desk, person_page, public, public_files, signpost, tellings
from petitions.telling import pages as telling_pages
from petitions.transfers import desk as register
from records.bulk_pages import bulk_path
from records.documents.pages import document_paths
from records.files.pages import file_paths
from records.importing.pages import import_paths
from records.list_pages import list_paths
from records.record_page import record_paths

urlpatterns = [
    path("", public.home, name="home"),
    path("preferences/", public.preferences, name="preferences"),
    path("altcha/challenge/", public.altcha_challenge, name="altcha_challenge"),
    path("file/", public.begin, name="file"),
    path("file/matter/", public.file, name="file_matter"),
    path("file/both/", public.file, {"both": True}, name="file_both"),
    path("where-to-turn/", signpost.signpost, name="signpost"),
    path("receipt/", public.receipt, name="receipt"),
    path("receipt/files/", public_files.receipt_add, name="receipt_add"),
    path("track/", public.track, name="track"),
    path("track/petition/", public.tracked, name="tracked"),
    path("track/petition/leave/", public.leave, name="track_leave"),
    path("track/petition/files/", public_files.tracked_add, name="tracked_add"),
    path("track/petition/files/<attachment:pk>/", public_files.tracked_read, name="tracked_attachment"),
    path("track/petition/acts/<slug:slug>/", public.tracked_act, name="tracked_act"),
    *list_paths(desk.PETITIONS, "desk/ledger/"),
    path("desk/ledger/person/", person_page.person, name="person_search"),
    path("desk/petitions/new/", desk.new, name="petition_new"),
    bulk_path(desk.PETITIONS),
    *record_paths(desk.PETITIONS),
    *file_paths(desk.PETITIONS),
    *document_paths(desk.PETITIONS),
    *import_paths(desk.PETITIONS, "desk/imports/"),
    path("desk/tellings/", tellings.tellings, name="tellings"),
    path("desk/tellings/many/told/", telling_pages.tell_many, name="tell_many"),
    path("desk/tellings/<telling:pk>/", tellings.telling, name="telling"),
    path("desk/tellings/<telling:pk>/contact/", tellings.contact, name="telling_contact"),
    path("desk/tellings/<telling:pk>/cannot/", tellings.cannot, name="cannot_tell"),
    *list_paths(register.TRANSFERS, "desk/transfers/"),
    path("desk/transfers/new/", register.transfer_new, name="transfer_new"),
    *record_paths(register.TRANSFERS),
    path("desk/transfers/<slug:number>/files/<attachment:pk>/", register.transfer_file, name="transfer_file"),
]
