"""The database's tables. Querysets use the domain's words: `live()`, `due(now)`, `newest()`."""

from dashboard.models.audit import AuditEntry
from dashboard.models.board import Board
from dashboard.models.bulk_action import BulkAction, BulkItem, BulkState
from dashboard.models.container import Container
from dashboard.models.deployment import Deployment
from dashboard.models.directory_entry import DirectoryEntry
from dashboard.models.directory_list import DirectoryList
from dashboard.models.follow import Follow
from dashboard.models.gate import Gate
from dashboard.models.labels import Label
from dashboard.models.live_log import LiveLog
from dashboard.models.machine import Machine
from dashboard.models.names import Name
from dashboard.models.output import Output
from dashboard.models.output_mark import OutputMark
from dashboard.models.payload import Payload
from dashboard.models.people import Invitation, Person, Session, SignInTry
from dashboard.models.price import Price
from dashboard.models.removed import RemovedRun
from dashboard.models.run import Run
from dashboard.models.run_log import RunLog
from dashboard.models.run_nodes import RunNodes, WorkflowDetails
from dashboard.models.run_queryset import RunQuerySet
from dashboard.models.saved_view import DefaultView, SavedView
from dashboard.models.search_document import SearchDocument
from dashboard.models.share import Share, SharedRun
from dashboard.models.shared_state import SharedState
from dashboard.models.sign_in_link import SignInLink
from dashboard.models.snapshot import Snapshot
from dashboard.models.storage_usage import StorageUsage
from dashboard.models.stored_file import StoredFile
from dashboard.models.upstream_user import UpstreamUser
from dashboard.models.used_machine import UsedMachine
from dashboard.models.workflow import Workflow
from dashboard.models.workflow_version import WorkflowVersion

__all__ = [
    "AuditEntry",
    "Board",
    "BulkAction",
    "BulkItem",
    "BulkState",
    "Container",
    "DefaultView",
    "Deployment",
    "DirectoryEntry",
    "DirectoryList",
    "Follow",
    "Gate",
    "Invitation",
    "Label",
    "LiveLog",
    "Machine",
    "Name",
    "Output",
    "OutputMark",
    "Payload",
    "Person",
    "Price",
    "RemovedRun",
    "Run",
    "RunLog",
    "RunNodes",
    "RunQuerySet",
    "SearchDocument",
    "SavedView",
    "Session",
    "Share",
    "SharedRun",
    "SharedState",
    "SignInLink",
    "SignInTry",
    "Snapshot",
    "StorageUsage",
    "StoredFile",
    "UpstreamUser",
    "UsedMachine",
    "Workflow",
    "WorkflowDetails",
    "WorkflowVersion",
]
