"""The labels of the fields of an identity."""

from django.utils.translation import gettext_lazy as _

IDENTITY_LABELS = {
    "name": _("姓名"),
    "phone": _("电话"),
    "id_number": _("身份证号码"),
    "email": _("电子邮箱"),
    "address": _("通信地址"),
}
