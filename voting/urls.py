from django.urls import path

from . import (
    objection_views,
    paper_views,
    proxy_views,
    publishing_views,
    register_views,
    roll_views,
    show_views,
    views,
)

app_name = "voting"

urlpatterns = [
    path("ballots/", views.ballots, name="list"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("ballots/<int:pk>/cast/", views.cast, name="cast"),
    path("ballots/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("ballots/<int:pk>/receipt/sms/", views.receipt_sms, name="receipt_sms"),
    path("ballots/<int:pk>/result/", views.result, name="result"),
    path("ballots/<int:pk>/tally.jsonl", publishing_views.tally_file, name="tally_file"),
    path("ballots/verify_tally.py", publishing_views.verifier, name="verifier"),
]

# The register of owners, published rolls, claims and corrections.
urlpatterns += [
    path("areas/<slug:code>/register/", register_views.register_of, name="register"),
    path("areas/<slug:code>/register/import/", register_views.register_import, name="register_import"),
    path("areas/<slug:code>/register/preview/", register_views.register_preview, name="register_preview"),
    path("areas/<slug:code>/register/apply/", register_views.register_apply, name="register_apply"),
    path("areas/<slug:code>/register/export/", register_views.register_export, name="register_export"),
    path("ballots/<int:pk>/roll/", roll_views.roll, name="roll"),
    path("ballots/<int:pk>/roll/claim/", roll_views.claim, name="claim"),
    path("ballots/<int:pk>/roll/correct/", roll_views.correct, name="correct"),
    path("ballots/<int:pk>/roll/correct/<slug:token>/", roll_views.correct, name="correct_right"),
    path("desk/rolls/", roll_views.roll_desk, name="roll_desk"),
    path("desk/rolls/claims/<int:pk>/", roll_views.ruling, name="ruling"),
    path("desk/rolls/corrections/<int:pk>/", roll_views.correction, name="correction"),
]

# Paper ballots, for those who keep them; and what did not count, for everybody after the end.
urlpatterns += [
    path("ballots/<int:pk>/paper/", paper_views.desk, name="paper"),
    path("ballots/<int:pk>/paper/print/", paper_views.print_slips, name="print_slips"),
    path("ballots/<int:pk>/paper/slips.pdf", paper_views.sheets, name="sheets"),
    path("ballots/<int:pk>/paper/in/", paper_views.hand_in, name="hand_in"),
    path("ballots/<int:pk>/paper/roll/<int:entry>/mark/", paper_views.mark, name="mark"),
    path("ballots/<int:pk>/paper/roll/<int:entry>/unmark/", paper_views.unmark, name="unmark"),
    path("ballots/<int:pk>/paper/<slug:serial>/", paper_views.key_in, name="key_in"),
    path("ballots/<int:pk>/paper/<slug:serial>/scan/", paper_views.scan, name="scan"),
    path("ballots/<int:pk>/uncounted/", paper_views.uncounted, name="uncounted"),
]

# Shows of hands, for those who enter what was counted; and the minutes, for those on the roll.
urlpatterns += [
    path("ballots/<int:pk>/hands/", show_views.desk, name="hands"),
    path("ballots/<int:pk>/hands/confirm/", show_views.confirm, name="hands_confirm"),
    path("ballots/<int:pk>/hands/minutes/", show_views.minutes, name="minutes"),
]

# Proxies, and objections to a result.
urlpatterns += [
    path("ballots/<int:pk>/proxies/", proxy_views.proxies_of, name="proxies"),
    path("ballots/<int:pk>/proxies/give/", proxy_views.give, name="proxy_give"),
    path("ballots/<int:pk>/proxies/record/", proxy_views.record, name="proxy_record"),
    path("proxies/<int:pk>/", proxy_views.choose, name="proxy"),
    path("proxies/<int:pk>/confirm/", proxy_views.confirm, name="proxy_confirm"),
    path("proxies/<int:pk>/cast/", proxy_views.cast, name="proxy_cast"),
    path("proxies/<int:pk>/receipt/", proxy_views.receipt, name="proxy_receipt"),
    path("proxies/<int:pk>/revoke/", proxy_views.revoke, name="proxy_revoke"),
    path("proxies/<int:pk>/letter/", proxy_views.letter, name="proxy_letter"),
    path("ballots/<int:pk>/objections/", objection_views.objections_to, name="objections"),
    path("ballots/<int:pk>/objections/make/", objection_views.make, name="objection_make"),
    path("objections/<int:pk>/ruling/", objection_views.ruling, name="objection_ruling"),
]
