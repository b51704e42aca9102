from django.urls import path

from accounts import desk
from accounts.separation import open_to_administrations
from massline.methods import post_only

urlpatterns = [
    path("desk/sign-in/", open_to_administrations(desk.SignIn.as_view()), name="sign_in"),
    path("desk/sign-out/", open_to_administrations(post_only("desk")(desk.SignOut.as_view())), name="sign_out"),
]
