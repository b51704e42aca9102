"""The pages from which the documents of a record are downloaded as PDF."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.acts import NotVisible
from records.documents.pdf import NotTypeset
from records.documents.printing import printable, printed
from records.kinds import RecordType


def document_paths(kind: RecordType) -> list[URLPattern]:
    """Returns the addresses of a kind's documents, for users who see the record and may have them."""

    @login_required
    @never_cache
    @require_safe
    def document(request: DeskRequest, number: str, name: str) -> HttpResponseBase:
        record = kind.or_404(request.user, number)
        try:
            found = printable(kind, record, request.user, name)
            return printed(kind, record, found)
        except NotVisible:
            raise Http404 from None
        except NotTypeset as error:
            return not_made(request, found.title, error, reverse(kind.kind, args=[number]))

    return [path(f"desk/{kind.plural}/<slug:number>/documents/<slug:name>/", document, name=f"{kind.kind}_document")]


def not_made(request: HttpRequest, title: Any, error: NotTypeset, back: str) -> HttpResponse:
    """Renders the page for a document that could not be made."""
    heading = _("“%(document)s”没有生成") % {"document": title}
    context = {"heading": heading, "message": error.message, "back_url": back}
    return render(request, "desk/message.html", context, status=error.status)
