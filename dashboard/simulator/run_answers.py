"""The JSON body of GET run: a state in ComfyDeploy's fields, order and formats."""

import struct
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from dashboard.simulator.seeded_random import digest, stable_uuid
from dashboard.simulator.signing import presign
from dashboard.simulator.timeline import Item, Report, State
from dashboard.simulator.workflows import MEDIA, RUN

# ComfyDeploy signs only the files under these keys.
SIGNED_KEYS = ("images", "files", "gifs", "mesh")
PUBLISHED_ID = UUID("497f6eca-6276-4993-bfeb-53cbbbba6f08")
PUBLISHED: dict[str, object] = {
    "id": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
    "workflow_version_id": "60bab57e-9f59-448d-bef4-a6fd602db8a4",
    "workflow_inputs": {},
    "workflow_id": "03e70e31-d7a4-4401-a629-6a4b6096cdfe",
    "workflow_api": {},
    "machine_id": "76ca96f6-a9a8-43bf-917c-a176478a33ba",
    "origin": "string",
    "status": "string",
    "ended_at": "2019-08-24T14:15:22Z",
    "created_at": "2019-08-24T14:15:22Z",
    "updated_at": "2019-08-24T14:15:22Z",
    "queued_at": "2019-08-24T14:15:22Z",
    "started_at": "2019-08-24T14:15:22Z",
    "gpu_event_id": "string",
    "gpu": "string",
    "machine_version": "string",
    "machine_type": "string",
    "modal_function_call_id": "string",
    "user_id": "string",
    "org_id": "string",
    "live_status": "string",
    "progress": 0,
    "is_realtime": False,
    "webhook": "string",
    "webhook_status": "string",
    "webhook_intermediate_status": False,
    "outputs": [],
    "number": 0,
    "duration": 0,
    "cold_start_duration": 0,
    "cold_start_duration_total": 0,
    "run_duration": 0,
}


class RunAnswer:
    """Writes one state of one run; `now` dates the signatures of private files."""

    def __init__(
        self, run_id: UUID, start: datetime, state: State, origin: str, now: datetime
    ) -> None:
        self.run_id, self.start, self.state = run_id, start, state
        self.origin, self.now = origin, now

    def body(self, queue_position: bool) -> dict[str, object]:
        state, details = self.state, self.state.details
        created, queued = self._moment(state.created), self._moment(state.queued)
        started, ended = self._moment(state.started), self._moment(state.ended)
        return {
            "id": str(self.run_id),
            "workflow_version_id": details.workflow.version_id,
            "workflow_inputs": self._own_links(details.inputs),
            "workflow_id": details.workflow.id,
            "machine_id": details.workflow.machine_id,
            "origin": details.origin,
            "status": state.status,
            "ended_at": stamp(ended),
            "created_at": stamp(created),
            "updated_at": stamp(self._moment(state.updated)),
            "queued_at": stamp(queued),
            "started_at": stamp(started),
            "gpu_event_id": self._container(),
            "gpu": details.gpu,
            "machine_version": None,
            "machine_type": details.machine_type,
            "modal_function_call_id": call_id(self.run_id) if details.spawned else None,
            "user_id": details.user_id,
            "org_id": details.org_id,
            "live_status": state.live_status,
            "progress": float32(state.progress),
            "is_realtime": False,
            "webhook": details.webhook,
            "webhook_status": None,
            "webhook_intermediate_status": details.webhook_intermediate,
            "outputs": [self._element(n, report) for n, report in enumerate(state.reports)],
            "number": 0,
            "duration": seconds(created, ended),
            "cold_start_duration": seconds(queued, started),
            "cold_start_duration_total": seconds(created, started),
            "run_duration": seconds(started, ended),
            "queue_position": state.queue_position if queue_position else None,
        }

    def _container(self) -> str | None:
        """The container it is on, or a person's session."""
        session = self.state.details.gpu_event
        return str(stable_uuid("gpu", self.run_id)) if session else self.state.container_id

    def _moment(self, after: float | None) -> datetime | None:
        if after is None:
            return None
        moment = self.start + timedelta(seconds=after)
        return moment.replace(microsecond=0) if self.state.details.whole_seconds else moment

    def _own_links(self, value: object) -> object:
        if isinstance(value, str) and value.startswith(MEDIA):
            path = value.removeprefix(MEDIA).replace(RUN, str(self.run_id))
            return f"{self.origin}/media/{quote(path)}"
        if isinstance(value, dict):
            return {key: self._own_links(one) for key, one in value.items()}
        return [self._own_links(one) for one in value] if isinstance(value, list) else value

    def _element(self, n: int, report: Report) -> dict[str, object]:
        data: dict[str, list[object]] = {}
        for item in report.items:
            data.setdefault(item.key, []).append(self._entry(item))
        meta = {"node_id": report.node_id}
        if report.node_class:
            meta["node_class"] = report.node_class
        at = stamp(self._moment(report.at))
        return {
            "id": str(stable_uuid("output", self.run_id, n)),
            "output_id": report.output_id,
            "run_id": str(self.run_id),
            "data": data,
            "node_meta": meta,
            "created_at": at,
            "updated_at": at,
            "type": None,
            "node_id": None,
        }

    def _entry(self, item: Item) -> object:
        if item.value is not None:
            return self._own_links(item.value)
        foreign = item.url is not None
        return {
            "url": item.url if foreign else self._link(item),
            "type": "output",
            "filename": item.name,
            "is_public": None if foreign else not item.private,
            "subfolder": None if foreign else item.subfolder,
            "upload_duration": item.upload,
        }

    def _link(self, item: Item) -> str:
        path = f"/media/{self.run_id}/{quote(item.name, safe='')}"
        signed = item.private and item.key in SIGNED_KEYS
        return self.origin + path + (f"?{presign(path, self.now)}" if signed else "")


def call_id(run_id: UUID) -> str:
    """The ID of the call that started the run's container."""
    return f"fc-{digest('call', run_id).hex()[:22]}"


def stamp(moment: datetime | None) -> str | None:
    """The moment as ComfyDeploy writes it: milliseconds in six digits, no zero fraction.

    Without microseconds it writes :00 for the seconds, as the real server does.
    """
    if moment is None:
        return None
    if moment.microsecond == 0:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z")
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    milliseconds = moment.microsecond // 1000
    return f"{text}.{milliseconds:03}000Z" if milliseconds else f"{text}Z"


def seconds(begin: datetime | None, end: datetime | None) -> float | None:
    """The seconds between two moments; None if one is missing."""
    return None if begin is None or end is None else (end - begin).total_seconds()


def float32(number: float) -> float:
    """The number rounded to a four-byte float, as the real server stores it."""
    return float(struct.unpack("f", struct.pack("f", number))[0])
