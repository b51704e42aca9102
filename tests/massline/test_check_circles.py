"""The check of imports finds a circle, an import that hides in a function, and what a model knows from above."""

import ast

import pytest

from tests.check_circles import INSIDE_FUNCTIONS, faults, imports


def found(**sources: str) -> list[str]:
    """What the check says about an app of these modules (`a__b` is a.b)."""
    excused = dict.fromkeys(INSIDE_FUNCTIONS, "def f():\n    import shop.below")
    texts = excused | {name.replace("__", "."): text for name, text in sources.items()}
    known = {*texts, "shop.below"}
    return list(faults([i for name, text in texts.items() for i in imports(name, ast.parse(text), known)]))


def test_imports_downwards_are_well() -> None:
    assert found(shop__models="from shop import below", shop__acts="from shop.models import Thing") == []


def test_a_circle_is_printed_from_end_to_end() -> None:
    assert found(shop__a="import shop.b", shop__b="from shop.c import x", shop__c="from shop import a") == [
        "a circle: shop.a -> shop.b -> shop.c -> shop.a"
    ]


def test_no_import_hides_in_a_function() -> None:
    inside = "class A:\n    def go(self):\n        from shop.b import x"
    assert found(shop__a=inside, shop__b="") == ["shop.a.go() imports shop.b: to the top of the module with it"]


@pytest.mark.parametrize(("module", "function"), [("shop__apps", "ready"), ("massline__celery", "clear_expired")])
def test_where_there_is_a_reason_it_may(module: str, function: str) -> None:
    assert found(**{module: f"def {function}():\n    import shop.b", "shop__b": ""}) == []


def test_an_exception_ends_with_its_import() -> None:
    assert found(massline__celery="import shop.below") == [
        "massline.celery has no import within a function any more: out of INSIDE_FUNCTIONS with it"
    ]


def test_a_model_knows_nothing_that_stands_upon_models() -> None:
    pages = {
        "shop__pages": "from shop import lists",
        "shop__lists": "import shop.more.models",
        "shop__more__models": "",
    }
    assert found(shop__models="from shop import pages", **pages) == [
        "shop.models imports shop.pages, which stands upon the models of its app"
    ]


def test_what_is_only_for_the_type_checker_is_no_import() -> None:
    assert found(shop__a="if TYPE_CHECKING:\n    from shop.b import x", shop__b="import shop.a") == []
