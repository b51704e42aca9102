"""People who sign in (officials and administrators). Citizens have no account: a tracking code is enough."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, get_hasher, identify_hasher
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, Excused
from massline.texts import LineColumn


class Kind(models.TextChoices):
    """The kind of an account. Each has one, so the three administrations (三员) are never one person."""

    OFFICIAL = "official", _("工作人员")
    INSPECTOR = "inspector", _("督查专员")
    AUDITOR = "auditor", _("审计员")
    SYSADMIN = "sysadmin", _("系统管理员")
    SECADMIN = "secadmin", _("安全管理员")
    AUDITADMIN = "auditadmin", _("审计管理员")


READERS = (Kind.INSPECTOR, Kind.AUDITOR)
"""Who reads what is handled anywhere, and handles nothing."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. What officials may do follows from the posts that they hold (responsibility)."""

    username = LineColumn(_("用户名"), max_length=64, unique=True)
    name = LineColumn(_("姓名"), max_length=64)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OFFICIAL)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    """Their password is a one-time one: until they have chosen their own they may do nothing else."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    audit = Columns(secret=("password",))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="user_kind")]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Tells whether the password is right. Unlike Django's it writes nothing: no event explains a change yet."""
        return check_password(raw_password, self.password)

    def renew_hash(self, raw_password: str) -> None:
        """Hashes the right password anew when the rules for hashes have changed; under the sign-in's event."""
        hasher = get_hasher()
        if identify_hasher(self.password).algorithm != hasher.algorithm or hasher.must_update(self.password):
            self.set_password(raw_password)
            self.save(update_fields=["password"])

    @property
    def key(self) -> str:
        return self.username

    @property
    def label(self) -> str:
        return self.name


class SignInCount(models.Model):
    """Failed attempts to sign in, by keyed hash of an address, an account, both, or a device (sign_in_delays.py)."""

    key = models.BinaryField(primary_key=True)
    failures = models.PositiveIntegerField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)

    audit = Excused("counts of failed sign-ins, of keyed hashes, gone after an hour; each is an event", deletes=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="sign_in_count_age")]


class RefusedSignIns(models.Model):
    """Attempts on an account that had to wait, in one quarter of an hour (UTC); afterwards they become one event."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    quarter = models.DateTimeField()
    n = models.PositiveIntegerField()

    audit = Excused("becomes an event after a quarter of an hour", deletes=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "quarter"], name="refused_once_a_quarter")]
