"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from massline import health, well_known
from massline.drafts import pages as drafts

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path("robots.txt", well_known.robots, name="robots"),
    path("pinyin.txt", well_known.pinyin, name="pinyin"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("language/", set_language, name="set_language"),
    path("drafts/", drafts.keep, name="keep_draft"),
    path("drafts/drop/", drafts.drop, name="drop_draft"),
    path("drafts/finish/", drafts.finish, name="finish_drafts"),
    path("api/", include("massline.api_urls")),
    path("", include("citizens.urls")),
    path("", include("petitions.urls")),
    path("", include("inspection.urls")),
    path("", include("institutions.urls")),
    path("", include("records.urls")),
    path("", include("reports.urls")),
    path("", include("responsibility.urls")),
    path("", include("accounts.urls")),
]

handler400 = "massline.bad_requests.bad_request"
handler500 = "massline.web.server_error"
