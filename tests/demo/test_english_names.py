"""The demo's city is called by English names on English pages, all of it."""

from responsibility.demo import files


def test_every_region_and_organ_of_the_city_has_an_english_name() -> None:
    city = files.city()
    assert [one["name"] for table in ("region", "organ") for one in city[table] if not one.get("name_en")] == []
