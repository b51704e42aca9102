from django.urls import path

from accounts import desk
from massline.methods import post_only

urlpatterns = [
    path("desk/sign-in/", desk.SignIn.as_view(), name="sign_in"),
    path("desk/sign-out/", post_only("desk")(desk.SignOut.as_view()), name="sign_out"),
]
