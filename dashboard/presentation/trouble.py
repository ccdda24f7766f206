"""What can go wrong between Runboard and ComfyDeploy, in sentences and status codes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.domain.polling.trouble import Refusal, Trouble

MAY_BE_FINE = "The run itself may be fine."
KEY_ADVICE = "Put a valid COMFYDEPLOY_API_KEY in .env and restart."
NO_KEY_FOR_IT = "it belongs to another workspace, or the key is a machine token."


@dataclass(frozen=True, slots=True)
class TroubleText:
    """One kind of failure: its word, the status of a page with nothing stored, its sentences."""

    word: Trouble
    http_status: int
    headline: str
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The same above a run that was seen before: what is wrong, and what that means."""

    bold: str
    rest: str


TROUBLES: Mapping[str, TroubleText] = {
    each.word: each
    for each in (
        TroubleText(
            Trouble.UNREACHABLE,
            502,
            "No way to ComfyDeploy",
            f"Runboard can't reach ComfyDeploy. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, check this server's network and status.",
        ),
        TroubleText(
            Trouble.TIMED_OUT,
            504,
            "No answer in time",
            f"ComfyDeploy did not answer in time. {MAY_BE_FINE}",
            "Try again in a moment.",
        ),
        TroubleText(
            Trouble.RATE_LIMITED,
            503,
            "Too many questions",
            f"ComfyDeploy asked us to slow down. {MAY_BE_FINE}",
            "Wait a little, then try again.",
        ),
        TroubleText(
            Trouble.KEY_REJECTED,
            502,
            "API key rejected",
            f"ComfyDeploy rejects this server's key. {KEY_ADVICE}",
            "Runs are not updated until the key is replaced.",
        ),
        TroubleText(
            Trouble.FORBIDDEN,
            403,
            "Not for this key",
            f"This server's key may not read this run: {NO_KEY_FOR_IT}",
            "Ask for a key of the workspace in which the run was started.",
        ),
        TroubleText(
            Trouble.NOT_FOUND,
            404,
            "Run not found",
            "ComfyDeploy has no run with this ID. "
            "A character may be missing, or it ran in another workspace.",
            "Check the ID and paste it again.",
        ),
        TroubleText(
            Trouble.SERVER_ERROR,
            502,
            "ComfyDeploy failed",
            f"ComfyDeploy failed while answering. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, this run may be one that ComfyDeploy cannot show.",
        ),
        TroubleText(
            Trouble.BAD_ANSWER,
            502,
            "Answer not understood",
            f"What came back is no answer of ComfyDeploy about this run. {MAY_BE_FINE}",
            "Try again in a moment. If it lasts, check COMFYDEPLOY_API_URL and any proxy between.",
        ),
    )
}

# A run without an answer yet, while another request for it is under way.
NOT_ASKED_YET = TroubleText(
    Trouble.TIMED_OUT,
    504,
    "Asking ComfyDeploy…",
    f"There is no answer yet. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)

OWN_LIMIT = TroubleText(
    Trouble.RATE_LIMITED,
    503,
    "Too many questions at once",
    f"Runboard asks ComfyDeploy only so often, and others wait as well. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)
STOPPED = "Runboard asks for no run until then."


NOTICES: Mapping[str, NoticeText] = {
    Trouble.UNREACHABLE: NoticeText("Runboard can't reach ComfyDeploy.", MAY_BE_FINE),
    Trouble.TIMED_OUT: NoticeText("ComfyDeploy did not answer in time.", MAY_BE_FINE),
    Trouble.RATE_LIMITED: NoticeText("ComfyDeploy asked us to slow down.", MAY_BE_FINE),
    Trouble.KEY_REJECTED: NoticeText("ComfyDeploy rejects this server's key.", KEY_ADVICE),
    Trouble.FORBIDDEN: NoticeText("This server's key may not read this run:", NO_KEY_FOR_IT),
    Trouble.NOT_FOUND: NoticeText("ComfyDeploy no longer has this run.", ""),
    Trouble.SERVER_ERROR: NoticeText("ComfyDeploy failed while answering.", MAY_BE_FINE),
    Trouble.BAD_ANSWER: NoticeText("ComfyDeploy's answer could not be understood.", MAY_BE_FINE),
}

GIVEN_UP = "Runboard has asked three times over ten minutes and asks no more by itself."
# What stops all requests, as opposed to what is about one run.
CONCERNS: Mapping[str, str] = {
    Trouble.UNREACHABLE: "No run can be asked for; this is between this server and ComfyDeploy.",
    Trouble.TIMED_OUT: "No run can be asked for; this is between this server and ComfyDeploy.",
    Trouble.SERVER_ERROR: "No run can be asked for; this is ComfyDeploy's trouble, not this run's.",
    Trouble.RATE_LIMITED: "The limit is on this server's key: no run is asked for until then.",
    Trouble.KEY_REJECTED: "No run is asked for until then.",
}


OUT_OF_DATE = "What you see may be out of date."
# The same on pages that are about no single run.
LISTED: Mapping[str, str] = {
    Trouble.RATE_LIMITED: "Updates pause until then.",
    Trouble.KEY_REJECTED: f"{KEY_ADVICE} Runs are not updated until then.",
}


def connection_text(word: str) -> NoticeText:
    """What a list says while no data comes from ComfyDeploy."""
    found = NOTICES.get(word, NOTICES[Trouble.UNREACHABLE])
    return replace(found, rest=LISTED.get(word, OUT_OF_DATE))


def trouble_text(word: str | None) -> TroubleText:
    """What a trouble word says of a run that was never seen here."""
    return TROUBLES.get(word or "", NOT_ASKED_YET)


def refusal_text(refusal: Refusal) -> TroubleText:
    """What a page says of a run that ComfyDeploy was not asked for."""
    if refusal.ours:
        return OWN_LIMIT
    found = trouble_text(refusal.word)
    if refusal.word == Trouble.KEY_REJECTED:
        return found
    return replace(found, http_status=503, next_step=f"{STOPPED} Try again after that.")


def notice_text(word: str, *, everybody: bool = False, given_up: bool = False) -> NoticeText:
    """What a trouble word says above a run that was seen before, and whom it concerns."""
    found = NOTICES.get(word, NOTICES[Trouble.UNREACHABLE])
    if given_up:
        return replace(found, rest=f"{found.rest} {GIVEN_UP}".strip())
    if everybody:
        return replace(found, rest=f"{found.rest} {CONCERNS[word]}".strip())
    return found
