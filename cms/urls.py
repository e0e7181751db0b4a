from django.urls import path

from . import views

app_name = "cms"

urlpatterns = [
    path("areas/<slug:code>/", views.area, name="area"),
    path("search/", views.search, name="search"),
    path("cms/account/", views.account, name="account"),
]
