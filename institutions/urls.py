"""The addresses of regulations, their texts, and the gaps between them."""

from institutions.desk import REGULATIONS, TEXTS
from institutions.gaps.desk import GAPS
from institutions.gaps.matrix import MATRIX
from institutions.pages import text_pages
from records.addresses import desk_paths

urlpatterns = [
    *desk_paths(REGULATIONS, MATRIX, *text_pages(REGULATIONS)),
    *desk_paths(TEXTS),
    *desk_paths(GAPS),
]
