"""The addresses of repairs."""

from records.addresses import desk_paths
from tests.repairs.desk import REPAIRS

urlpatterns = desk_paths(REPAIRS)
