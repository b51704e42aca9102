"""Sends one document of a record through REST, as PDF."""

from django.http import HttpResponseBase

from accounts.tokens import SignedIn
from records.documents.printing import printable, printed
from records.rest.views import KindView


class RecordDocument(KindView):
    def get(self, request: SignedIn, number: str, name: str) -> HttpResponseBase:
        record = self.kind.visible(request.user, number)
        answer = printed(self.kind, record, printable(self.kind, record, request.user, name))
        answer["Cache-Control"] = "private, no-store"
        return answer
