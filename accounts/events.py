"""Events of accounts, besides signing in and out (audit/events.py)."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

ACCOUNT_OPENED = Event("account_opened", _("开设账号 %(key)s"))
ACCOUNT_CHANGED = Event("account_changed", _("更改账号 %(key)s：%(fields)s"))
PASSWORD_SET = Event("password_set", _("管理员重设了账号 %(username)s 的密码"))
PASSWORD_CHANGED = Event("password_changed", _("修改了自己的密码"))

register(ACCOUNT_OPENED, ACCOUNT_CHANGED, PASSWORD_SET, PASSWORD_CHANGED)
