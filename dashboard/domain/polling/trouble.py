"""What can go wrong between Runboard and ComfyDeploy, in words and status codes."""

from dataclasses import dataclass, replace
from datetime import datetime

MAY_BE_FINE = "The run itself may be fine."
KEY_ADVICE = "Put a valid COMFYDEPLOY_API_KEY in .env and restart."
NO_KEY_FOR_IT = "it belongs to another workspace, or the key is a machine token."


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of failure: its word, the status of a page with nothing stored, its sentences."""

    word: str
    http_status: int
    headline: str
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The same above a run that was seen before: what is wrong, and what that means."""

    bold: str
    rest: str


TROUBLES = {
    each.word: each
    for each in (
        Trouble(
            "unreachable",
            502,
            "No way to ComfyDeploy",
            f"Can't reach ComfyDeploy. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, check this server's network and status.",
        ),
        Trouble(
            "timed-out",
            504,
            "No answer in time",
            f"ComfyDeploy did not answer in time. {MAY_BE_FINE}",
            "Try again in a moment.",
        ),
        Trouble(
            "rate-limited",
            503,
            "Too many questions",
            f"ComfyDeploy asked us to slow down. {MAY_BE_FINE}",
            "Wait a little, then try again.",
        ),
        Trouble(
            "key-rejected",
            502,
            "API key rejected",
            f"ComfyDeploy rejects this server's key. {KEY_ADVICE}",
            "Runs are not updated until the key is replaced.",
        ),
        Trouble(
            "forbidden",
            403,
            "Not for this key",
            f"This server's key may not read this run: {NO_KEY_FOR_IT}",
            "Ask for a key of the workspace in which the run was started.",
        ),
        Trouble(
            "not-found",
            404,
            "Run not found",
            "ComfyDeploy has no run with this ID. "
            "A character may be missing, or it ran in another workspace.",
            "Check the ID and paste it again.",
        ),
        Trouble(
            "server-error",
            502,
            "ComfyDeploy failed",
            f"ComfyDeploy failed while answering. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, this run may be one that ComfyDeploy cannot show.",
        ),
        Trouble(
            "bad-answer",
            502,
            "Answer not understood",
            f"What came back is no answer of ComfyDeploy about this run. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, check COMFYDEPLOY_API_URL and any proxy between.",
        ),
    )
}

# A run that nobody has been told about yet: somebody else's question is still open.
NOT_ASKED_YET = Trouble(
    "timed-out",
    504,
    "Asking ComfyDeploy…",
    f"There is no answer yet. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)

OWN_LIMIT = Trouble(
    "rate-limited",
    503,
    "Too many questions at once",
    f"Runboard asks ComfyDeploy only so often, and others wait as well. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)
STOPPED = "Runboard asks for no run until then."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why ComfyDeploy was not asked at all: what stops everybody, or our own limit."""

    word: str
    retry_at: datetime
    ours: bool = False

    @property
    def trouble(self) -> Trouble:
        if self.ours:
            return OWN_LIMIT
        found = trouble(self.word)
        if self.word == "key-rejected":
            return found
        return replace(found, http_status=503, next_step=f"{STOPPED} Try again after that.")


NOTICES = {
    "unreachable": NoticeText("Can't reach ComfyDeploy.", MAY_BE_FINE),
    "timed-out": NoticeText("ComfyDeploy did not answer in time.", MAY_BE_FINE),
    "rate-limited": NoticeText("ComfyDeploy asked us to slow down.", MAY_BE_FINE),
    "key-rejected": NoticeText("ComfyDeploy rejects this server's key.", KEY_ADVICE),
    "forbidden": NoticeText("This server's key may not read this run:", NO_KEY_FOR_IT),
    "not-found": NoticeText("ComfyDeploy no longer has this run.", ""),
    "server-error": NoticeText("ComfyDeploy failed while answering.", MAY_BE_FINE),
    "bad-answer": NoticeText("ComfyDeploy's answer could not be understood.", MAY_BE_FINE),
}

GIVEN_UP = "Runboard has asked three times over ten minutes and asks no more by itself."
# What stops everybody is told apart from what is about one run.
CONCERNS = {
    "unreachable": "No run can be asked for; this is between this server and ComfyDeploy.",
    "timed-out": "No run can be asked for; this is between this server and ComfyDeploy.",
    "server-error": "No run can be asked for; this is ComfyDeploy's trouble, not this run's.",
    "rate-limited": "The limit is on this server's key: no run is asked for until then.",
    "key-rejected": "No run is asked for until then.",
}


def trouble(word: str | None) -> Trouble:
    """What a trouble word says of a run that was never seen here."""
    return TROUBLES.get(word or "", NOT_ASKED_YET)


def notice(word: str, *, everybody: bool = False, given_up: bool = False) -> NoticeText:
    """What a trouble word says above a run that was seen before, and whom it concerns."""
    found = NOTICES.get(word, NOTICES["unreachable"])
    if given_up:
        return replace(found, rest=f"{found.rest} {GIVEN_UP}".strip())
    if everybody:
        return replace(found, rest=f"{found.rest} {CONCERNS[word]}".strip())
    return found
