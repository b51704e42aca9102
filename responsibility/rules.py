"""Registers the rules of deadlines: data, each with its legal basis and its days of validity.

Every mechanism keeps its own in a `rules.toml` and registers it; what two of them use stands in `data/rules.toml` here.
"""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from massline.time import long_form
from responsibility.rule_files import Instrument, Rule, read

SHARED = Path(__file__).parent / "data" / "rules.toml"
TO_COME = tuple(sorted((SHARED.parent / "rules").glob("*.toml")))
"""Rules of mechanisms that have no folder yet; each file moves there as its `rules.toml`."""


class DeadlineError(ValueError):
    """A deadline cannot be computed; the message says why, in the reader's language."""


class UnknownRule(DeadlineError):
    """There is no such rule, or no such edition of it."""


class RuleNotValid(DeadlineError):
    """The rule did not apply on that day; the message names what applied."""


_rules: dict[str, tuple[Rule, ...]] = {}
_instruments: list[Instrument] = []
_shared: dict[str, Instrument] = {}
"""The instruments of the shared file, which every other may name."""


def register(path: Path, ends: Collection[str] = ()) -> None:
    """Adds the rules of a file; `ends` names what may alone end something (`closed_by`)."""
    own, added = read(path, ends, _shared)
    if twice := sorted(added.keys() & _rules.keys()):
        raise ImproperlyConfigured(f"{path}: rule {twice[0]} is declared twice")
    _rules.update(added)
    _instruments.extend(own.values())
    if path == SHARED:
        _shared.update(own)


def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Returns every rule by code, its editions newest first, in the order of the files."""
    return _rules


def rule(code: str, on: date | None = None, edition: str | None = None) -> Rule:
    """Returns the newest edition of a rule, or the one asked for; with `on`, only if it applied on that day."""
    asked = _edition(code, edition) if edition else editions(code)[0]
    if on is not None and not asked.is_valid(on):
        raise RuleNotValid(_refusal(asked, on))
    return asked


def applied(code: str, on: date) -> Rule | None:
    """Returns the edition that applied on a day, if any."""
    return next((edition for edition in editions(code) if edition.is_valid(on)), None)


def editions(code: str) -> tuple[Rule, ...]:
    """Returns every edition of a rule, newest first."""
    try:
        return _rules[code]
    except KeyError:
        raise UnknownRule(_("没有编号为 %(code)s 的期限规则。") % {"code": code}) from None


def with_an_end_of_their_own() -> tuple[str, ...]:
    """Returns the codes of rules that name what alone closes their obligations (`closed_by`)."""
    return tuple(code for code, found in _rules.items() if found[0].closed_by)


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
    """Builds the error that a rule does not apply on a day, with what applied then."""
    if not asked.active:
        return _("规则 %(code)s（%(basis)s）没有启用。") % {"code": asked.code, "basis": asked.shown_basis}
    facts = {"code": asked.code, "basis": asked.shown_basis, "day": long_form(on)}
    if asked.valid_from and on < asked.valid_from:
        period = _("规则 %(code)s（%(basis)s）自%(limit)s起适用。") % {**facts, "limit": long_form(asked.valid_from)}
    else:
        limit = long_form(asked.valid_until)
        period = _("规则 %(code)s（%(basis)s）适用至%(limit)s为止。") % {**facts, "limit": limit}
    then = applied(asked.code, on)
    if then is not None:
        address = then.code if then == editions(then.code)[0] else f"{then.code}@{then.edition}"
        return period + _("%(day)s适用的是%(basis)s，请查询 %(address)s。") % {
            "day": facts["day"],
            "basis": then.shown_basis,
            "address": address,
        }
    return period + _in_force(asked.family, on)


def _in_force(family: str, on: date) -> str:
    """Names the instrument of a family that was in force on a day, when it gives no such period."""
    for instrument in _instruments:
        if family and instrument.family == family and instrument.is_valid(on):
            facts = {"day": long_form(on), "name": instrument.name}
            if instrument.recorded:
                return _("%(day)s施行的是%(name)s，其中没有这一期限。") % facts
            return _("%(day)s施行的是%(name)s，其中的期限没有收录。") % facts
    return _("%(day)s适用的规定没有收录。") % {"day": long_form(on)}
