from django.urls import path

from accounts import desk

urlpatterns = [
    path("desk/sign-in/", desk.SignIn.as_view(), name="sign_in"),
    path("desk/sign-out/", desk.SignOut.as_view(), name="sign_out"),
]
