"""Check that members can enter and earn every milestone."""

from __future__ import annotations

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.register import can_be_met
from bridge.messages import Message


def check_reachability(parsed: ParsedCurriculum, report: Report) -> None:
    """Report circles in `entry: after`, then requirements that can be met only after the milestone.

    Problems that other checks report, such as unknown references, count as met here.
    """
    after = {key: _after(key, parsed) for key in parsed.order}
    circles = _circles(after)
    for circle in circles:
        _report_circle(circle, parsed, report)
    if not circles:
        _check_requirements(after, parsed, report)


def _after(key: str, parsed: ParsedCurriculum) -> tuple[str, ...]:
    """The milestones that must be earned before entering this one."""
    milestone = parsed.milestone(key)
    entry = milestone.record_of("entry") if milestone else None
    if entry and entry.has("after"):
        named = [word.text.strip() for word in entry.words("after")]
        return tuple(key for key in named if key in parsed.order)
    position = parsed.order.index(key)
    return (parsed.order[position - 1],) if position else ()


def _circles(after: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Each circle once, as the keys along it."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in after:
        _walk(start, [], after, done, found)
    return found


def _walk(
    key: str,
    path: list[str],
    after: dict[str, tuple[str, ...]],
    done: set[str],
    found: list[list[str]],
) -> None:
    if key in path:
        found.append(path[path.index(key) :])
    if key in path or key in done:
        return
    for before in after.get(key, ()):
        _walk(before, [*path, key], after, done, found)
    done.add(key)


def _report_circle(circle: list[str], parsed: ParsedCurriculum, report: Report) -> None:
    milestone = parsed.milestone(circle[0])
    if milestone is None:
        return
    entry = milestone.record_of("entry")
    chain = f"`{circle[0]}`"
    for key in [*circle[1:], circle[0]]:
        chain = Message("%(before)s needs %(key)s", before=chain, key=f"`{key}`")
    report.error(
        entry.position if entry else milestone.position,
        Message("Nobody can enter this milestone: %(way)s.", way=chain),
        Message(
            "remove one of them from `after:`; without `entry:`, a milestone "
            "follows the one before it"
        ),
    )


def _check_requirements(
    after: dict[str, tuple[str, ...]], parsed: ParsedCurriculum, report: Report
) -> None:
    earned = _earnable(after, parsed)
    for key in parsed.order:
        milestone = parsed.milestone(key)
        if milestone is None or key in earned or not set(after[key]) <= earned:
            continue
        enterable = _enterable(after, earned)
        for one in milestone.records("requirements"):
            if not can_be_met(one, parsed, enterable):
                report.error(
                    one.position,
                    Message(
                        "This cannot be met before `%(key)s` is earned: it is in a milestone "
                        "that opens only after `%(key)s`.",
                        key=key,
                    ),
                    Message("require something from this milestone or an earlier one"),
                )


def _earnable(after: dict[str, tuple[str, ...]], parsed: ParsedCurriculum) -> set[str]:
    """All milestones that can be earned: earns what is open until nothing new opens."""
    earned: set[str] = set()
    while True:
        enterable = _enterable(after, earned)
        new = {key for key in enterable - earned if _can_be_earned(key, parsed, enterable)}
        if not new:
            return earned
        earned |= new


def _enterable(after: dict[str, tuple[str, ...]], earned: set[str]) -> set[str]:
    return {key for key, before in after.items() if set(before) <= earned}


def _can_be_earned(key: str, parsed: ParsedCurriculum, enterable: set[str]) -> bool:
    milestone = parsed.milestone(key)
    required = milestone.records("requirements") if milestone else ()
    return all(can_be_met(one, parsed, enterable) for one in required)
