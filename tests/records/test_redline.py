"""A redline holds both wordings, and articles keep their keys when a text is revised."""

from itertools import permutations

import pytest
from django.template.loader import render_to_string
from hypothesis import assume, given
from hypothesis import strategies as st

from massline.acts import Invalid
from records.articles import Article, Match, confirm, digest_of, propose_keys
from records.redline import Mark, compare, new_text, old_text, redline

texts = st.text(alphabet="第二十条群众来信答复的。；\n A1&<", max_size=40)
articles = st.lists(
    st.tuples(st.sampled_from(["a1", "a2", "a3", "a4", "a5"]), texts, texts), unique_by=lambda a: a[0]
).map(lambda rows: [Article(*row) for row in rows])
OLD = [
    Article("a1", "第一条", "为了方便群众反映情况，制定本办法。"),
    Article("a2", "第二条", "信访工作机构应当自收到之日起十五日内告知。"),
    Article("a3", "第三条", "办理机关应当自受理之日起六十日内办结。"),
]


@given(texts, texts)
def test_the_pieces_give_both_texts_back(old, new):
    pieces = compare(old, new)
    assert old_text(pieces) == old
    assert new_text(pieces) == new
    assert all(piece.text for piece in pieces)
    assert all(one.mark != other.mark for one, other in zip(pieces, pieces[1:], strict=False))


@given(articles, articles)
def test_the_changes_give_both_wordings_back(old, new):
    changes = redline(old, new)
    came_from = sorted((one for one in changes if one.old_place), key=lambda one: one.old_place)
    leads_to = [one for one in changes if one.new_place]
    assert [Article(c.key, old_text(c.heading), old_text(c.text)) for c in came_from] == old
    assert [Article(c.key, new_text(c.heading), new_text(c.text)) for c in leads_to] == new


@given(articles)
def test_nothing_changed_shows_no_change(same):
    assert all(one.kind == Mark.KEPT and not one.moved for one in redline(same, same))


@given(st.lists(st.tuples(texts, texts), unique=True, max_size=6), st.randoms())
def test_keys_stay_when_articles_change_places(wording, random):
    old = [one.article for one in propose_keys([], wording)]
    shuffled = random.sample(wording, len(wording))
    found = propose_keys(old, shuffled)
    assert {one.article for one in found} == set(old)
    assert all(one.match == Match.SAME for one in found)


@given(articles, st.lists(st.tuples(texts, texts), max_size=6), st.sets(st.sampled_from(["a6", "a7"])))
def test_no_key_twice_and_none_of_an_article_that_is_gone(old, new, used):
    found = [one.article.key for one in propose_keys(old, new, used)]
    assert len(found) == len(set(found)) == len(new)
    assert used.isdisjoint(found)


@given(articles, articles)
def test_the_digest_tells_two_texts_apart(one, other):
    assume(one != other)
    assert digest_of(one) != digest_of(other)


def test_a_revised_article_is_found_and_a_new_one_gets_a_key_of_its_own():
    found = propose_keys(
        OLD,
        [
            ("第一条", OLD[0].text),
            ("第二条", "本办法所称信访，指以书信、网络、走访等形式反映情况。"),
            ("第三条", OLD[1].text),
            ("第四条", "办理机关应当自受理之日起三十日内办结，并书面答复。"),
        ],
    )
    assert [(one.article.key, one.match) for one in found] == [
        ("a1", Match.SAME),
        ("a4", Match.NEW),
        ("a2", Match.SAME),
        ("a3", Match.SIMILAR),
    ]


def test_a_person_decides_on_the_keys():
    found = propose_keys(OLD, [("第一条", OLD[0].text), ("第二条", "另起炉灶"), ("第三条", OLD[2].text)])
    used = {"a1", "a2", "a3", "a4"}
    assert [one.key for one in confirm(found, {1: "a2", 2: ""}, used)] == ["a1", "a2", "a5"]
    for wrong in ({1: "a1"}, {1: "a9"}):
        with pytest.raises(Invalid):
            confirm(found, wrong, used)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("在15日内用Email告知", "在16日内用e-mail告知", ["15", "16", "Email", "e-mail"]),
        ("自收到之日起十五日内", "自收到之日起十日内", ["十五", "十"]),
        ("第二条 告知", "第十二条 告知", ["第二条", "第十二条"]),
    ],
)
def test_words_and_numbers_change_as_a_whole(old, new, changed):
    """A 二 that is struck out would read 三."""
    assert [piece.text for piece in compare(old, new) if piece.mark != Mark.KEPT] == changed


def test_a_long_text_takes_no_time():
    long = "".join(f"第{n}项，{'的' * (n % 50)}。" for n in range(3000))
    assert new_text(compare(long, long[100:] + "完")) == long[100:] + "完"
    assert old_text(compare("的" * 50_000, "地" * 50_000)) == "的" * 50_000


def test_every_order_of_articles_tells_what_moved():
    for order in permutations(OLD):
        moved = [one.key for one in redline(OLD, order) if one.moved]
        assert bool(moved) == (list(order) != OLD)


def test_the_page_says_it_in_words_and_lines_and_escapes():
    new = [OLD[0], Article("a2", "第二条", "应当在<b>十日</b>内告知。"), Article("a4", "第三条", "新增一条。")]
    page = render_to_string("components/redline.html", {"changes": redline(OLD, new)})
    assert "<b>" not in page and "&lt;b&gt;" in page
    for shown in (
        "<ins>",
        "<del>",
        "（新增）",
        "（删除）",
        'class="article removed" id="a3"',
        'class="article added" id="a4"',
    ):
        assert shown in page
