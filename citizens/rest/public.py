"""The parts that REST addresses for citizens share: no sign-in, and code trees that browsers keep."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from massline.rest_endpoint import Endpoint
from responsibility import content_classes

CACHED = 3600
"""The seconds for which a code tree may be kept."""


class Public(Endpoint):
    """No sign-in: whatever token is sent along is not looked at."""

    authentication_classes = ()
    permission_classes = ()


class CodeNode(s.Serializer[Any]):
    """A code, and the codes below it."""

    code = s.CharField()
    name = s.CharField()

    def get_fields(self) -> Any:
        return super().get_fields() | {"children": CodeNode(many=True)}


class CodeTree(Public):
    """A tree of {code, name, children}, cacheable, named in the reader's language."""

    tree: Callable[[], Any]

    def answer(self, request: Request) -> HttpResponseBase:
        response = Response(self.tree())
        response = self.finalize_response(request, response)
        response.render()
        response["ETag"] = etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["Cache-Control"] = f"public, max-age={CACHED}"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return get_conditional_response(request._request, etag=etag, response=response) or response


class Categories(CodeTree):
    tree = staticmethod(content_classes.tree)

    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("内容分类"),
        operation_id="categories",
        responses={200: CodeNode(many=True)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return self.answer(request)
