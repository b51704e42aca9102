"""The city's other organs, told in short in units.toml: their posts and people in the form of city.toml."""

from datetime import date
from typing import Any

SINCE = date(2023, 6, 1)
ROLES = {1: ("leader", "deputy", "intake", "handler"), 2: ("leader", "leader2", "intake")}
"""The part each post plays, by how many top posts there are; with the organ's key it makes the user name."""


def unfold(units: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Regions, organs, posts, people and appointments."""
    found: dict[str, list[dict[str, Any]]] = {
        "region": units["region"], "organ": [], "post": [], "person": [], "appointment": []
    }  # fmt: skip
    for unit in units["unit"]:
        found["organ"].append({**unit, "valid_from": SINCE})
        roles = ROLES[unit.get("tops", 1)]
        for role, post, name in zip(roles, unit["posts"], unit["people"], strict=False):
            key = f"{unit['key']}_{role}"
            found["post"].append(
                {
                    "key": key,
                    "organ": unit["key"],
                    "name": post,
                    "is_top": role.startswith("leader"),
                    "is_intake": role == "intake",
                    "in_charge_of": unit["classes"] if role == "deputy" else [],
                }
            )
            found["person"].append({"username": key, "name": name, "kind": "official"})
            found["appointment"].append({"post": key, "person": key, "kind": "regular", "since": SINCE})
    return found
