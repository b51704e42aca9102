"""Answers what programs ask every site for: its icon, what crawlers may read, and whom to tell of a weakness; and how
characters are read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from massline.pinyin import syllables
from massline.time import end_of_day, today

NOT_FOR_CRAWLERS = (
    "/desk/", "/track/", "/receipt/", "/api/", "/drafts/", "/preferences/", "/language/", "/altcha/", "/healthz",
    "/readyz",
)  # fmt: skip
"""What belongs to one person, what only changes something, and what only programs of ours read."""
PLAIN = "text/plain; charset=utf-8"
DAY = 24 * 3600


@require_safe
@cache_control(public=True, max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the seal: some browsers and search engines ask for the old address, whatever the page says."""
    return redirect(static("img/seal.svg"))


@require_safe
@cache_control(public=True, max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS)]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Says whom to tell of a weakness (RFC 9116). Without a contact, or after its last day, there is no such page: a
    report that nobody reads is worse than none."""
    last_day = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT or last_day is None or last_day < today():
        raise Http404
    expires = end_of_day(last_day)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
    ]
    if settings.SITE.startswith("https://"):
        lines.append(f"Canonical: {settings.SITE}{request.path}")
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
@cache_control(public=True, max_age=DAY)
def pinyin(request: HttpRequest) -> HttpResponse:
    """Gives the finders of long lists (static/js/pinyin.js) a syllable a line, with the characters that are read so."""
    lines = (f"{syllable} {characters}" for syllable, characters in syllables().items())
    return HttpResponse("\n".join(lines), content_type=PLAIN)
