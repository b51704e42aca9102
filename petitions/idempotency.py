"""Sent twice, filed once: the answer of the first filing, kept a day, sealed under the key that the sender chose."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massline import crypto
from massline.acts import ActError
from petitions.filing import Filed
from petitions.models import IdempotencyKey

CLAIM = """
INSERT INTO petitions_idempotencykey (key_hash, body_hash, started_at) VALUES (%s, %s, %s)
ON CONFLICT (key_hash) DO NOTHING RETURNING id
"""


class OtherBody(ActError):
    """The key was used before, for something else."""

    status = 422
    title = _("这个 Idempotency-Key 已用于另一份内容，请换一个新的")


class StillRunning(ActError):
    """The first one with this key has not ended."""

    status = 409
    title = _("同一份内容正在提交，请稍候再试")


def once(key: str, body: Any, do: Callable[[], Filed]) -> Mapping[str, Any]:
    """The receipt of `do()`, or of the filing that was done before under this key with this body."""
    row, answer = _claim(key, body)
    if answer is not None:
        return answer
    try:
        with transaction.atomic():
            filed = do()
            receipt = filed.receipt()
            sealed = crypto.seal(json.dumps(receipt).encode(), _sealing_key(key))
            IdempotencyKey.objects.filter(pk=row).update(answer=sealed, petition=filed.petition)
    except BaseException:
        with transaction.atomic():
            IdempotencyKey.objects.filter(pk=row, answer=None).delete()
        raise
    return receipt


@transaction.atomic
def _claim(key: str, body: Any) -> tuple[int, Mapping[str, Any] | None]:
    """The row for this key: ours to fill, or with the answer of the first."""
    now = timezone.now()
    key_hash = crypto.keyed_hash("idempotency-key", key)
    body_hash = crypto.keyed_hash("idempotency-body", json.dumps(body, sort_keys=True, ensure_ascii=False, default=str))
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [key_hash, body_hash, now])
        if claimed := cursor.fetchone():
            return claimed[0], None
    found = IdempotencyKey.objects.select_for_update().get(key_hash=key_hash)
    age = now - found.started_at
    if age > IdempotencyKey.LIFETIME or (found.answer is None and age > IdempotencyKey.PATIENCE):
        found.body_hash, found.started_at, found.answer, found.petition = body_hash, now, None, None
        found.save()
        return found.pk, None
    if bytes(found.body_hash) != body_hash:
        raise OtherBody()
    if found.answer is None:
        raise StillRunning()
    return found.pk, json.loads(crypto.unseal(bytes(found.answer), _sealing_key(key)))


def _sealing_key(key: str) -> bytes:
    return crypto.derive(key.encode(), "idempotency-answer")
