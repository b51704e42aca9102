"""`manage.py load_demo`: the demo city and what its stories tell of the last months, once; prints the accounts."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.context import SYSTEM, acting
from massline.time import local_day, today
from responsibility import events
from responsibility.demo import city
from responsibility.demo.play import SEED, Play
from responsibility.models import Appointment, Organ

SHOWN = (
    "clerk", "chief", "handler", "deputy", "leader", "mayor", "secretary",
    "inspection", "secrecy", "legal", "inspector", "auditor", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
LOCK = 20260102


class Command(BaseCommand):
    help = "Loads the demo (a second run changes nothing) and prints its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load it outside the demo environment too")
        parser.add_argument("--seed", type=int, default=SEED, help="other chances in the stories (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or options["force"]):
            raise CommandError(_("只在演示环境（MASSLINE_ENV=demo）装入演示数据；确有需要请加 --force"))
        password = settings.DEMO_PASSWORD
        if not city.is_loaded():
            password = password or secrets.token_urlsafe(9)
            load(password, options["seed"])
            self.stdout.write(_("已装入演示数据，随机种子 %(seed)s") % {"seed": options["seed"]})
        elif password:
            city.set_password(password)
        self.stdout.write(sign_ins(password))


@transaction.atomic
def load(password: str, seed: int) -> None:
    """Everything in one transaction: all of the demo, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if city.is_loaded():
        return
    if Organ.objects.exists() or User.objects.exists():
        raise CommandError(_("数据库里已有真实数据，不能装入演示数据"))
    now = timezone.now()
    with acting(SYSTEM):
        log.record(events.DEMO_LOADED)
        people = city.load(password, local_day(now))
        Play(people, now, seed).run()


def sign_ins(password: str) -> str:
    """The accounts worth trying, with the post of each."""
    posts = {
        held.user_id: str(held.post)
        for held in Appointment.objects.on(today()).filter(kind="regular").select_related("post__organ")
    }
    users = {user.username: user for user in User.objects.filter(username__in=SHOWN)}
    said = _("演示账号，密码都是 %(password)s") % {"password": password} if password else _("演示账号")
    lines = [
        f"  {name:<11} {users[name].name}  {posts.get(users[name].pk, users[name].get_kind_display())}"
        for name in SHOWN
        if name in users
    ]
    return "\n".join([said, *lines])
