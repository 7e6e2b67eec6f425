"""Find links that still lead to an example address of the shipped curriculum."""

from __future__ import annotations

from urllib.parse import urlsplit

from bridge.curriculum.parsed_curriculum import ParsedCurriculum, activities
from bridge.curriculum.problems import Report, quoted
from bridge.messages import Message

_HOSTS = ("example.com", "example.net", "example.org")
_PLACEHOLDER = "/your-"


def check_example_links(parsed: ParsedCurriculum, report: Report) -> None:
    """Warn about links such as `https://example.org/your-local/news`, which lead nowhere."""
    for milestone in parsed.milestones:
        for activity in activities(milestone):
            if activity.has("url") and _is_example(address := activity.word("url")):
                report.warning(
                    activity.position_of("url"),
                    Message("%(address)s is an example address.", address=quoted(address, 80)),
                    Message("write the address of your own page, or remove the link"),
                )


def _is_example(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("www.")
    return host in _HOSTS and _PLACEHOLDER in parts.path
