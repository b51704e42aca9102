from django.urls import path

from citizens import about_pages as about
from citizens import accusations
from citizens import text_size as size
from citizens.catalogue import pages as catalogues
from citizens.filing import pages as filing_pages
from citizens.filing import proof_of_work as proof
from citizens.telling import bulk_page, contacts, queue
from citizens.tracking import file_pages as files
from citizens.tracking import own_letters
from citizens.tracking import pages as tracking_pages

urlpatterns = [
    path("preferences/", size.preferences, name="preferences"),
    path("privacy/", about.privacy, name="privacy"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("public/", catalogues.lists, name="public_lists"),
    path("altcha/challenge/", proof.altcha_challenge, name="altcha_challenge"),
    path("where-to-turn/", accusations.signpost, name="signpost"),
    path("receipt/", filing_pages.receipt, name="receipt"),
    path("receipt/files/", files.receipt_add, name="receipt_add"),
    path("track/", tracking_pages.track, name="track"),
    path("track/own/", tracking_pages.tracked, name="tracked"),
    path("track/own/leave/", tracking_pages.leave, name="track_leave"),
    path("track/own/files/", files.tracked_add, name="tracked_add"),
    path("track/own/files/<attachment:pk>/", files.tracked_read, name="tracked_attachment"),
    path("track/own/letters/<letter:pk>/", own_letters.tracked_letter, name="tracked_letter"),
    path("track/own/acts/<slug:slug>/", tracking_pages.tracked_act, name="tracked_act"),
    path("desk/letters/", queue.letters, name="letters"),
    path("desk/letters/many/told/", bulk_page.tell_many, name="tell_many"),
    path("desk/letters/<letter:pk>/", queue.letter, name="letter"),
    path("desk/letters/many/contacts/", contacts.contacts, name="letter_contacts"),
    path("desk/letters/<letter:pk>/contact/", contacts.contact, name="letter_contact"),
    path("desk/letters/<letter:pk>/cannot/", queue.cannot_tell, name="cannot_tell"),
    path("desk/letters/<letter:pk>/returned/", queue.letter_returned, name="letter_returned"),
    path("desk/letters/<letter:pk>/served/", queue.letter_served, name="letter_served"),
]
