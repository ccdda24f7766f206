"""Every address of Runboard. Parts for htmx live under their page."""

from django.urls import path, re_path

from dashboard.views import account, api, following, health, hooks, log, remove, run, runs

handler404 = "dashboard.views.errors.not_found"

urlpatterns = [
    path("", runs.run_list, name="run_list"),
    path("runs/", runs.find_runs, name="find_runs"),
    path("runs/now/", runs.now, name="runs_now"),
    path("runs/<uuid:run_id>.json", api.run_json, name="run_json"),
    path("runs/<uuid:run_id>/snapshots.json", api.snapshots_json, name="run_snapshots"),
    path("runs/<uuid:run_id>/", run.detail, name="run_detail"),
    path("runs/<uuid:run_id>/refresh/", run.refresh, name="run_refresh"),
    path("runs/<uuid:run_id>/live/", run.live, name="run_live"),
    path("runs/<uuid:run_id>/outputs/", run.outputs, name="run_outputs"),
    path("runs/<uuid:run_id>/history/", run.history, name="run_history"),
    path("runs/<uuid:run_id>/facts/", run.facts, name="run_facts"),
    path("runs/<uuid:run_id>/raw/", run.raw, name="run_raw"),
    path("runs/<uuid:run_id>/delete/", remove.delete, name="run_delete"),
    path("runs/<uuid:run_id>/log/", log.log, name="run_log"),
    re_path(r"^runs/(?P<text>[^/]+)(?P<rest>/.*)?$", run.normal_form, name="run_other_form"),
    path("following/", following.following, name="following"),
    path("following/<int:pk>/stop/", following.stop, name="following_stop"),
    path("hooks/comfydeploy/<str:secret>/", hooks.comfydeploy, name="hook"),
    path("settings/hook/", hooks.address, name="hook_address"),
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-in/<str:token>/", account.sign_in_link, name="sign_in_link"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("account/password/", account.Password.as_view(), name="password"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
