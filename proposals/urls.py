from django.urls import path

from . import acting, answers, catalogue, converters, desks, filing, rules, views

app_name = "proposals"
assert converters  # imported for what it registers


urlpatterns = [
    path("cases/", views.index, name="list"),
    path("cases/<case:number>/", views.detail, name="detail"),
    path("cases/<case:number>/timeline/", views.history, name="timeline"),
    path("cases/<case:number>/talk/", views.talk, name="talk"),
    path("cases/<case:number>/endorse/", views.endorse, name="endorse"),
    path("cases/<case:number>/decision/", answers.answer, name="answer"),
    path("cases/<case:number>/judge/", views.judge, name="judge"),
    path("cases/<case:number>/decide/", answers.decide, name="decide"),
    path("cases/<case:number>/correct/", answers.correct, name="correct"),
    path("cases/<case:number>/move/<slug:verb>/", acting.make_move, name="move"),
    path("cases/<case:number>/examination/", acting.examine, name="screening"),
    path("cases/<case:number>/appeal-up/", acting.call, name="call"),
    path("cases/<case:number>/again/", acting.again, name="again"),
    path("new/", filing.start, name="new"),
    path("new/where/", filing.where, name="where"),
    path("new/what/", filing.what, name="what"),
    path("new/save/", filing.autosave, name="autosave"),
    path("new/photos/", filing.add_photos, name="add_photos"),
    path("new/photos/<uuid:key>/delete/", filing.delete_photo, name="delete_photo"),
    path("new/check/", filing.check, name="check"),
    path("new/discard/", filing.discard, name="discard"),
    path("new/done/<case:number>/", filing.done, name="done"),
    path("cases/<case:number>/complete/", filing.complete, name="complete"),
    path("photos/<uuid:key>/<str:size>/", filing.photo, name="photo"),
    path("mine/", desks.mine, name="mine"),
    path("desk/", desks.desk, name="desk"),
    path("desk/<slug:name>/", desks.desk, name="desk"),
    path("desk/<slug:name>/bulk/", desks.together, name="bulk"),
    path("areas/<slug:code>/rules/", rules.rules, name="rules"),
    path("areas/<slug:code>/rules/<str:key>/", rules.rule, name="rule"),
    path("competence/", catalogue.catalogue, name="catalogue"),
    path("competence.csv", catalogue.download, name="catalogue_csv"),
]
