"""The chain by hand: who answers for a piece of work, who is passed over, and why."""

from datetime import date, timedelta

import pytest

from responsibility.chain import chain, levels_above
from responsibility.subjects import ChainSubject
from tests.chain_lab import absent, acts_for, appoint, organ, person, post, sh, shown

pytestmark = pytest.mark.django_db
NOON = sh("2026-09-15 12:00")
DAY = date(2026, 9, 15)


class Tree:
    """A root with two top leaders, a department under it with a deputy, an intake and a handler."""

    def __init__(self):
        self.root = organ("市委市政府", kind="committee")
        self.department = organ("住建局", self.root)
        self.users = {name: person(name) for name in ("书记", "市长", "局长", "副局长", "经办", "旁人")}
        self.secretary = post(self.root, "书记", self.users["书记"], is_top=True)
        self.mayor = post(self.root, "市长", self.users["市长"], is_top=True)
        self.leader = post(self.department, "局长", self.users["局长"], is_top=True)
        self.deputy = post(self.department, "副局长", self.users["副局长"], in_charge_of=["01"])
        self.handler = post(self.department, "科员", self.users["经办"])

    def chain_subject(self, **more):
        return ChainSubject(**{"organ": self.department.pk, "content_class": "010203", "post": self.handler.pk} | more)

    def chain(self, at=NOON, **more):
        return shown(chain(self.chain_subject(**more), at))


FULL = [
    ("handler", 0, "经办", ""),
    ("in_charge", 0, "副局长", ""),
    ("top", 0, "局长", ""),
    ("top", 1, "书记", ""),
    ("top", 1, "市长", ""),
]


def but(*changes):
    """The full chain with some links replaced."""
    return [next((c for c in changes if c[:2] == link[:2]), link) for link in FULL]


@pytest.fixture
def tree():
    return Tree()


def test_everybody_present(tree):
    assert tree.chain() == FULL


def test_vacant_post_is_passed_over(tree):
    tree.deputy.appointments.update(until=DAY)
    assert tree.chain() == but(("in_charge", 0, "", "vacant"))
    assert tree.chain(sh("2026-09-14 23:59")) == FULL


def test_an_appointment_begins_and_ends_at_midnight_in_shanghai(tree):
    tree.leader.appointments.update(until=DAY)
    appoint(tree.users["旁人"], tree.leader, since=DAY)
    assert tree.chain(sh("2026-09-14 23:59"))[2] == ("top", 0, "局长", "")
    assert tree.chain(sh("2026-09-15 00:00"))[2] == ("top", 0, "旁人", "")


def test_on_leave_without_anybody_acting(tree):
    absent(tree.leader, DAY, days=3)
    assert tree.chain() == but(("top", 0, "", "on_leave"))
    assert tree.chain(sh("2026-09-18 00:00")) == FULL


def test_on_leave_with_somebody_acting(tree):
    acts_for(tree.users["旁人"], absent(tree.leader, DAY, days=3))
    assert tree.chain() == but(("top", 0, "旁人", ""))
    link = chain(tree.chain_subject(), NOON)[2]
    assert (link.post, link.acting_for) == (tree.leader.pk, "局长")
    assert tree.chain(sh("2026-09-18 00:00")) == FULL


def test_acting_in_a_vacancy(tree):
    tree.leader.appointments.update(until=DAY - timedelta(days=30))
    appoint(tree.users["旁人"], tree.leader, kind="acting", because="vacancy", since=DAY)
    assert tree.chain() == but(("top", 0, "旁人", ""))
    assert tree.chain(sh("2026-09-10")) == but(("top", 0, "", "vacant"))


def test_whoever_acts_may_be_away_too(tree):
    stands_in = acts_for(tree.users["旁人"], absent(tree.leader, DAY, days=10))
    absent(stands_in, DAY, days=2)
    assert tree.chain() == but(("top", 0, "", "on_leave"))
    assert tree.chain(sh("2026-09-17")) == but(("top", 0, "旁人", ""))


def test_the_same_person_again_is_told_once(tree):
    """The deputy acts for the leader: one person, the lower link."""
    acts_for(tree.users["副局长"], absent(tree.leader, DAY))
    assert tree.chain() == but(("top", 0, "", "same_person"))


def test_a_handler_who_is_the_superior(tree):
    tree.leader.appointments.update(until=DAY)
    appoint(tree.users["经办"], tree.leader, since=DAY)
    assert tree.chain() == but(("top", 0, "", "same_person"))


def test_the_same_person_at_two_levels(tree):
    tree.secretary.appointments.update(until=DAY)
    appoint(tree.users["局长"], tree.secretary, since=DAY)
    assert tree.chain()[-2:] == [("top", 1, "", "same_person"), ("top", 1, "市长", "")]


@pytest.mark.parametrize(("who", "place"), [("经办", 0), ("副局长", 1), ("局长", 2), ("书记", 3)])
def test_whoever_is_complained_about_is_passed_over(tree, who, place):
    found = tree.chain(recused=frozenset({tree.users[who].pk}))
    assert found[place][2:] == ("", "complained_about")
    assert [link for link in found if link[3]] == [found[place]]


def test_one_complained_about_who_acts_for_another(tree):
    acts_for(tree.users["旁人"], absent(tree.leader, DAY))
    found = tree.chain(recused=frozenset({tree.users["旁人"].pk}))
    assert found == but(("top", 0, "", "complained_about"))


def test_one_complained_about_who_comes_twice_is_complained_about_both_times(tree):
    acts_for(tree.users["副局长"], absent(tree.leader, DAY))
    found = tree.chain(recused=frozenset({tree.users["副局长"].pk}))
    assert [link[3] for link in found[1:3]] == ["complained_about", "complained_about"]


@pytest.mark.parametrize(
    ("prefixes", "found"),
    [
        ({"甲": ["01"], "乙": ["0102"]}, ["乙"]),
        ({"甲": [""], "乙": ["01"]}, ["乙"]),
        ({"甲": [""], "乙": ["02"]}, ["甲"]),
        ({"甲": ["02", "010203"], "乙": ["0102"]}, ["甲"]),
        ({"甲": ["0102"], "乙": ["0102"]}, ["甲", "乙"]),
        ({"甲": ["02"], "乙": []}, []),
    ],
)
def test_in_charge_is_whose_prefix_fits_best(tree, prefixes, found):
    type(tree.deputy).objects.filter(pk=tree.deputy.pk).update(in_charge_of=[])
    for name, classes in prefixes.items():
        post(tree.department, name, person(name), in_charge_of=classes)
    assert [link[2] for link in tree.chain() if link[0] == "in_charge"] == found


@pytest.mark.parametrize("prefixes", [[], ["01"], [""], ["", "01"]])
def test_what_has_no_class_goes_from_its_handler_to_the_top(tree, prefixes):
    """Whoever is in charge of every class is in charge of nothing that has none."""
    type(tree.deputy).objects.filter(pk=tree.deputy.pk).update(in_charge_of=prefixes)
    assert tree.chain(content_class="") == [link for link in FULL if link[0] != "in_charge"]


def test_the_top_post_is_never_in_charge_besides(tree):
    type(tree.leader).objects.filter(pk=tree.leader.pk).update(in_charge_of=["010203"])
    assert tree.chain() == FULL


def test_an_abolished_organ_in_the_middle_is_passed_through(tree):
    middle = organ("原指挥部", tree.root, valid_until=DAY)
    post(middle, "指挥长", person("指挥长"), is_top=True)
    type(middle).objects.filter(pk=tree.department.pk).update(parent=middle)
    assert [link[1] for link in tree.chain()] == [0, 0, 0, 2, 2]
    before = tree.chain(sh("2026-09-14 12:00"))
    assert ("top", 1, "指挥长", "") in before


def test_an_organ_that_is_not_founded_yet(tree):
    middle = organ("筹备局", tree.root, valid_from=DAY + timedelta(days=1))
    type(middle).objects.filter(pk=tree.department.pk).update(parent=middle)
    assert {link[1] for link in tree.chain()} == {0, 2}


def test_an_abolished_organ_still_has_the_work_that_it_has(tree):
    type(tree.department).objects.filter(pk=tree.department.pk).update(valid_until=DAY)
    assert tree.chain() == FULL


def test_at_the_root_the_chain_is_one_level(tree):
    found = shown(chain(ChainSubject(tree.root.pk, "010203", tree.mayor.pk), NOON))
    assert found == [("handler", 0, "市长", ""), ("top", 0, "书记", ""), ("top", 0, "", "same_person")]


def test_no_posts_at_all():
    root = organ("市委市政府", kind="committee")
    bare = organ("空壳局", root)
    found = shown(chain(ChainSubject(bare.pk, "010203"), NOON))
    assert found == [("handler", 0, "", "no_post"), ("top", 0, "", "no_post"), ("top", 1, "", "no_post")]


def test_a_level_without_a_top_post_says_so(tree):
    middle = organ("片区办", tree.root)
    post(middle, "联络员", person("联络员"))
    type(middle).objects.filter(pk=tree.department.pk).update(parent=middle)
    assert [link for link in tree.chain() if link[1] == 1] == [("top", 1, "", "no_post")]


def test_a_handler_whose_post_is_in_another_organ_is_no_handler(tree):
    elsewhere = post(tree.root, "办公室", tree.users["旁人"])
    assert tree.chain(post=elsewhere.pk)[0] == ("handler", 0, "", "no_post")


def test_what_nobody_handles_yet_lies_with_whoever_receives_for_the_organ(tree):
    assert tree.chain(post=None)[0] == ("handler", 0, "局长", "")  # no post receives: the head does
    post(tree.department, "收件", tree.users["旁人"], is_intake=True)
    assert tree.chain(post=None) == but(("handler", 0, "旁人", ""))
    assert tree.chain() == FULL


def test_the_height_of_a_tree(tree):
    assert levels_above(tree.department.pk, DAY) == 1
    assert levels_above(tree.root.pk, DAY) == 0


def test_one_query(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree.chain()
