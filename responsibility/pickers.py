"""Form fields that choose the holder of a post, or an organ; each form says which it offers."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massline.keys import key_of
from responsibility.models import Appointment, Organ, Post
from responsibility.people import one_each


class PersonField(forms.ChoiceField):
    """A person who answers in a post, sent as their username or as the key of the post; clean, the post."""

    def __init__(self, *, by_post: bool = False, **kwargs: Any) -> None:
        """Offers people, each once; or (`by_post`) posts, each by its key."""
        super().__init__(**kwargs)
        self.by_post = by_post
        self._posts: dict[str, Post] = {}

    def offer(self, held: Iterable[Appointment]) -> None:
        """Offers these, in this order; each with its user and its post, by post with the post's organ too. None is
        chosen beforehand: what is sent by mistake lands on somebody else's desk."""
        held = list(held)
        posts = {key_of("post", one.post_id): one.post for one in held}
        people = one_each(held)
        self._posts = posts | {one.user.username: one.post for one in people}
        if self.by_post:
            found = [(key, str(post)) for key, post in posts.items()]
        else:
            found = [(one.user.username, f"{one.user.name}（{one.post.called}）") for one in people]
        self.choices = [("", _("请选择")), *found]

    def valid_value(self, value: Any) -> bool:
        return value in self._posts

    def clean(self, value: Any) -> Post | None:
        return self._posts.get(super().clean(value))


class OrganField(forms.ChoiceField):
    """An organ, sent as its code; clean, the organ."""

    default_error_messages = forms.ModelChoiceField.default_error_messages

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._organs: dict[str, Organ] = {}

    def offer(self, organs: Iterable[Organ]) -> None:
        """Offers these. None is chosen beforehand: what is sent by mistake lands on the wrong desk."""
        organs = list(organs)
        self._organs = {organ.code: organ for organ in organs}
        self.choices = [("", _("请选择")), *_coded(organs)]

    def propose(self, organs: Iterable[Organ], heading: Callable[[Organ], Any]) -> None:
        """Offers these in groups, the most competent first. None is chosen beforehand, as in `offer`."""
        organs = list(organs)
        self._organs = {organ.code: organ for organ in organs}
        groups = [(str(head), _coded(group)) for head, group in groupby(organs, heading)]
        self.choices = [("", _("请选择")), *groups]

    def clean(self, value: Any) -> Organ | None:
        return self._organs.get(super().clean(value))


def _coded(organs: Iterable[Organ]) -> list[tuple[str, str]]:
    return [(organ.code, organ.called) for organ in organs]
