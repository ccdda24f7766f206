"""What can go wrong between Runboard and ComfyDeploy, in sentences and status codes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.domain.polling.trouble import Refusal, Trouble

MAY_BE_FINE = "The run itself may be fine."
KEY_ADVICE = "Set a valid COMFYDEPLOY_API_KEY in .env and restart."
NO_KEY_FOR_IT = "It belongs to another workspace, or the key is a machine token."


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
            "Connection failed",
            f"Runboard can't reach ComfyDeploy. {MAY_BE_FINE}",
            "Try again in a moment. If it keeps failing, check this server's network.",
        ),
        TroubleText(
            Trouble.TIMED_OUT,
            504,
            "Request timed out",
            f"ComfyDeploy didn't answer in time. {MAY_BE_FINE}",
            "Try again in a moment.",
        ),
        TroubleText(
            Trouble.RATE_LIMITED,
            503,
            "Rate limit reached",
            f"ComfyDeploy is limiting requests. {MAY_BE_FINE}",
            "Try again later.",
        ),
        TroubleText(
            Trouble.KEY_REJECTED,
            502,
            "API key rejected",
            f"ComfyDeploy rejects this server's API key. {KEY_ADVICE}",
            "Runs won't update until then.",
        ),
        TroubleText(
            Trouble.FORBIDDEN,
            403,
            "No access to this run",
            f"This server's API key can't read this run. {NO_KEY_FOR_IT}",
            "Use a key from the workspace that started the run.",
        ),
        TroubleText(
            Trouble.NOT_FOUND,
            404,
            "Run not found",
            "ComfyDeploy has no run with this ID. It may be incomplete, or from another workspace.",
            "Check the ID and paste it again.",
        ),
        TroubleText(
            Trouble.SERVER_ERROR,
            502,
            "ComfyDeploy error",
            f"ComfyDeploy returned an error. {MAY_BE_FINE}",
            "Try again in a moment. If it keeps failing, ComfyDeploy may not be able to show it.",
        ),
        TroubleText(
            Trouble.BAD_ANSWER,
            502,
            "Unexpected answer",
            f"ComfyDeploy's answer couldn't be read. {MAY_BE_FINE}",
            "Try again in a moment. If it keeps failing, check COMFYDEPLOY_API_URL and any proxy.",
        ),
    )
}

# A run without an answer yet, while another request for it is under way.
NOT_ASKED_YET = TroubleText(
    Trouble.TIMED_OUT,
    504,
    "Loading the run…",
    f"No answer from ComfyDeploy yet. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)

OWN_LIMIT = TroubleText(
    Trouble.RATE_LIMITED,
    503,
    "Too many requests",
    f"Runboard limits its requests to ComfyDeploy, and others are waiting. {MAY_BE_FINE}",
    "Try again in a few seconds.",
)
STOPPED = "Requests to ComfyDeploy are paused."


NOTICES: Mapping[str, NoticeText] = {
    Trouble.UNREACHABLE: NoticeText("Runboard can't reach ComfyDeploy.", MAY_BE_FINE),
    Trouble.TIMED_OUT: NoticeText("ComfyDeploy didn't answer in time.", MAY_BE_FINE),
    Trouble.RATE_LIMITED: NoticeText("ComfyDeploy is limiting requests.", MAY_BE_FINE),
    Trouble.KEY_REJECTED: NoticeText("ComfyDeploy rejects this server's API key.", KEY_ADVICE),
    Trouble.FORBIDDEN: NoticeText("This server's API key can't read this run.", NO_KEY_FOR_IT),
    Trouble.NOT_FOUND: NoticeText("ComfyDeploy no longer has this run.", ""),
    Trouble.SERVER_ERROR: NoticeText("ComfyDeploy returned an error.", MAY_BE_FINE),
    Trouble.BAD_ANSWER: NoticeText("ComfyDeploy's answer couldn't be read.", MAY_BE_FINE),
}

GIVEN_UP = "Runboard tried 3 times over 10 min and won't try again on its own."
# What stops all requests, as opposed to what is about one run.
CONCERNS: Mapping[str, str] = {
    Trouble.UNREACHABLE: "This affects all runs.",
    Trouble.TIMED_OUT: "This affects all runs.",
    Trouble.SERVER_ERROR: "This affects all runs.",
    Trouble.RATE_LIMITED: "The limit applies to this server's API key; all updates are paused.",
    Trouble.KEY_REJECTED: "Runs won't update until then.",
}


OUT_OF_DATE = "This page may be out of date."
# The same on pages that are about no single run.
LISTED: Mapping[str, str] = {
    Trouble.RATE_LIMITED: "Updates are paused.",
    Trouble.KEY_REJECTED: f"{KEY_ADVICE} Runs won't update until then.",
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
    return replace(found, http_status=503, next_step=f"{STOPPED} Try again later.")


def notice_text(word: str, *, everybody: bool = False, given_up: bool = False) -> NoticeText:
    """What a trouble word says above a run that was seen before, and whom it concerns."""
    found = NOTICES.get(word, NOTICES[Trouble.UNREACHABLE])
    if given_up:
        return replace(found, rest=f"{found.rest} {GIVEN_UP}".strip())
    if everybody:
        return replace(found, rest=f"{found.rest} {CONCERNS[word]}".strip())
    return found
