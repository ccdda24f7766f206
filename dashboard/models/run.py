"""A run: its newest answer as columns, and its place in the queue of refreshes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from dashboard.domain.changed.error_columns import error_columns
from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.run.facts import RunFacts, StoredError, fuller_error
from dashboard.models.fields import json_column
from dashboard.models.run_queryset import FAILED, RunQuerySet

READ_COLUMNS = (
    *("status", "finished", "progress", "live_status", "queue_position"),
    *("created_at", "queued_at", "started_at", "ended_at", "updated_at"),
    *("queue_wait", "cold_start", "before_run", "run", "total", "start_kind"),
    *("gpu", "origin", "machine_id", "machine_type", "workflow_id", "workflow_version_id"),
    *("user_id", "gpu_event_id", "inputs"),
)


CLOCKS_DIFFER = timedelta(minutes=5)
EXTRAS = frozenset(
    {
        *("workflow_name", "deployment_id", "nudged_at"),
        *("log_next_at", "log_tries", "log_error", "extras_version"),
        *("label", "starred", "picked_count", "batch_id", "foreign"),
        *("details_at", "nodes_state", "list_error"),
    }
)


def shown_error(
    status: str | None,
    error: StoredError | None,
    list_error: StoredError | None,
    log_error: StoredError | None,
) -> StoredError | None:
    """The error to show of a run with these columns."""
    if error or status not in FAILED:
        return error
    return fuller_error(list_error, log_error)


class Run(models.Model):
    uuid = models.UUIDField(unique=True, editable=False)

    # What the newest answer says (columns for what is filtered, sorted or drawn in lists).
    status = models.CharField(max_length=100, null=True)  # null: never seen
    finished = models.BooleanField(default=False)
    progress = models.FloatField(null=True)
    live_status = models.TextField(null=True)
    queue_position = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    queue_wait = models.FloatField(null=True)
    cold_start = models.FloatField(null=True)
    before_run = models.FloatField(null=True)
    run = models.FloatField(null=True)
    total = models.FloatField(null=True)
    start_kind = models.CharField(max_length=8, default="unknown")
    warnings: list[str] = json_column(default=list)
    gpu = models.CharField(max_length=200, null=True)
    origin = models.CharField(max_length=200, null=True)
    machine_id = models.CharField(max_length=200, null=True)
    machine_type = models.CharField(max_length=200, null=True)
    workflow_id = models.CharField(max_length=200, null=True)
    workflow_version_id = models.CharField(max_length=200, null=True)
    user_id = models.CharField(max_length=200, null=True)  # who started it
    gpu_event_id = models.CharField(max_length=200, null=True)  # the container it was on
    inputs: JsonValue = json_column(null=True)
    # Fingerprints of the inputs, whole and without seeds; empty where they cannot be compared.
    inputs_digest = models.CharField(max_length=32, default="", db_default="")
    seedless_digest = models.CharField(max_length=32, default="", db_default="")
    # The fingerprint of the shown error; empty without one.
    error_digest = models.CharField(max_length=32, default="", db_default="")
    # Why it failed, by a word of `domain/logs/causes`; empty where that is not known.
    error_cause = models.CharField(max_length=24, default="", db_default="")
    values: list[JsonObject] = json_column(default=list)
    error: StoredError | None = json_column(null=True)
    prompt = models.CharField(max_length=200, default="")
    picture_url = models.TextField(null=True)  # the first image, for lists
    output_count = models.PositiveIntegerField(default=0)
    slow = models.BooleanField(default=False, db_default=False)  # when it ended: services/runs/slow

    # The queue taken apart, where the container is known; the parts add up to `queue_wait`.
    queue_kind = models.CharField(max_length=24, default="", db_default="")
    gpu_wait = models.FloatField(null=True)
    boot = models.FloatField(null=True)
    # The estimate of what it cost, in millionths of a dollar: whole numbers, which both databases
    # hold and compare exactly (SQLite's decimals are floats). `services/machines/costs`.
    cost_micros = models.BigIntegerField(null=True)

    # When Runboard has seen what.
    first_seen_at = models.DateTimeField()
    sorted_at = models.DateTimeField()  # created, else first seen
    observed_at = models.DateTimeField(null=True)  # the last good answer
    phase_since = models.DateTimeField(null=True)  # when this status was first seen here
    version = models.PositiveIntegerField(default=0)
    outputs_version = models.PositiveIntegerField(default=0)
    snapshot_count = models.PositiveIntegerField(default=0)
    links_end_at = models.DateTimeField(null=True)  # the first signed link to end

    # The queue: this row is the job.
    next_refresh_at = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, null=True)
    trouble_since = models.DateTimeField(null=True)
    answer_digest = models.CharField(max_length=40, default="")  # of the newest answer's bytes

    # What does not come from the run's answers; never written with them (`EXTRAS`).
    # `db_column`: a column keeps its first name when its field is renamed.
    workflow_name = models.CharField(max_length=200, default="")
    deployment_id = models.CharField(max_length=200, null=True)  # only lists contain it
    batch_id = models.CharField(max_length=200, null=True)  # only lists contain it
    # Of another workspace, which started it through a public share of ours.
    foreign = models.BooleanField(default=False, db_default=False)
    nudged_at = models.DateTimeField(
        null=True, db_column="hinted_at"
    )  # when a webhook or a list last said that it has moved
    log_next_at = models.DateTimeField(null=True)  # when its log is requested
    log_tries = models.PositiveSmallIntegerField(default=0)
    log_error: StoredError | None = json_column(null=True)
    list_error: StoredError | None = json_column(null=True)  # of the older list of runs
    nodes_state = models.CharField(max_length=8, default="", db_default="")  # services/runs/details
    details_at = models.DateTimeField(null=True)  # when it is sought there
    extras_version = models.PositiveIntegerField(default=0, db_column="beside_version")
    starred = models.BooleanField(default=False, db_default=False)  # exempt from retention
    # Outputs that are marked as picked (`services/runs/picks`).
    picked_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    label = models.CharField(max_length=120, default="", db_default="")  # the title that was given

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__gte=0, progress__lte=1),
                name="run_progress_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(finished=False) | Q(status__isnull=False),
                name="run_finished_was_seen",
            ),
        ]
        indexes = [
            # The list: newest first, keyset pages; never-seen rows are not in it.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(status__isnull=False),
                name="run_newest",
            ),
            # "Slow" in the same order.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(slow=True),
                name="run_slow",
            ),
            # "Starred" in the same order.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(starred=True),
                name="run_starred",
            ),
            # "Picked" in the same order.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(picked_count__gt=0),
                name="run_picked",
            ),
            # The strip of live runs and its count: a handful among any number.
            models.Index(
                fields=["sorted_at"],
                condition=Q(finished=False, status__isnull=False),
                name="run_live",
            ),
            # The watcher's query: which runs are due.
            models.Index(
                fields=["next_refresh_at"],
                condition=Q(next_refresh_at__isnull=False),
                name="run_due",
            ),
            # Which logs are due: a handful among any number.
            models.Index(
                fields=["log_next_at"],
                condition=Q(log_next_at__isnull=False),
                name="run_log_due",
            ),
            # Which runs are sought for what was reported of their nodes.
            models.Index(
                fields=["details_at"],
                condition=Q(details_at__isnull=False),
                name="run_details_due",
            ),
            # The runs of one workflow, newest first: the search by its name.
            models.Index(
                F("workflow_id"),
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(status__isnull=False),
                name="run_workflow",
            ),
            # The same for what else a list is filtered by.
            *(
                models.Index(
                    F(column),
                    F("sorted_at").desc(),
                    F("id").desc(),
                    condition=Q(**{f"{column}__isnull": False}),
                    name=f"run_{name}",
                )
                for name, column in (
                    ("version", "workflow_version_id"),
                    ("deployment", "deployment_id"),
                    ("machine", "machine_id"),
                    ("batch", "batch_id"),
                )
            ),
            # The same for what every run has, or many: also those without it are found.
            *(
                models.Index(
                    expression,
                    F("sorted_at").desc(),
                    F("id").desc(),
                    condition=Q(status__isnull=False),
                    name=f"run_by_{name}",
                )
                for name, expression in (
                    ("status", Lower("status")),
                    ("start", F("start_kind")),
                    ("gpu", F("gpu")),
                    ("origin", F("origin")),
                    ("user", F("user_id")),
                )
            ),
            # The list in the order of these, walked from either end: what is not reported is in
            # the same index, the newest first, as neither engine's Django gives NULLS LAST here.
            *(
                models.Index(
                    F(column).desc(),
                    F("sorted_at").desc(),
                    F("id").desc(),
                    condition=Q(status__isnull=False),
                    name=f"run_sort_{name}",
                )
                for name, column in (
                    ("total", "total"),
                    ("run", "run"),
                    ("cold_start", "cold_start"),
                    ("queue", "queue_wait"),
                    ("cost", "cost_micros"),
                )
            ),
            # When runs ended.
            models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False),
                name="run_ended",
            ),
            # Those without an end, in the order of the list: the live ones and a handful.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(ended_at__isnull=True, status__isnull=False),
                name="run_endless",
            ),
            # Runs whose place in the list is not between their creation and their end: a handful.
            models.Index(
                fields=["created_at"],
                condition=Q(created_at__gt=F("sorted_at")),
                name="run_from_the_future",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__lt=F("sorted_at")),
                name="run_ended_before",
            ),
            # The runs of a workflow with the same inputs, seeds apart.
            models.Index(
                fields=["workflow_id", "seedless_digest", "inputs_digest"],
                condition=~Q(inputs_digest=""),
                name="run_same_inputs",
            ),
            # The runs of a workflow that failed in the same way, and its newest good one.
            models.Index(
                F("workflow_id"),
                F("error_digest"),
                F("sorted_at").desc(),
                condition=~Q(error_digest=""),
                name="run_same_error",
            ),
            models.Index(
                F("workflow_id"),
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(status="success"),
                name="run_good",
            ),
            # The runs that failed for one cause.
            models.Index(
                F("error_cause"),
                F("sorted_at").desc(),
                F("id").desc(),
                condition=~Q(error_cause=""),
                name="run_cause",
            ),
            # The runs of one container.
            models.Index(
                fields=["gpu_event_id"],
                condition=Q(gpu_event_id__isnull=False),
                name="run_container",
            ),
            # Past runs that are still to be fetched whole.
            models.Index(
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(
                    finished=True, observed_at=None, next_refresh_at__isnull=True, failures=0
                ),
                name="run_unfetched",
            ),
            # What is usual: the newest ended runs of one workflow, GPU and start kind.
            models.Index(
                F("workflow_id"),
                F("gpu"),
                F("start_kind"),
                F("sorted_at").desc(),
                F("id").desc(),
                condition=Q(finished=True),
                name="run_usual",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.short_id}"

    def get_absolute_url(self) -> str:
        return reverse("run_detail", args=[self.uuid])

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]

    @property
    def title(self) -> str:
        return self.label or self.workflow_name or f"Run {self.short_id}"

    @property
    def row_title(self) -> str:
        """What tells the run from others in a list: its title, else its prompt."""
        return self.label or self.prompt or self.title

    @property
    def row_sub(self) -> tuple[str, ...]:
        """What stands below: the workflow, and the prompt of a run that has a title."""
        below = (self.workflow_name, self.prompt if self.label else "")
        return tuple(text for text in below if text and text != self.row_title)

    @property
    def shown_version(self) -> str:
        """Changes whenever anything shown of the run does."""
        return f"{self.version}-{self.extras_version}"

    @property
    def shown_error(self) -> StoredError | None:
        """The error to show: from the run's outputs, else from a list of runs or its log."""
        return shown_error(self.status, self.error, self.list_error, self.log_error)

    def error_columns(self) -> dict[str, str]:
        """Fingerprint and cause of the shown error, which whoever writes an error stores too."""
        return error_columns(self.status, self.shown_error)

    @property
    def error_source(self) -> str | None:
        """Where the shown error comes from: `outputs`, `list` or `log`."""
        shown = self.shown_error
        sources = (("outputs", self.error), ("list", self.list_error), ("log", self.log_error))
        return next((name for name, error in sources if error and error is shown), None)

    @property
    def seen(self) -> bool:
        return self.status is not None

    @property
    def fetched(self) -> bool:
        """Whether ComfyDeploy has answered for it; else only a list has told of it."""
        return self.observed_at is not None

    @property
    def live(self) -> bool:
        return self.seen and not self.finished

    def reread(self) -> None:
        """Reads the row again; the object of a run that has been removed stays as it was."""
        with suppress(Run.DoesNotExist):
            self.refresh_from_db()

    def apply_facts(self, facts: RunFacts, now: datetime) -> None:
        """Puts an answer's facts into the columns; the caller saves."""
        if facts.status != self.status:
            self.phase_since = now
        for name in READ_COLUMNS:
            setattr(self, name, getattr(facts, name))
        self.warnings = list(facts.warnings)
        created = facts.created_at
        # A run from the future would stand at the top of the list until then.
        future = created is not None and created > now + CLOCKS_DIFFER
        self.sorted_at = self.first_seen_at if created is None or future else created
