"""The form that adds a file: on pages an upload, through REST its name and its content as base64."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.files.names import check_name
from massline.files.reason_texts import text_of
from massline.files.reasons import NotAccepted
from massline.inputs import ActForm
from massline.texts import LineField
from records.files.storing import AcceptedFile, accept, check_room


@dataclass(frozen=True)
class Upload:
    """A file that came with a page's form, and the moment until which its sender waits."""

    file: Any
    until: float

    def read(self, most: int) -> bytes:
        return bytes(self.file.read(most))


class ContentField(forms.Field):
    """An uploaded file, text in base64, or either after it was judged. Cleaned, it is an AcceptedFile."""

    def clean(self, value: Any) -> AcceptedFile:
        if isinstance(value, AcceptedFile):
            return value
        if isinstance(value, ValidationError):
            raise value
        try:
            return accept(_bytes(super().clean(value)), getattr(value, "until", None))
        except NotAccepted as error:
            raise ValidationError(text_of(error.reason)) from None


def _bytes(value: Any) -> bytes:
    """Reads the content; raises ValidationError for more bytes than are allowed."""
    most = settings.ATTACHMENT_MAX_BYTES
    if isinstance(value, str):
        try:
            content = b64decode(value[: (most // 3 + 2) * 4], validate=True)
        except ValueError:  # letters that no ASCII has are not even tried
            raise ValidationError(_("这里应当是文件内容的 base64 编码")) from None
    else:
        content = value.read(most + 1)
    if len(content) > most:
        limit = {"mb": most // 1024 // 1024}
        raise ValidationError(_("单个文件不能超过 %(mb)s MB，请压缩或者分开后再添加") % limit)
    return content


def with_judged_file(record: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the input with its file judged and scanned, or with what is wrong with it. Without room nothing is
    decoded.

    It may take seconds: the record is not locked meanwhile.
    """
    try:
        check_room(record)
        found: Any = ContentField().clean(data.get("content"))
    except ValidationError as error:
        found = error
    return {**dict(data.items()), "content": found}


class FileForm(ActForm):
    name = LineField(label=gettext_lazy("文件名"), max_length=255)
    content = ContentField(label=gettext_lazy("文件"), help_text=gettext_lazy("文件内容，用 base64 编码"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "content" in data:
            try:
                check_name(data.get("name", ""), data["content"].kind)
                check_room(self.record, len(data["content"].content))
            except NotAccepted as error:
                self.add_error("content", text_of(error.reason))
            except ValidationError as error:
                self.add_error("content", error)
        return data
