"""A small house for the tests of the face: every address that base.html links, and a kit of all components."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, include, path

from config import display
from people.access import public

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"


class Components(forms.Form):
    title = forms.CharField(label="一句话说清是什么事", help_text="像跟邻居说话一样写。", max_length=30)
    what = forms.CharField(label="现在是什么情况", widget=forms.Textarea(attrs={"rows": 4}), max_length=500)
    nickname = forms.CharField(label="称呼", max_length=10, required=False)
    secret = forms.CharField(label="密码", widget=forms.PasswordInput)
    kind = forms.ChoiceField(label="类别", choices=[("light", "照明"), ("path", "道路")])
    choice = forms.ChoiceField(label="您的意见", widget=forms.RadioSelect, choices=[("yes", "同意"), ("no", "不同意")])
    ways = forms.MultipleChoiceField(
        label="怎么告诉您",
        widget=forms.CheckboxSelectMultiple,
        choices=[("sms", "短信"), ("mail", "邮件")],
        required=False,
    )
    since = forms.DateField(label="从哪天开始", required=False)
    photo = forms.FileField(label="照片", required=False)
    agree = forms.BooleanField(label="我核对过，写的是实情")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)


@public
def components(request: HttpRequest) -> HttpResponse:
    form = Components(request.POST) if request.method == "POST" else Components()
    return render(request, "components.html", {"form": form, "nav": request.GET.get("nav", "cases")})


@public
def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def room(**names: str) -> list[URLPattern]:
    return [path(address, components, name=name) for name, address in names.items()]


urlpatterns = [
    path("components/", components, name="components"),
    path("fail/", fail),
    path("login/", components, name="account_login"),
    path("logout/", components, name="account_logout"),
    path("", include((display.urlpatterns, "display"))),
    path("", include((room(dev="dev/"), "config"))),
    path("", include((room(list="cases/", new="new/", desk="desk/"), "proposals"))),
    path("", include((room(list="ballots/"), "voting"))),
    path("", include((room(inbox="inbox/", unread="inbox/unread/"), "notifications"))),
    path("", include((room(me="me/"), "people"))),
]
