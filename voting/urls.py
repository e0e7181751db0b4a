from django.urls import path

from . import views

app_name = "voting"

urlpatterns = [
    path("ballots/", views.ballots, name="list"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("ballots/<int:pk>/cast/", views.cast, name="cast"),
    path("ballots/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("ballots/<int:pk>/result/", views.result, name="result"),
]
