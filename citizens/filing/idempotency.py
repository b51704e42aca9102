"""Files a repeated request once: the receipt of the first filing is kept a day, sealed under the key that the sender
chose."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.filing.receipt import Filed
from citizens.models import IdempotencyKey
from massline import crypto
from massline.acts import ActError

# The request that holds the lock files; the lock ends with the transaction, however that ends.
FIND_RECEIPT = """
SELECT pg_try_advisory_xact_lock(%s), body_hash, answer
FROM (VALUES (1)) once LEFT JOIN citizens_idempotencykey ON key_hash = %s AND filed_at > %s
"""
STORE_RECEIPT = """
INSERT INTO citizens_idempotencykey AS kept (key_hash, body_hash, filed_at, filing_id, answer)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key_hash) DO UPDATE
SET body_hash = excluded.body_hash, filed_at = excluded.filed_at, filing_id = excluded.filing_id,
    answer = excluded.answer
WHERE kept.filed_at <= %s
"""


class OtherBody(ActError):
    """The key was used before, for another content."""

    status = 422
    title = _("这个 Idempotency-Key 已用于另一份内容，请换一个新的")


class StillRunning(ActError):
    """The first request with this key has not ended yet."""

    status = 409
    title = _("同一份内容正在提交，请稍候再试")


def once(key: str, body: Any, do: Callable[[], Filed]) -> Mapping[str, Any]:
    """Returns the receipt of `do()`, or of the earlier filing under this key with this body.

    One transaction with the filing itself: either both are kept or neither. Raises OtherBody and StillRunning.
    """
    now = timezone.now()
    key_hash = crypto.keyed_hash("idempotency-key", key)
    body_hash = crypto.keyed_hash("idempotency-body", canonical(body))
    with transaction.atomic():
        kept = _find_receipt(key_hash, body_hash, now)
        if kept is not None:
            return dict(json.loads(crypto.unseal(kept, _sealing_key(key))))
        filed = do()
        receipt = filed.receipt()
        sealed = crypto.seal(json.dumps(receipt).encode(), _sealing_key(key))
        _store_receipt(key_hash, body_hash, now, filed.filing.pk, sealed)
    return receipt


def canonical(body: Any) -> str:
    """Serializes what was sent, the same content to the same text; an organ or a place by its code."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, default=lambda one: getattr(one, "code", str(one)))


def _find_receipt(key_hash: bytes, body_hash: bytes, now: datetime) -> bytes | None:
    """Returns the sealed receipt of the first filing, if there was one."""
    lock = int.from_bytes(key_hash[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(FIND_RECEIPT, [lock, key_hash, now - IdempotencyKey.LIFETIME])
        ours, body, answer = cursor.fetchone()
    if body is not None and bytes(body) != body_hash:
        raise OtherBody()
    if answer is None and not ours:
        raise StillRunning()
    return None if answer is None else bytes(answer)


def _store_receipt(key_hash: bytes, body_hash: bytes, now: datetime, filing: int, sealed: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STORE_RECEIPT, [key_hash, body_hash, now, filing, sealed, now - IdempotencyKey.LIFETIME])
        if not cursor.rowcount:  # another request stored its receipt between our query and our lock
            raise StillRunning()


def _sealing_key(key: str) -> bytes:
    return crypto.derive(key.encode(), "idempotency-answer")


@transaction.atomic
def delete_expired() -> None:
    """Deletes the answers that are a day old."""
    IdempotencyKey.objects.filter(filed_at__lte=timezone.now() - IdempotencyKey.LIFETIME).delete()
