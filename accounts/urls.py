from django.urls import path

from accounts import desk, passwords
from accounts.passwords import before_password
from accounts.separation import open_to_administrations
from massline.methods import post_only

urlpatterns = [
    path("desk/sign-in/", before_password(open_to_administrations(desk.SignIn.as_view())), name="sign_in"),
    path(
        "desk/sign-out/",
        before_password(open_to_administrations(post_only("desk")(desk.SignOut.as_view()))),
        name="sign_out",
    ),
    path("desk/password/", before_password(passwords.change), name="password"),
]
