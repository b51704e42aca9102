"""REST: what every address does before it answers."""

from collections.abc import Collection
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.views import APIView

from massline.acts import Invalid
from massline.rest import MEANINGS
from massline.rest_forms import unknown_names


class Endpoint(APIView):
    """An address of REST. It refuses a query parameter that it does not know: to leave out a misspelt filter would
    answer another question than was asked."""

    PARAMETERS: ClassVar[Collection[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if wrong := unknown_names(request.GET, [*self.parameters(), "format"]):
            raise Invalid(wrong)

    def parameters(self) -> Collection[str]:
        """The query parameters that it reads."""
        return self.PARAMETERS


def says_422(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """In the schema every address refuses what it does not know."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"].setdefault("422", {"content": problem, "description": str(MEANINGS[422])})
    return result
