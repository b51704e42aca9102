"""Registers the link from a list to an export of what it shows."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.desk import DeskRequest
from records.kinds import RecordType
from records.list_links import ListLink
from reports.export_kinds import default_kind, may_export


def _export_url(request: DeskRequest, kind: RecordType) -> str:
    if kind.listing.address not in may_export(request.user):
        return ""
    kept = request.GET.copy()
    kept.pop("cursor", None)
    if kind.kind != default_kind():
        kept["kind"] = kind.kind
    return f"{reverse('export_new')}?{kept.urlencode()}"


EXPORT = ListLink(_("导出"), "sheet", _export_url)
