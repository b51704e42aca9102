"""The steps of the ladder in words."""

import pytest
from django.utils import translation

from responsibility.ladder import label


@pytest.mark.parametrize(
    ("step", "chinese", "english"),
    [
        ("top", "上报本单位主要负责人", "Escalated to the authority’s own top leaders"),
        ("superior-1", "上报上级主要负责人（上 1 级）", "Escalated to the top leaders one level up"),
        ("superior-2", "上报上级主要负责人（上 2 级）", "Escalated to the top leaders 2 levels up"),
    ],
)
def test_a_step_says_how_far_up_it_goes(step: str, chinese: str, english: str) -> None:
    for language, said in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert str(label(step)) == said
