"""Says why a file was refused, and what its sender can do instead."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from massline.files.reasons import Reason

WORDS: dict[str, Any] = {
    Reason.EMPTY: _("这个文件是空的"),
    Reason.TOO_LARGE: _("文件太大，请压缩或者分开后再添加"),
    Reason.OTHER: _("只接收照片（JPG、PNG、WebP、HEIC）、PDF、Word（docx）、Excel（xlsx）和文本文件"),
    Reason.ARCHIVE: _("不接收压缩包，请解压后把里面的文件逐个添加"),
    Reason.HEIC: _("请把照片存为 JPG 再添加（手机设置中相机格式选“兼容性最佳”）"),
    Reason.OLD_OFFICE: _("这是旧版 Word、Excel 文件或者加了密码，请去掉密码，另存为 docx、xlsx，或者打印成 PDF 再添加"),
    Reason.PDF_BROKEN: _("这份 PDF 打不开，请重新打印成 PDF，或者拍成照片再添加"),
    Reason.PDF_LOCKED: _("这份 PDF 加了密码，请去掉密码，或者打印成普通 PDF 再添加"),
    Reason.PDF_LONG: _("这份 PDF 的页数或者内容太多，请分成几份再添加"),
    Reason.OFFICE_BROKEN: _("这份文档打不开，请用办公软件打开后另存一份，或者打印成 PDF 再添加"),
    Reason.OFFICE_LOCKED: _("这份文档加了密码，请去掉密码后再添加"),
    Reason.OFFICE_ACTIVE: _("这份文档含有宏或者嵌入的内容，请另存为不含宏的 docx、xlsx，或者打印成 PDF 再添加"),
    Reason.OFFICE_OUTSIDE: _(
        "这份文档会从别处读取内容（外部模板、链接的图片或数据、自动更新的域），请打印成 PDF，或者断开链接后再添加"
    ),
    Reason.PICTURE_BROKEN: _("这张图片打不开，请重新拍照或者截图后再添加"),
    Reason.PICTURE_LARGE: _("这张图片的尺寸太大，请缩小后再添加"),
    Reason.SHEET_BROKEN: _("这个文件已经损坏、加了密码，或者里面没有表格，请用表格软件打开，去掉密码另存一份再上传"),
    Reason.HEAVY: _("这个文件太复杂，检查不完，没有保存。请打印成普通 PDF，或者拍成照片再添加"),
    Reason.BROKEN: _("这个文件打不开，没有保存。请另存一份，或者拍成照片再添加"),
    Reason.INFECTED: _("这个文件里发现了病毒，没有保存。请查杀后再添加，或者改用照片"),
}


def text_of(reason: str) -> str:
    """Returns the reason in the reader's language."""
    return str(WORDS.get(reason, WORDS[Reason.BROKEN]))
