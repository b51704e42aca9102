from django.urls import path

from accounts import desk, passwords
from accounts.passwords import allowed_before_password_change
from accounts.separation import open_to_administrations
from massline.methods import post_only

urlpatterns = [
    path(
        "desk/sign-in/", allowed_before_password_change(open_to_administrations(desk.SignIn.as_view())), name="sign_in"
    ),
    path(
        "desk/sign-out/",
        allowed_before_password_change(open_to_administrations(post_only("desk")(desk.SignOut.as_view()))),
        name="sign_out",
    ),
    path("desk/password/", allowed_before_password_change(passwords.change_password), name="password"),
]
