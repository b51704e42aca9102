"""The pages for filing a record of any kind, and for the receipt."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citizens.citizen import Citizen
from citizens.filing.answers import parts_of
from citizens.filing.filed_files import FilesPart, hand_in, staged_in, takes_files, with_files
from citizens.filing.forms import FilingSheet, sheet_with_draft
from citizens.filing.idempotency import OtherBody, StillRunning, canonical, once
from citizens.filing.proof_of_work import proved
from citizens.filing.public_form import PublicForm
from citizens.filing.receipt import RECEIPT, Filed, kept_receipt
from citizens.public_sides import public_side
from citizens.tracking.lookup import TRACKING, filing_of, find
from citizens.tracking.own_files import own_files
from citizens.tracking.view import promised_in
from massline import crypto
from massline.acts import Invalid, NotVisible
from massline.cookies import SealedCookie
from massline.drafts.box import box_of
from massline.drafts.content import Content
from massline.drafts.forms import come_back
from massline.request_size import max_body
from massline.unjudged import leave_unjudged
from massline.web import over_limit
from records.files.upload_limits import max_form_bytes

CHECK = "check"
"""The query of the page on which the answers are checked."""
OF_CHECK = ("checked", "change")
"""What only that page sends."""
FILED = SealedCookie("filed", timedelta(hours=1))
"""The cookie with the last filing of this browser."""


class FilingPage(View):
    """The page on which one kind is filed: `path("file/", FilingPage.as_view(kind="errand"))`. A fault keeps
    everything that was typed.

    What is right is shown once more to be checked, at the same address with CHECK, and filed from there: that page
    sends all of it again, with `checked`; or with `change`, the control to go back to.
    """

    http_method_names = ["get", "head", "post"]
    kind = ""
    more: dict[str, Any] = {}
    """Further context for the template."""

    @property
    def form(self) -> PublicForm:
        """Returns the kind's form for citizens; raises NotVisible where citizens file none."""
        found = public_side(self.kind).form
        if found is None:
            raise NotVisible()
        return found

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return max_body(max_form_bytes)(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return never_cache(super().dispatch)(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if CHECK in request.GET:
            return self._kept_to_check()
        return self._page(sheet_with_draft(request, self.form.sheet) if self.form.drafts else self.form.sheet())

    def post(self, request: HttpRequest) -> HttpResponse:
        data, refused = with_files(request) if takes_files(self.kind) else (request.POST, [])
        sheet = self.form.sheet(data)
        if refused or {"add", "remove"} & request.POST.keys():
            return self._back_to_files(sheet, "\n".join(refused))
        if "change" in request.POST:
            return self._change(sheet)
        if not sheet.is_valid():
            return self._come_back(sheet)
        if "checked" not in request.POST:
            return self._to_check(sheet)
        if not proved(sheet.form.cleaned_data["altcha"]):
            wait = over_limit(f"file:{self.kind}", request, self.form.limit())
            if wait:
                return self._too_many(sheet, wait)
        return self._file(sheet)

    def _file(self, sheet: FilingSheet) -> HttpResponse:
        data = sheet.data()
        nonce = data.pop("nonce") or uuid4().hex
        data.pop("altcha")
        files = staged_in(sheet.form.data)
        sent = data | {"files": [one.stored for one in files]}
        same = crypto.keyed_hash("filed", canonical(sent)).hex()

        def file() -> Filed:
            filed = self.form.file(data)
            hand_in(filed, self.kind, files)
            return filed

        if _filed_before(self.request, same, nonce) and "again" not in self.request.POST:
            message = _("同样的内容刚才已经提交成功，不用再交。确实要另交一份的，请再点一次“提交”。")
            return self._to_check(self._renewed(again="1"), message, 409)
        try:
            receipt = once(f"form:{self.kind}:{nonce}", sent, file)
        except OtherBody:
            message = _("刚才的内容已经提交成功。如果还要另外反映下面的内容，请再次点击“提交”。")
            return self._to_check(self._renewed(), message, 409)
        except Invalid as error:
            error.shown_in(sheet.form)
            return self._come_back(sheet)
        except StillRunning as error:
            return self._to_check(sheet, str(error.message), 409)
        response = redirect("receipt")
        RECEIPT.set(response, receipt)
        FILED.set(response, [same, nonce])
        return response

    def _renewed(self, **more: str) -> FilingSheet:
        """Builds a form with the same text that has not been sent yet."""
        data = with_files(self.request)[0]
        for name, value in ({"nonce": uuid4().hex} | more).items():
            data[name] = value
        return self.form.sheet(data)

    def _too_many(self, sheet: FilingSheet, wait: int) -> HttpResponse:
        message = _("这个网络地址一小时内提交得太多了，请在 %(minutes)s 分钟后再点“提交”，您填写的内容都还在。") % {
            "minutes": wait // 60 + 1
        }
        response = self._to_check(sheet, message, 429)
        response["Retry-After"] = str(wait)
        return response

    def _come_back(self, sheet: FilingSheet) -> HttpResponse:
        """Shows the sheet again, with its faults."""
        return come_back(self.request, sheet.form, lambda: self._page(sheet, status=422), page=self.request.path)

    def _back_to_files(self, sheet: FilingSheet, message: str) -> HttpResponse:
        """Leads to the files of the form, which were added or removed; the rest is not judged yet."""
        page = f"{self.request.path}#part-files{'-fault' if message else ''}"
        leave_unjudged(sheet.form)
        return come_back(
            self.request, sheet.form, lambda: self._page(sheet, message), faulty=False, message=message, page=page
        )

    def _change(self, sheet: FilingSheet) -> HttpResponse:
        """Leads back from the check to one control of the form, which has all that was typed."""
        page = f"{self.request.path}#{self.request.POST['change']}"
        return come_back(self.request, sheet.form, lambda: self._page(sheet), faulty=False, page=page)

    def _to_check(self, sheet: FilingSheet, message: str = "", status: int = 200) -> HttpResponse:
        """Leads to the page on which the answers are checked, and says there why they were not filed yet."""
        page = f"{self.request.path}?{CHECK}"
        at_once = lambda: self._check_page(sheet, message, status)  # noqa: E731
        return come_back(self.request, sheet.form, at_once, faulty=False, message=message, page=page)

    def _kept_to_check(self) -> HttpResponse:
        """Shows what this browser kept of the form to be checked; where it kept nothing that is right, leads to the
        form."""
        draft = box_of(self.request).find(self.request.path)
        sheet = self.form.sheet(draft.data) if draft else None
        if draft is None or sheet is None or draft.faulty or not sheet.is_valid():
            return redirect(self.request.path)
        sheet.form.keeps_draft = True  # type: ignore[attr-defined]
        return self._check_page(sheet, draft.message)

    def _check_page(self, sheet: FilingSheet, message: str = "", status: int = 200) -> HttpResponse:
        if not sheet.is_valid():
            return self._page(sheet, status=422)
        data: Any = sheet.form.data
        sent = Content.of(data, {}).fields
        context = {
            "form": sheet.form,
            "address": self.request.path,
            "parts": parts_of(sheet, staged_in(sheet.form.data)),
            "sent": [(name, value) for name, values in sent.items() if name not in OF_CHECK for value in values],
            "message": message,
            "again": "again" in sheet.form.data,
        }
        return self._rendered(self.form.check, context | self.more, status)

    def _page(self, sheet: FilingSheet, message: str = "", *, status: int = 200) -> HttpResponse:
        files = FilesPart(staged_in(sheet.form.data)) if takes_files(self.kind) else None
        context = sheet.context() | {"files": files, "message": message}
        return self._rendered(self.form.template, context | self.more, status)

    def _rendered(self, template: str, context: dict[str, Any], status: int) -> HttpResponse:
        if status in (200, 422) and not self.form.ready():
            return render(self.request, self.form.not_open, {"office": None}, status=503)
        return render(self.request, template, context, status=status)


def _filed_before(request: HttpRequest, same: str, nonce: str) -> bool:
    """Returns whether this browser has just filed the same in another form: the citizen went back from the receipt and
    pressed the button once more. The same form sent twice is known by its nonce, and filed once."""
    try:
        filed, sent = FILED.read(request)
    except crypto.Unreadable:
        return False
    return bool(filed == same and sent != nonce)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Shows the receipt until the citizen confirms that it is saved; then no place holds the code any more."""
    kept = kept_receipt(request)
    if kept is None:
        return redirect("track")
    saved = request.method == "POST"
    address = request.build_absolute_uri(reverse("track"))
    track_url = f"{address}#number={kept['number']}&code={kept['tracking_code']}"
    context = kept | {
        "obligations": promised_in(kept),
        "saved": saved,
        "track_url": reverse("track") if saved else track_url,
        "qr_svg": "" if saved else _qr(track_url),
    }
    if record := find(kept["number"], kept["tracking_code"]):
        side = public_side(record.KIND)
        context |= {"title": side.shown(record).title, "office": record.office}
        if not saved:
            may = side.acts.open_to(record, Citizen(filing_of(record)))
            context["attachments"] = own_files(record, may, add=reverse("receipt_add"), read=None)
    if saved:
        del context["tracking_code"]
    response = render(request, "public/receipt.html", context)
    if saved:
        RECEIPT.delete(response)
        TRACKING.delete(response)
    return response


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=4, border=2, svgclass="qr-code", lineclass=None, omitsize=True)
