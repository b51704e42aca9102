"""The acts that add a file to a record: an official's, and a citizen's. Each kind says when, and who may."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from massline.acts import Act, Doing, WrongState
from massline.files import scanner
from massline.inputs import ActForm
from records.files import events
from records.files.forms import FileForm, with_judged_file
from records.files.storing import StoresFile


class AddsFile(Act):
    """Adds a file: it is judged before the record is locked, and stored with its row."""

    label, button = _("添加文件"), _("添加")
    form: ClassVar[type[ActForm]] = FileForm
    event: ClassVar[Any] = events.ATTACHED
    effects = (StoresFile(),)
    prepares = True

    def check(self, doing: Doing) -> None:
        if not scanner.is_configured():
            raise WrongState(_("本网站目前不接收文件：管理员还没有设定是否进行病毒扫描"))

    def prepared(self, doing: Doing, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return with_judged_file(doing.record, data)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"kind": str(doing.data["content"].kind), "size": len(doing.data["content"].content)}


class Attach(AddsFile):
    """An official adds a file. A kind whose citizens may be shown a file has a form with `public`."""

    slug, basis = "attach", "办理留痕"

    def event_of(self, doing: Doing) -> Any:
        """Returns another event for a file that only officials may open: citizens do not read that one."""
        return events.ATTACHED if doing.data.get("public") else events.ATTACHED_INSIDE


class HandIn(AddsFile):
    """A citizen adds a file."""

    slug = "hand_in"


ADDING = frozenset({Attach.slug, HandIn.slug})
"""They stand beside the files of a record and not among its other acts."""
