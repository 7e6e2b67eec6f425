"""Read the files of a curriculum into the model, and report all problems at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bridge.curriculum.checking import badge_images
from bridge.curriculum.checking.consistency import check_consistency
from bridge.curriculum.checking.example_links import check_example_links
from bridge.curriculum.checking.file_names import (
    check_file_names,
    copies,
    is_hidden,
    misnamed_tops,
)
from bridge.curriculum.checking.form_checks import check_forms
from bridge.curriculum.checking.program_checks import check_programs
from bridge.curriculum.checking.question_checks import check_questions
from bridge.curriculum.checking.reachability import check_reachability
from bridge.curriculum.checking.renames.renamed_keys import check_renames
from bridge.curriculum.checking.requirement_titles import check_requirement_titles
from bridge.curriculum.checking.similar_keys import check_similar_keys
from bridge.curriculum.checking.similar_roles import check_roles
from bridge.curriculum.checking.topic_checks import check_topics
from bridge.curriculum.checking.training_checks import check_training
from bridge.curriculum.checking.unused_images import check_unused_images, shown_images
from bridge.curriculum.model import Curriculum, Language
from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Problem, Report, format_problem
from bridge.curriculum.reading import source_text
from bridge.curriculum.reading.language_names import language_meant
from bridge.curriculum.reading.model_builder import build, languages_of
from bridge.curriculum.reading.record_parser import RecordParser
from bridge.curriculum.reading.role_words import NO_LABELS, RoleLabels
from bridge.curriculum.reading.yaml_nodes import Mapping as MappingNode
from bridge.curriculum.reading.yaml_nodes import Node, Scalar, Sequence, read_nodes
from bridge.curriculum.schema.fields import RECORDS
from bridge.messages import NOTHING, Message

__all__ = ["Problem", "Reading", "format_problem", "read_text"]

TOP_FILE = "curriculum.yaml"
FORMS_FILE = "forms.yaml"
SESSIONS_FILE = "sessions.yaml"
PROGRAMS_FILE = "programs.yaml"
CACHE_SIZE = 8
"""Number of cached readings."""
CACHED_FILES = 200
"""Who edits one file has the others read already. Five curricula have about 40 files."""
_KIND_OF_FILE = {
    TOP_FILE: "curriculum",
    FORMS_FILE: "forms",
    SESSIONS_FILE: "sessions",
    PROGRAMS_FILE: "programs",
}
"""What the files with fixed names begin with; all others begin with `milestone:`."""
_PLACES = {
    "curriculum": Message("`curriculum:` belongs only in curriculum.yaml."),
    "milestone": Message("A milestone needs a file with another name."),
    "forms": Message("`forms:` belongs only in forms.yaml."),
    "sessions": Message("`sessions:` belongs only in sessions.yaml."),
    "programs": Message("`programs:` belongs only in programs.yaml."),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading. `curriculum` is None if and only if a problem is an error."""

    curriculum: Curriculum | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class _File:
    """A YAML file that was read. `report`: its problems; nothing is added to it later."""

    record: ParsedRecord | None
    languages: tuple[Language, ...]
    report: Report


Images = tuple[tuple[str, bytes], ...]
HashableRoles = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def read_text(
    files: Mapping[str, bytes],
    place: str = "",
    outside: Collection[str] = (),
    former: Mapping[str, bytes] | None = None,
    roles: RoleLabels = NO_LABELS,
    unread: Collection[str] = (),
) -> Reading:
    """Read one curriculum from the content of its files. Reads no files, raises nothing.

    `files`: name in the curriculum's folder (`new-steward.yaml`, `badges/x.png`) -> content.
    `place`: prefix of the names in problems, such as `curricula/member-steward-path/`.
    `outside`: names of links that point outside the folder. `former`: the files before the changes,
    if known; keys that seem to be renamed are reported. `roles`: those that the configuration
    names, with their labels; others that are nearly the same are reported. `unread`: the names
    of other files. Results are cached, because pages need them on every visit.
    """
    before = tuple((name, (former or {})[name]) for name in _yaml_names(former or {}))
    is_same = all(files.get(name) == content for name, content in before)
    before = () if is_same else before
    return _read(
        tuple(files.items()), place, tuple(outside), before, _hashable(roles), tuple(unread)
    )


def _hashable(roles: RoleLabels) -> HashableRoles:
    return tuple((key, tuple(labels.items())) for key, labels in roles.items())


@lru_cache(maxsize=CACHE_SIZE)
def _read(
    content: tuple[tuple[str, bytes], ...],
    place: str,
    outside: tuple[str, ...],
    former: tuple[tuple[str, bytes], ...],
    roles: HashableRoles,
    unread: tuple[str, ...],
) -> Reading:
    files = dict(content)
    images = {name: files[name] for name in files if not name.endswith(".yaml")}
    report = Report(images, {key: dict(labels) for key, labels in roles}, unread)
    known = tuple(images.items())
    read = _read_files(files, place, known, roles)
    for each in read.values():
        report.include(each.report)
    check_file_names(files, place, report)
    for name in outside:
        points_outside = Message("This link points outside the curriculum's folder.")
        report.error(
            Position(place + name), points_outside, Message("copy the file into the folder")
        )
    if TOP_FILE not in read and not misnamed_tops(files):
        report.error(
            Position(place + TOP_FILE),
            Message("There is no curriculum.yaml in this folder."),
            _advice_for_top(unread),
        )
    parsed = _parsed(read)
    if parsed:
        _check(parsed, files, report)
        check_unused_images(parsed, files, place, report)
        before = _parsed(_read_files(dict(former), place, known, roles))
        if before and parsed.complete:
            check_renames(before, parsed, report)
    problems = report.problems()
    if parsed is None or any(problem.severity == "error" for problem in problems):
        return Reading(None, problems)
    shown = badge_images.image_names(parsed) | shown_images(parsed)
    used = {name: files[name] for name in [*read, *shown]}
    return Reading(build(parsed, used, revision_of(used)), problems)


def _advice_for_top(unread: Collection[str]) -> Message:
    """What to do without a curriculum.yaml. `unread`: the other files in the folder."""
    stem = TOP_FILE.partition(".")[0]
    meant = next((name for name in unread if name.lower().partition(".")[0] == stem), "")
    if not meant:
        return Message("create it; it names the curriculum and lists its milestones")
    return Message(
        "save the text of %(name)s as plain text, in the file %(key)s.yaml", name=meant, key=stem
    )


def revision_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hexadecimal) of the names and contents, sorted by name."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _yaml_names(files: Mapping[str, bytes]) -> list[str]:
    skipped = {*misnamed_tops(files), *copies(files)}
    names = [
        name
        for name in files
        if name.endswith(".yaml") and "/" not in name and not is_hidden(name)
        if name not in skipped
    ]
    return sorted(names, key=lambda name: (name != TOP_FILE, name))


def _read_files(
    files: Mapping[str, bytes], place: str, images: Images, roles: HashableRoles
) -> dict[str, _File]:
    """The YAML files, curriculum.yaml first: its languages help to read the others."""
    read: dict[str, _File] = {}
    languages: tuple[Language, ...] = ()
    for name in _yaml_names(files):
        kind = _KIND_OF_FILE.get(name, "milestone")
        read[name] = _read_file(place + name, kind, files[name], languages, images, roles)
        if name == TOP_FILE:
            languages = read[name].languages
    return read


@lru_cache(maxsize=CACHED_FILES)
def _read_file(
    file: str,
    kind: str,
    content: bytes,
    languages: tuple[Language, ...],
    images: Images,
    roles: HashableRoles,
) -> _File:
    """Read one file. `languages`: the curriculum's; curriculum.yaml declares them itself."""
    report = Report(dict(images), {key: dict(labels) for key, labels in roles})
    text = source_text.read_source(file, content, report)
    node = (text and read_nodes(file, text, report, languages)) or None
    if kind == "curriculum":
        languages = _languages(node)
    return _File(_record(kind, node, RecordParser(report, languages)), languages, report)


def _parsed(read: Mapping[str, _File]) -> ParsedCurriculum | None:
    """The records of all files; None if curriculum.yaml cannot be read."""
    top, forms, sessions, programs = (
        read[name].record if name in read else None
        for name in (TOP_FILE, FORMS_FILE, SESSIONS_FILE, PROGRAMS_FILE)
    )
    milestones = [each.record for name, each in read.items() if name not in _KIND_OF_FILE]
    if top is None:
        return None
    found = tuple(milestone for milestone in milestones if milestone)
    return ParsedCurriculum(
        top,
        found,
        complete=len(found) == len(milestones),
        forms=forms.records("forms") if forms else (),
        topics=sessions.records("sessions") if sessions else None,
        programs=programs.records("programs") if programs else None,
    )


def _languages(node: Node | None) -> tuple[Language, ...]:
    """The languages declared in curriculum.yaml, also if mistyped; () if it cannot be read."""
    top = _record("curriculum", node, RecordParser(Report()))
    if top is None or not isinstance(node, MappingNode):
        return ()
    given = next((each for name, each in node.pairs if name.text == "languages"), None)
    items = given.items if isinstance(given, Sequence) else (given,)
    typed = " ".join(one.text for one in items if isinstance(one, Scalar))
    meant = tuple(language_meant(each, ()) or each for each in re.split(r"[,;\s]+", typed) if each)
    return tuple(dict.fromkeys(meant)) or languages_of(top)


def _record(kind: str, node: Node | None, parser: RecordParser) -> ParsedRecord | None:
    if node is None:
        return None
    if not isinstance(node, MappingNode):
        wrong = Message("The file must begin with `%(kind)s: …`.", kind=kind)
        parser.report.error(node.position, wrong)
        return None
    first = {name.text: name for name, _ in node.pairs}
    if kind not in first and (other := next((each for each in _PLACES if each in first), "")):
        mixed = Message(
            "%(place)s This file must begin with `%(kind)s: …`.", place=_PLACES[other], kind=kind
        )
        parser.report.error(first[other].position, mixed, _move_to(other))
        return None
    return parser.parse(node, RECORDS[kind])


def _move_to(kind: str) -> Message:
    """What to do with a file that begins like those of another name."""
    name = next((name for name, each in _KIND_OF_FILE.items() if each == kind), "")
    return (
        Message("rename the file to %(name)s, or move its lines into that file", name=name)
        if name
        else NOTHING
    )


def _check(parsed: ParsedCurriculum, files: Mapping[str, bytes], report: Report) -> None:
    check_consistency(parsed, report)
    check_roles(parsed, report)
    check_requirement_titles(parsed, report)
    check_similar_keys(parsed, report)
    check_questions(parsed, report)
    check_forms(parsed, report)
    check_topics(parsed, report)
    check_programs(parsed, report)
    check_training(parsed, report)
    check_example_links(parsed, report)
    badge_images.check_images(parsed, files, report)
    check_reachability(parsed, report)
