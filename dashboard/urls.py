"""Every address of Runboard. Parts for htmx live under their page."""

from django.conf import settings
from django.urls import path, re_path

from dashboard.admin import site
from dashboard.views import following, health, webhooks
from dashboard.views.accounts import account, audit, joining, people
from dashboard.views.runs import (
    archive,
    detail,
    files,
    json_api,
    labels,
    log,
    neighbours,
    remove,
    run_list,
    side_by_side,
)
from dashboard.views.sharing import share_links, shared_run
from dashboard.views.styleguide import gallery

handler404 = "dashboard.views.errors.not_found"

urlpatterns = [
    path("", run_list.run_list, name="run_list"),
    path("runs/", run_list.find_runs, name="find_runs"),
    path("runs/now/", run_list.now, name="runs_now"),
    path("runs/<uuid:run_id>.json", json_api.run_json, name="run_json"),
    path("runs/<uuid:run_id>/snapshots.json", json_api.snapshots_json, name="run_snapshots"),
    path("runs/<uuid:run_id>/", detail.detail, name="run_detail"),
    path("runs/<uuid:run_id>/refresh/", detail.refresh, name="run_refresh"),
    path("runs/<uuid:run_id>/live/", detail.live, name="run_live"),
    path("runs/<uuid:run_id>/outputs/", detail.outputs, name="run_outputs"),
    path("runs/<uuid:run_id>/outputs.zip", archive.outputs, name="run_archive"),
    path("runs/<uuid:run_id>/pair/", side_by_side.pair, name="run_pair"),
    path("runs/<uuid:run_id>/files/<int:pk>/<str:name>", files.file, name="run_file"),
    path("runs/<uuid:run_id>/history/", detail.history, name="run_history"),
    path("runs/<uuid:run_id>/facts/", detail.facts, name="run_facts"),
    path("runs/<uuid:run_id>/usual/", detail.against_usual, name="run_usual"),
    path("runs/<uuid:run_id>/raw/", detail.raw, name="run_raw"),
    path("runs/<uuid:run_id>/share/", share_links.share_run, name="run_share"),
    path("runs/<uuid:run_id>/share/card.png", share_links.preview_card, name="run_share_card"),
    path("runs/<uuid:run_id>/delete/", remove.delete, name="run_delete"),
    path("runs/<uuid:run_id>/older/", neighbours.older, name="run_older"),
    path("runs/<uuid:run_id>/newer/", neighbours.newer, name="run_newer"),
    path("runs/<uuid:run_id>/log/", log.log, name="run_log"),
    path("runs/<uuid:run_id>/title/", labels.title, name="run_title"),
    path("runs/<uuid:run_id>/star/", labels.star, name="run_star"),
    path("runs/<uuid:run_id>/tags/", labels.tags, name="run_tags"),
    path("runs/<uuid:run_id>/tags/<int:pk>/remove/", labels.remove_tag, name="run_tag_remove"),
    path("runs/<uuid:run_id>/notes/", labels.notes, name="run_notes"),
    path("runs/<uuid:run_id>/notes/<int:pk>/remove/", labels.remove_note, name="run_note_remove"),
    re_path(r"^runs/(?P<text>[^/]+)(?P<rest>/.*)?$", detail.normal_form, name="run_other_form"),
    path("following/", following.following, name="following"),
    path("following/<int:pk>/stop/", following.stop, name="following_stop"),
    path("shares/", share_links.shares, name="shares"),
    path("shares/<int:pk>/revoke/", share_links.revoke, name="share_revoke"),
    path("s/<str:token>/", shared_run.page, name="shared"),
    path("s/<str:token>/live/", shared_run.live, name="shared_live"),
    path("s/<str:token>/outputs/", shared_run.outputs, name="shared_outputs"),
    path("s/<str:token>/outputs.zip", shared_run.archive_of_outputs, name="shared_archive"),
    path("s/<str:token>/pair/", shared_run.pair, name="shared_pair"),
    path("s/<str:token>/files/<int:pk>/<str:name>", shared_run.file, name="shared_file"),
    path("s/<str:token>/card.png", shared_run.card_picture, name="shared_card"),
    path("hooks/comfydeploy/<str:secret>/", webhooks.comfydeploy, name="hook"),
    path("settings/hook/", webhooks.address, name="hook_address"),
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-in/<str:token>/", account.sign_in_link, name="sign_in_link"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/sessions/end/", account.end_session, name="session_end"),
    path("account/password/", account.Password.as_view(), name="password"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/invitations/<int:pk>/revoke/", people.revoke_invitation, name="invitation_revoke"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
    path("people/<int:pk>/active/", people.active, name="person_active"),
    path("people/<int:pk>/sessions/end/", people.end_sessions, name="person_sessions_end"),
    path("people/<int:pk>/link/", people.sign_in_link, name="person_link"),
    path("invite/<str:token>/", joining.invitation, name="invitation"),
    path("welcome/", joining.first, name="welcome"),
    path("audit/", audit.audit, name="audit"),
    path("patterns/", gallery.patterns, name="patterns"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *([path(f"{settings.ADMIN_PATH}/", site.urls)] if settings.ADMIN_PATH else []),
]
