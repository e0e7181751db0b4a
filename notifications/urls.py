from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox_page, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/unread/", views.unread, name="unread"),
    path("inbox/<int:pk>/open/", views.open_notice, name="open"),
    path("me/notices/", views.preferences_page, name="preferences"),
    path("follow/", views.follow, name="follow"),
]
