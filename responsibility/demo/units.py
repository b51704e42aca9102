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
        short = ("key", "posts", "people", "classes", "tops")
        organ = {name: value for name, value in unit.items() if name not in short}
        found["organ"].append({"code": unit["key"], **organ, "valid_from": SINCE})
        roles = ROLES[unit.get("tops", 1)]
        for role, post, name in zip(roles, unit["posts"], unit["people"], strict=False):
            username = f"{unit['key']}_{role}"
            found["post"].append(
                {
                    "organ": unit["key"],
                    "name": post,
                    "name_en": units["english"][post],
                    "is_top": role.startswith("leader"),
                    "is_intake": role == "intake",
                    "in_charge_of": unit["classes"] if role == "deputy" else [],
                }
            )
            found["person"].append({"username": username, "name": name, "kind": "official"})
            held = {"organ": unit["key"], "post": post, "person": username, "since": SINCE}
            found["appointment"].append(held)
    return found
