from django.urls import path

from . import views

app_name = "records"
urlpatterns = [
    path("records/<int:pk>/", views.download, name="download"),
    path("verify/", views.lookup, name="lookup"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
