"""The door (allauth's names, our pages), my page, and the grid worker's desk."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path, re_path

from .views import desk, entry, me, offices, second_factor

# Names that allauth itself looks up. Of its own views only those are here whose page we have drawn.
door = [
    path("login/", entry.login, name="account_login"),
    path("logout/", entry.logout, name="account_logout"),
    path("login/closed/", account.account_inactive, name="account_inactive"),
    path("login/forgot/", account.password_reset, name="account_reset_password"),
    path("login/forgot/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^login/forgot/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("login/forgot/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("login/second/", mfa.authenticate, name="mfa_authenticate"),
    path("me/second/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
]
rooms = [
    path("login/code/", entry.code, name="code"),
    path("login/other/", entry.other_phone, name="other_phone"),
    path("login/password/", entry.password, name="password"),
    path("me/", me.me, name="me"),
    path("me/who/", entry.who, name="who"),
    path("me/who/add/", me.another, name="another"),
    path("me/welcome/", me.welcome, name="welcome"),
    path("me/name/", me.name, name="name"),
    path("me/email/", me.email, name="email"),
    path("me/email/<str:token>/", me.email_confirm, name="email_confirm"),
    path("me/residence/", me.residence, name="residence"),
    path("me/residence/end/", me.moved_away, name="moved_away"),
    path("me/residence/<str:code>/", me.home, name="home"),
    path("me/offices/", offices.offices, name="offices"),
    path("me/offices/<int:pk>/recall/", offices.recall, name="recall"),
    path("me/second/", second_factor.second_factor, name="second_factor"),
    path("me/second/recovery/", second_factor.recovery, name="recovery"),
    path("desk/residence/", desk.claims, name="desk"),
    path("desk/residence/register/", desk.register, name="register"),
    path("desk/residence/<int:pk>/confirm/", desk.confirm, name="confirm"),
    path("desk/residence/<int:pk>/refuse/", desk.refuse, name="refuse"),
]
# Wagtail's own log-in pages know neither limits nor the second factor: they stand behind these.
shut = [path(address, entry.other_door) for address in ("cms/login/", "_util/login/")]
urlpatterns = [*door, *shut, path("", include((rooms, "people")))]
