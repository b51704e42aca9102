"""People who sign in (officials and administrators). Citizens have no account: a tracking code is enough."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from audit import context, events, log
from audit.columns import Columns


class Kind(models.TextChoices):
    """What an account is for. One kind an account, so the three administrations (三员) are never one person."""

    OFFICIAL = "official", _("工作人员")
    INSPECTOR = "inspector", _("督查专员")
    AUDITOR = "auditor", _("审计员")
    SYSADMIN = "sysadmin", _("系统管理员")
    SECADMIN = "secadmin", _("安全管理员")
    AUDITADMIN = "auditadmin", _("审计管理员")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. What officials may do follows from the posts that they hold (responsibility)."""

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OFFICIAL)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    audit = Columns(secret=("password",))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="user_kind")]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """As Django does it, which hashes anew by the way when the way of hashing has changed: here with an event."""
        return check_password(raw_password, self.password, self._hash_anew)

    def _hash_anew(self, raw_password: str | None) -> None:
        with transaction.atomic():
            log.record(events.PASSWORD_REHASHED, actor=context.actor_of(self))
            self.set_password(raw_password)
            self._password = None  # it is the same password
            self.save(update_fields=["password"])

    @property
    def key(self) -> str:
        return self.username

    @property
    def label(self) -> str:
        return self.name
