"""An old ledger for tests: a private folder, rows, and an import that waits to be worked on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

HEAD = "id,user,title,created_at,body,reply,replied_at\n"
MAPPING = 'source = "老台账"\n[columns]\nuser = "name"\n[defaults]\nregion = "990100000000"\n'
GOOD = "1,张三,路灯不亮,2019-04-25 09:32:09,路灯坏了两个月,已经修好,2019-05-10 14:56:53\n"
LATE = "2,李四,漏水,2019-01-02,楼上漏水,已经处理,2019-04-20\n"
OPEN = "3,王五,噪音,2019/3/4 8:05,夜里施工,,\n"
BAD = "4,赵六,没有日期,,夜里施工,,\n"


@contextmanager
def private_folder(folder: Path) -> Iterator[Path]:
    """Private files go here."""
    storages: dict[str, Any] = dict(settings.STORAGES)
    options = storages["default"]["OPTIONS"] | {"location": folder}
    with override_settings(STORAGES=storages | {"default": storages["default"] | {"OPTIONS": options}}):
        yield folder


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def overdue(count: int) -> str:
    """So many rows that nobody answered for years."""
    return HEAD + "".join(f"{n},张三,第{n}件,2019-01-0{n % 9 + 1},没有人管,,\n" for n in range(count))
