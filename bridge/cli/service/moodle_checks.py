"""What `doctor` checks in Moodle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bridge.cli.common import counted, curricula, database, moodle
from bridge.cli.service.findings import Finding
from bridge.config import Config
from bridge.errors import StoreError

if TYPE_CHECKING:
    from bridge.moodle.schemas.companion import SiteState
    from bridge.moodle.site.connection import Site

MIN_INPUT_VARS = 5_000


def check_moodle(config: Config) -> Iterator[Finding]:
    from bridge.moodle.schemas.core import SiteInfo
    from bridge.moodle.site.connection import choose_site

    with moodle(config) as client:
        info = client.call("core_webservice_get_site_info", {}, SiteInfo)
        name = f"{client.url} (Moodle {info.release})"
        if config.moodle is None:
            name = "the sandbox on this machine (`moodle.url` is not set)"
        yield Finding("moodle", "ok", f"{name} answers.")
        site = choose_site(client, info)
        yield from _functions(site)
        if site.way == "companion":
            yield from _companion(config, client)
        else:
            yield from _core(config, site)


def _functions(site: Site) -> Iterator[Finding]:
    """The functions that the token may not call, and what doesn't work without them."""
    from bridge.moodle.site.needed_functions import missing, needed

    companion = site.way == "companion"
    lacking = list(missing(site.functions, companion=companion))
    for each in lacking:
        yield Finding(
            "moodle functions",
            "error" if each.need.is_essential else "warning",
            f"the token may not call {', '.join(each.functions)}: {each.need.otherwise}.",
            "Run the plugin's cli/setup.php."
            if companion
            else "Add them to the token's service (Site administration > Server > Web services > "
            "External services > Functions).",
        )
    if not lacking:
        count = len(needed(companion=companion))
        says = f"the token may call all {count} core functions that are needed."
        yield Finding("moodle functions", "ok", says)


def _core(config: Config, site: Site) -> Iterator[Finding]:
    """What is different without the companion plugin."""
    yield Finding(
        "moodle access",
        "warning",
        "only core services, because the token has no access to the companion plugin. You create "
        "quizzes and pages by hand, badges wait for the plugin, and completions come from grade "
        "reports.",
        "Install the plugin (`stewardpath moodle plugin --output FILE.zip`) and run its "
        "cli/setup.php.",
    )
    if config.site.trust_numbers:
        yield _not_trusted(
            "Without the companion plugin nothing shows whether the field is locked."
        )
    yield from _views(config)
    used = {language for curriculum in curricula(config) for language in curriculum.languages}
    found = site.language_packs(used - {""})
    if found is not None:
        yield from _language_packs(config, found)
    elif len(used) > 1:
        yield Finding(
            "moodle languages",
            "warning",
            "the token may not see which language packs Moodle has.",
            "Check it by hand: Site administration > General > Language > Language packs.",
        )
    yield from _language_filter(config, site)


def _views(config: Config) -> Iterator[Finding]:
    """Milestones that need more than quizzes."""
    from bridge.workflows.manual_work import milestones_with_views

    keys = [m.key for curriculum in curricula(config) for m in milestones_with_views(curriculum)]
    if keys:
        yield Finding(
            "moodle pages",
            "warning",
            f"these milestones need a page or link to be viewed: {', '.join(keys)}. Without the "
            "plugin, that counts only when the member presses “Check now”.",
            "Give those pages and links their ID number in Moodle, or require quizzes only.",
        )


def _language_filter(config: Config, site: Site) -> Iterator[Finding]:
    """Whether learners see one language only, as the titles of sections show it."""
    from bridge.workflows.site_sync import make_plan

    several = [curriculum for curriculum in curricula(config) if len(curriculum.languages) > 1]
    seen: bool | None = None
    for curriculum in several:
        make_plan(site, curriculum, config.sync.max_share)
        if site.filters_languages is not None:
            seen = site.filters_languages and seen is not False
    if seen:
        yield Finding("moodle languages", "ok", "learners see courses in their language.")
    elif several:
        says = "learners see all languages together, because the multi-language filter is off."
        unknown = (
            "core functions show only after `stewardpath apply`, by sections with a title in "
            "several languages, whether the multi-language filter is on."
        )
        yield Finding(
            "moodle languages",
            "warning",
            unknown if seen is None else says,
            "Turn on “Multi-language content” for “Content and headings” (Site administration > "
            "Plugins > Filters > Manage filters).",
        )


def _companion(config: Config, client: object) -> Iterator[Finding]:
    from bridge.moodle.client.client import Moodle
    from bridge.moodle.site.companion_site import site_state

    assert isinstance(client, Moodle)  # noqa: S101
    state = site_state(client, curricula(config)[0].key)
    yield Finding("moodle access", "ok", f"through the companion plugin {state.release}.")
    for name, on in state.settings.model_dump().items():
        if not on:
            todo = "Run the plugin's cli/setup.php, or turn it on in Site administration."
            yield Finding(f"moodle {name}", "error", "is off in Moodle.", todo)
    yield from _accounts(config, state)
    yield from _language_packs(config, state.languages)
    if state.maxinputvars < MIN_INPUT_VARS:
        yield Finding(
            "moodle max_input_vars",
            "warning",
            f"PHP accepts only {state.maxinputvars} form fields, so requests are split.",
            f"Set max_input_vars = {MIN_INPUT_VARS} in Moodle's php.ini.",
        )


def _language_packs(config: Config, installed: Iterable[str]) -> Iterator[Finding]:
    """Languages of the curricula that Moodle has no language pack for."""
    used = {language for curriculum in curricula(config) for language in curriculum.languages}
    for language in sorted(used - set(installed) - {""}):
        yield Finding(
            "moodle languages",
            "warning",
            f"there is no language pack for `{language}`: members who chose it see Moodle in "
            "English, and the courses in their first language. They get it within a day after it "
            "is installed.",
            "Install it in Site administration > General > Language > Language packs.",
        )


def _accounts(config: Config, state: SiteState) -> Iterator[Finding]:
    """What people can change in their own Moodle profile."""
    if state.numberlocked is None:
        yield Finding(
            "moodle accounts",
            "error",
            f"the plugin {state.release} does not report which emails are confirmed: no one who "
            "registers in Moodle becomes a member, and accounts found by email are not used.",
            "Update the plugin (`stewardpath moodle plugin --output FILE.zip`) and run its "
            "cli/setup.php.",
        )
    elif not state.numberlocked:
        yield Finding(
            "moodle ID numbers",
            "warning",
            "people can change the ID number in their own profile, so it proves nothing.",
            "Run the plugin's cli/setup.php: it locks that field.",
        )
    if config.site.trust_numbers and not state.numberlocked:
        yield _not_trusted("People can change them in their own profile.")
    if state.emailchangeconfirmation is False:
        yield Finding(
            "moodle emails",
            "warning",
            "Moodle doesn't confirm changed emails, so they prove nothing: no one who registers "
            "in Moodle becomes a member, and an account with a member's email is a question for "
            "a person.",
            "Run the plugin's cli/setup.php, or turn on emailchangeconfirmation in Moodle.",
        )


def _not_trusted(why: str) -> Finding:
    return Finding(
        "moodle.trust_numbers",
        "error",
        f"is set, but ID numbers are not trusted. {why}",
        "Run the plugin's cli/setup.php, which locks that field, or remove the setting.",
    )


def check_calendar(config: Config) -> Iterator[Finding]:
    """Live sessions that couldn't be put in Moodle's calendar, or taken out of it."""
    from bridge.messages import from_data
    from bridge.sessions.moodle_calendar.status import find_problems

    try:
        with database(config) as store, store.reading() as session:
            problems = find_problems(session)
    except StoreError:  # the check of the database reports it
        return
    if problems:
        yield Finding(
            "moodle calendar",
            "warning",
            f"{counted(len(problems), 'event')} of live sessions could not be saved or removed. "
            f"The last error: {from_data(problems[-1].get('what'))}",
            f"{from_data(problems[-1].get('todo'))} It is tried again automatically.".lstrip(),
        )
