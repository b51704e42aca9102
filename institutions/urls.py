"""The addresses of regulations, their texts, the comments on these, the gaps between them, and cleanups."""

from django.urls import path

from citizens.catalogue.pages import catalogue_paths
from citizens.filing.pages import FilingPage
from institutions.cleanups.desk import CLEANUPS
from institutions.desk import COMMENTS, REGULATIONS, TEXTS
from institutions.gaps.desk import GAPS
from institutions.gaps.matrix import MATRIX
from institutions.grounds import GROUNDS
from institutions.models import Regulation, RegulationText
from institutions.models.comment import Comment
from institutions.pages import text_pages
from records.addresses import desk_paths

urlpatterns = [
    path("comments/new/", FilingPage.as_view(kind=Comment.KIND), name="comment_new"),
    *catalogue_paths(Regulation.KIND),
    *catalogue_paths(RegulationText.KIND),
    *catalogue_paths(Comment.KIND),
    *desk_paths(REGULATIONS, MATRIX, GROUNDS, *text_pages(REGULATIONS)),
    *desk_paths(TEXTS),
    *desk_paths(COMMENTS),
    *desk_paths(GAPS),
    *desk_paths(CLEANUPS),
]
