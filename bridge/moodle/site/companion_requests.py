"""The requests that save resources with the companion plugin. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bridge.errors import MoodleMisconfigured
from bridge.messages import Message
from bridge.moodle.client.protocol import Value
from bridge.plan import ACTIVITIES, SECTION, Kind, Resource, as_lists

WITH_FILES: frozenset[Kind] = ACTIVITIES | {"section"}
"""The kinds whose text can show images."""
MAX_QUESTIONS_BYTES = 4 * 1024 * 1024
"""How much XML is sent in one request. PHP's default limit is 8 MB (`post_max_size`), and the
encoding of a form can add a half."""


def files_to_send(resource: Resource) -> list[dict[str, str]]:
    """The images of a resource's text, as the plugin takes them."""
    return [{"name": image.name, "content": image.base64} for image in resource.images]


def in_parts(questions: Sequence[Resource]) -> Iterator[list[Resource]]:
    """The questions in as few requests as their images allow, in order."""
    part: list[Resource] = []
    size = 0
    for question in questions:
        length = len(question.payload)
        if part and size + length > MAX_QUESTIONS_BYTES:
            yield part
            part, size = [], 0
        part.append(question)
        size += length
    if part:
        yield part


def too_old_for_images(plugin: str, resource: Resource, url: str) -> MoodleMisconfigured:
    """The error for an image that an older plugin can't store."""
    return MoodleMisconfigured(
        Message(
            "the companion plugin %(release)s can't store the images of “%(title)s”; version "
            "1.6.0 can.",
            release=plugin,
            title=resource.title,
        ),
        where=url,
        todo=Message(
            "Run `stewardpath moodle plugin --output FILE.zip` and install that plugin in Moodle."
        ),
    )


def _section(resource: Resource) -> tuple[str, dict[str, Value]]:
    return "save_section", {
        "idnumber": resource.idnumber,
        "name": resource.fields["name"],
        "summary": resource.fields["summary"],
        "visible": True,
    }


def _page(resource: Resource) -> tuple[str, dict[str, Value]]:
    more = {"intro": "", "content": resource.fields["content"]}
    return "save_page", {**_in_section(resource), **more}


def _link(resource: Resource) -> tuple[str, dict[str, Value]]:
    more = {"intro": resource.fields["description"], "url": resource.fields["url"]}
    return "save_link", {**_in_section(resource), **more}


def _quiz(resource: Resource) -> tuple[str, dict[str, Value]]:
    return "save_quiz", {
        **_in_section(resource),
        "intro": resource.fields["description"],
        "pass": resource.fields["pass mark"],
        "questions": resource.fields["questions"],
    }


def _in_section(resource: Resource) -> dict[str, Value]:
    return {
        "sectionidnumber": resource.parent,
        "idnumber": resource.idnumber,
        "name": resource.fields["name"],
        "visible": True,
    }


def _outline(resource: Resource) -> tuple[str, dict[str, Value]]:
    order = resource.fields["order"]
    assert isinstance(order, tuple)  # noqa: S101
    lists = as_lists(order).items()
    sections = [{"idnumber": s.removeprefix(SECTION), "activities": inside} for s, inside in lists]
    return "arrange_course", {"sections": sections}


def _badge(resource: Resource) -> tuple[str, dict[str, Value]]:
    return "save_badge", {
        "idnumber": resource.idnumber,
        "name": resource.fields["name"],
        "description": resource.fields["description"],
        "image": resource.payload,
        "imagehash": resource.fields.get("image", ""),
    }


SAVE: Mapping[Kind, Callable[[Resource], tuple[str, dict[str, Value]]]] = {
    "section": _section,
    "page": _page,
    "link": _link,
    "quiz": _quiz,
    "outline": _outline,
    "badge": _badge,
}
