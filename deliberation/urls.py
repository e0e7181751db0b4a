"""Addresses of a thread; its page belongs to whoever owns the case."""

from django.urls import path

from . import views

app_name = "deliberation"
urlpatterns = [
    path("talk/<int:pk>/say/", views.say, name="say"),
    path("talk/<int:pk>/since/<int:number>/", views.since, name="since"),
    path("talk/<int:pk>/before/<int:number>/", views.before, name="before"),
]
