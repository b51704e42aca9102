"""Declares where the words of an order are stored: on the record, or on its items (定目标、定要求)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from responsibility.subjects import Ordered


@dataclass(frozen=True)
class OrderedItems:
    """The rows with the words of orders under one rule. The words are copied nowhere."""

    rule: str
    model: type[models.Model]
    """The items'; or the record's own, where an order has one."""
    record: str = "pk"
    """The lookup from such a row to the record."""
    item: str = ""
    """Its column with the number of the item; empty where the record is the only one."""
    goal: str = "goal"
    requirement: str = "requirement"

    def about(self, pks: Collection[int]) -> Iterator[tuple[tuple[int, str, int], Ordered]]:
        """Yields the words, by record, rule and item; in one statement."""
        rows = self.model._default_manager.filter(**{f"{self.record}__in": pks})
        columns: list[Any] = [self.record, self.goal, self.requirement, *filter(None, [self.item])]
        for pk, goal, requirement, *item in rows.values_list(*columns):
            yield (pk, self.rule, *(item or [0])), Ordered(goal, requirement)  # type: ignore[misc]
