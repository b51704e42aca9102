"""The rules that give periods: data in `data/rules.toml`, each with its legal basis and its days of validity."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from responsibility.clock import ClockError, Rule

RULES = Path(__file__).parent / "data" / "rules.toml"


class UnknownRule(ClockError):
    """There is no such rule, or no such edition of it."""


class RuleNotValid(ClockError):
    """The rule did not apply on that day; the message names what applied."""


def rule(code: str, on: date | None = None, edition: str | None = None) -> Rule:
    """The newest edition of a rule, or the one asked for; with `on`, only if it applied on that day."""
    asked = _edition(code, edition) if edition else editions(code)[0]
    if on is not None and not asked.is_valid(on):
        raise RuleNotValid(_refusal(asked, on))
    return asked


def applied(code: str, on: date) -> Rule | None:
    """The edition that applied on a day, if any."""
    return next((edition for edition in editions(code) if edition.is_valid(on)), None)


def editions(code: str) -> tuple[Rule, ...]:
    """Every edition of a rule, newest first."""
    try:
        return rules()[code]
    except KeyError:
        raise UnknownRule(_("没有编号为 %(code)s 的期限规则。") % {"code": code}) from None


def _edition(code: str, edition: str) -> Rule:
    known = editions(code)
    for candidate in known:
        if candidate.edition == edition:
            return candidate
    names = _("、").join(f"{code}@{candidate.edition}" for candidate in known)
    raise UnknownRule(
        _("规则 %(code)s 没有 %(edition)s 这一版本，可以查询：%(names)s。")
        % {"code": code, "edition": edition, "names": names}
    )


def _refusal(asked: Rule, on: date) -> str:
    """Why a rule does not apply on a day, and what applied then."""
    facts = {"code": asked.code, "basis": asked.shown_basis, "day": on.isoformat()}
    if asked.valid_from and on < asked.valid_from:
        period = _("规则 %(code)s（%(basis)s）自 %(limit)s 起适用。") % {**facts, "limit": asked.valid_from.isoformat()}
    else:
        period = _("规则 %(code)s（%(basis)s）适用至 %(limit)s 为止。") % {**facts, "limit": asked.valid_until}
    then = applied(asked.code, on)
    if then is not None:
        address = then.code if then == editions(then.code)[0] else f"{then.code}@{then.edition}"
        return period + _("%(day)s 适用的是%(basis)s，请查询 %(address)s。") % {
            "day": facts["day"],
            "basis": then.shown_basis,
            "address": address,
        }
    return period + _in_force(on)


def _in_force(on: date) -> str:
    """Which regulation on petitions was in force on a day, when it gives no such period."""
    for instrument in _file()["instruments"].values():
        since, until = instrument.get("valid_from"), instrument.get("valid_until")
        if since and since <= on and (until is None or on <= until):
            facts = {"day": on.isoformat(), "name": instrument["name"]}
            if instrument.get("recorded", True):
                return _("%(day)s 施行的是%(name)s，其中没有这一期限。") % facts
            return _("%(day)s 施行的是%(name)s，其中的期限没有收录。") % facts
    return _("%(day)s 适用的规定没有收录。") % {"day": on.isoformat()}


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Every rule by code, its editions newest first, in the order of the file."""
    data = _file()
    return {code: _editions_of(code, entry, data["instruments"]) for code, entry in data["rules"].items()}


def _editions_of(code: str, entry: dict[str, Any], instruments: dict[str, Any]) -> tuple[Rule, ...]:
    made = [_make(code, entry, row, instruments[row["instrument"]]) for row in entry["editions"]]
    return tuple(sorted(made, key=lambda made_rule: made_rule.valid_from or date.min, reverse=True))


def with_an_end_of_their_own() -> tuple[str, ...]:
    """The rules that say what alone ends what is owed under them."""
    return tuple(code for code, entry in _file()["rules"].items() if entry.get("closed_by"))


def _make(code: str, entry: dict[str, Any], row: dict[str, Any], instrument: dict[str, Any]) -> Rule:
    basis, basis_en = _basis(row, instrument)
    return Rule(
        code=code,
        edition=row["instrument"],
        title=entry["title"],
        title_en=entry["en"],
        unit=row["unit"],
        value=row.get("value"),
        maximum=row.get("maximum"),
        pausable=row.get("pausable", False),
        basis=basis,
        basis_en=basis_en,
        tag=row["tag"],
        valid_from=instrument.get("valid_from"),
        valid_until=instrument.get("valid_until"),
        closed_by=entry.get("closed_by", ""),
    )


def _basis(row: dict[str, Any], instrument: dict[str, Any]) -> tuple[str, str]:
    """《信访工作条例》第三十四条, and the same in English."""
    if "basis" in row:
        return row["basis"], row["basis_en"]
    if "article" in row:
        article = row["article"]
        return f"{instrument['name']}第{numeral(article)}条", f"{instrument['en']}, Art. {article}"
    return instrument["name"], instrument["en"]


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals: 三十四."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
