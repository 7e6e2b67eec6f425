"""`sessions`: list, schedule, open, postpone, cancel, copy, import and export live sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    format_option,
    now,
    show_json,
)
from bridge.cli.moments import TIME
from bridge.cli.sessions import attendance, copies, files, moodle_calendar, registrations
from bridge.cli.sessions.actions import Done, run, show_done, time_text
from bridge.config import Config
from bridge.errors import SessionError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.sessions.office import Office
    from bridge.sessions.rules import SessionData
    from bridge.sessions.schedule_files.copies import Action


@click.group(epilog=example("stewardpath sessions list"))
def sessions() -> None:
    """List, schedule, open, postpone, cancel, copy, import and export live sessions.

    KEY names a session, as `sessions list` prints it. Everyone registered is told what changes.
    """


@sessions.command("list", epilog=example("stewardpath sessions list --past --format json"))
@click.option("--past", is_flag=True, help="Those that are over instead.")
@format_option
@configured
def list_(config: Config, past: bool, form: str) -> None:
    """List the sessions to come, with the seats that are taken."""
    from bridge.cli.batches import read_all
    from bridge.sessions.providers.reports import in_english
    from bridge.sessions.summaries import SessionSummary, list_sessions

    shown = curricula(config)
    with database(config) as store:

        def read(session: Session, limit: int, after: int) -> list[SessionSummary]:
            return list_sessions(session, shown, config.language, now(), limit, after, past=past)

        rows = sorted(read_all(store, read), key=lambda each: (each.starts, each.id))
    if form == "json":
        show_json({"sessions": [{**asdict(each), "starts": time_text(each.starts),
                                 "ends": time_text(each.ends),
                                 "problem": in_english(each.problem) if each.problem else None}
                                for each in rows]})  # fmt: skip
        return
    if not rows:
        echo("No sessions.")
    for each in rows:
        taken = f"{each.taken_online + each.taken_room} registered, {each.waiting} waiting"
        when = f"{time_text(each.starts)} {each.zone}"
        echo(f"{each.key}  {when}  {each.status}  {each.title}  ({taken})")


@sessions.command(
    epilog=example("stewardpath sessions schedule member-steward-path/hearings \\",
                   '  "2027-04-17 18:00" --room "Union hall" --seats-room 12')
)  # fmt: skip
@click.argument("topic")
@click.argument("starts", metavar="STARTS", type=TIME)
@click.option("--minutes", type=click.IntRange(5, 1440), help="Default: as the topic says.")
@click.option("--zone", help="The time zone of the start. Default: that of the configuration.")
@click.option("--key", default="", help="Names the session. Default: a new key.")
@click.option("--room", default="", help="Where people meet; without it, only online.")
@click.option("--link", default="", help="The https address to join online.")
@click.option("--bigbluebutton", is_flag=True, help="People join online in BigBlueButton.")
@click.option("--zoom", default="", help="The number of the meeting in Zoom to join online.")
@click.option("--no-online", is_flag=True, help="One can take part in person only.")
@click.option("--seats-online", type=int, help="Default: no limit.")
@click.option("--seats-room", type=int, help="Default: no limit.")
@click.option("--region", default="", help="The key of the region whose chair sees it.")
@click.option(
    "--leader",
    "named",
    multiple=True,
    help="The member number or email address of who leads it. Repeat it for several.",
)
@click.option("--open", "opened", is_flag=True, help="Open it for registration at once.")
@format_option
@configured
def schedule(
    config: Config,
    /,
    topic: str,
    starts: datetime,
    key: str,
    named: Sequence[str],
    opened: bool,
    form: str,
    **options: Any,
) -> None:
    """Schedule a session of TOPIC, `curriculum/topic` or `curriculum/topic/part`, at STARTS."""
    from bridge.sessions import leaders, live_sessions, scheduling

    data = _session_data(config, topic, starts, options)

    def act(session: Session, office: Office) -> list[Done]:
        number = scheduling.create(session, office, data, key)
        people = [leaders.find(session, each, office.now) for each in named]
        scheduling.set_leaders(session, office, number, people)
        if opened:
            scheduling.open_registration(session, office, number)
        return [(live_sessions.lock(session, number), True)]

    show_done(run(config, act), "schedule", form)


def _topics(config: Config) -> list[str]:
    """What can be scheduled: `curriculum/topic`, or `curriculum/topic/part`."""
    return [
        "/".join((each.key, topic.key, *([part] if part else ())))
        for each in curricula(config)
        for topic in each.topics
        for part in ([one.key for one in topic.parts] or [""])
    ]


def _session_data(
    config: Config, where: str, starts: datetime, options: Mapping[str, Any]
) -> SessionData:
    """What the options say. Raises SessionError."""
    from bridge.curriculum.problems import did_you_mean
    from bridge.sessions.live_sessions import find_topic
    from bridge.sessions.rules import SessionData, Times

    curriculum, _, rest = where.partition("/")
    name, _, part = rest.partition("/")
    _, topic = find_topic(curricula(config), curriculum, name) or (None, None)
    if topic is None or (topic.parts and not part) or (part and topic.part(part) is None):
        raise SessionError(
            "there is no such topic, or it needs one of its parts.", where=where,
            todo=did_you_mean(where, _topics(config))
            or "Write curriculum/topic or curriculum/topic/part, as in sessions.yaml.",
        )  # fmt: skip
    if options["region"] and options["region"] not in config.regions:
        raise SessionError("there is no such region in the settings.", where=options["region"])
    length = timedelta(minutes=options["minutes"] or topic.minutes)
    return SessionData(
        curriculum=curriculum, topic=topic.key, part=part,
        times=Times.lasting(starts, length, options["zone"] or config.timezone),
        online=not options["no_online"], in_person=bool(options["room"]),
        seats_online=options["seats_online"], seats_room=options["seats_room"],
        link=_link(options), room=options["room"], region=options["region"],
    )  # fmt: skip


def _link(options: Mapping[str, Any]) -> str:
    """How people join online. Raises SessionError."""
    from bridge.sessions.providers.targets import BIGBLUEBUTTON, zoom_link

    chosen = [each for each in ("link", "bigbluebutton", "zoom") if options[each]]
    if len(chosen) > 1:
        raise click.UsageError("give one of --link, --bigbluebutton and --zoom.")
    if options["zoom"]:
        return zoom_link(options["zoom"])
    return BIGBLUEBUTTON if options["bigbluebutton"] else str(options["link"])


@sessions.command("open", epilog=example("stewardpath sessions open hearings-2027-04"))
@click.argument("keys", metavar="KEY…", nargs=-1, required=True)
@format_option
@configured
def open_(config: Config, keys: Sequence[str], form: str) -> None:
    """Open drafts, or sessions that were cancelled, for registration. All of them, or none."""
    _act_on_all(config, keys, "open", "", form)


@sessions.command(
    epilog=example('stewardpath sessions postpone hearings-2027-04 --to "2027-05-20 18:00"')
)
@click.argument("keys", metavar="KEY…", nargs=-1, required=True)
@click.option(
    "--to",
    "starts",
    metavar="STARTS",
    type=TIME,
    help="The new start of the session. Default: until further notice.",
)
@click.option("--reason", default="", help="A sentence for everyone registered.")
@format_option
@configured
def postpone(
    config: Config, keys: Sequence[str], starts: datetime | None, reason: str, form: str
) -> None:
    """Postpone sessions, all or none. With a new start, everyone registered is asked to confirm."""
    if starts is None:
        _act_on_all(config, keys, "postpone", reason, form)
        return
    if len(keys) > 1:
        raise click.UsageError("--to gives one session a new start: name one KEY.")
    _set_new_date(config, keys[0], starts, reason, form)


def _set_new_date(config: Config, key: str, starts: datetime, reason: str, form: str) -> None:
    from bridge.sessions import live_sessions, scheduling
    from bridge.sessions.rules import Times

    def act(session: Session, office: Office) -> list[Done]:
        live = live_sessions.lock(session, live_sessions.id_of(session, key))
        times = Times.lasting(starts, live.ends - live.starts, live.zone)
        scheduling.set_new_date(session, office, live.id, times, reason)
        return [(live, True)]

    show_done(run(config, act), "postpone", form)


@sessions.command(epilog=example("stewardpath sessions cancel hearings-2027-04 --reason Snow"))
@click.argument("keys", metavar="KEY…", nargs=-1, required=True)
@click.option("--reason", default="", help="A sentence for everyone registered.")
@format_option
@configured
def cancel(config: Config, keys: Sequence[str], reason: str, form: str) -> None:
    """Cancel sessions, all or none. `sessions open` undoes it, and asks everyone to confirm."""
    _act_on_all(config, keys, "cancel", reason, form)


def _act_on_all(
    config: Config, keys: Sequence[str], action: Action, reason: str, form: str
) -> None:
    from bridge.sessions import live_sessions
    from bridge.sessions.schedule_files.copies import act_on_all

    def act(session: Session, office: Office) -> list[Done]:
        numbers = [live_sessions.id_of(session, key) for key in dict.fromkeys(keys)]
        changed = act_on_all(session, office, numbers, action, reason)
        return [(live_sessions.lock(session, each), each in changed) for each in numbers]

    show_done(run(config, act), action, form)


sessions.add_command(attendance.attendance)
sessions.add_command(registrations.registrations)
sessions.add_command(files.import_)
sessions.add_command(files.export)
sessions.add_command(copies.copy)
sessions.add_command(copies.repeat)
sessions.add_command(moodle_calendar.moodle_calendar)
