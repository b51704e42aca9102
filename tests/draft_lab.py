"""Pages with forms, as a browser that keeps its cookies fills them in."""

import re
from html import unescape
from typing import Any

from django.test import Client

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?')
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def sign_in_again(client: Client, user: Any) -> None:
    """Signs in without a new browser: cookies besides the session's stay."""
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")


def hidden_fields(client: Client, page: str, action: str = "") -> dict[str, str]:
    """The hidden fields of the form on a page that is sent to `action`, or to the page itself."""
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status_code)
    for attributes, inside in FORM.findall(answer.content.decode()):
        told = dict(ATTRIBUTE.findall(attributes))
        if told.get("method") == "post" and unescape(told["action"]) == (action or page) and 'name="draft"' in inside:
            return {name: unescape(value) for name, value in HIDDEN.findall(inside)}
    raise AssertionError(f"no form with drafts on {page} for {action or page}")


def keep(client: Client, page: str, action: str = "", **typed: Any) -> Any:
    """Saves as the script does while somebody types."""
    sent = hidden_fields(client, page, action) | typed
    return client.post("/drafts/", sent, headers={"Accept": "application/json"})


def text(answer: Any) -> str:
    return unescape(answer.content.decode())
