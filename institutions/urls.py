"""The addresses of regulations and their texts."""

from institutions.desk import REGULATIONS, TEXTS
from institutions.pages import text_pages
from records.addresses import desk_paths

urlpatterns = [*desk_paths(REGULATIONS, *text_pages(REGULATIONS)), *desk_paths(TEXTS)]
