"""The sections of config.yaml, with all defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bridge.config_values import Address, ClockTime, Colour, MailAddress, Port, Seconds, TimeZone


class Settings(BaseModel):
    """Base class of all settings: frozen, and unknown keys are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class MoodleSettings(Settings):
    """The Moodle site. Without it, the built-in sandbox is used."""

    url: Address
    login: Literal["manual", "oidc", "oauth2", "ldap", "saml2", "shibboleth", "cas", "db"] = (
        "manual"
    )
    """How accounts that Stewardpath creates sign in (Moodle's `auth`)."""
    learner_role: int = 5
    """ID of Moodle's student role; 5 unless the site's roles were changed."""
    connect_timeout: Seconds = 5
    read_timeout: Seconds = 60
    trust_numbers: bool = False
    """Whether to trust the ID number in a Moodle profile, if users cannot edit it."""
    import_folder: Path = Path("var/moodle-xml")
    """Where quizzes are written for manual import if the companion is not installed."""


class DatabaseSettings(Settings):
    url: SecretStr = SecretStr("sqlite:///var/stewardpath.db")
    """SQLAlchemy URL. If it has a password, set STEWARDPATH_DATABASE_URL instead."""


class FileSettings(Settings):
    """Files that people upload."""

    folder: Path = Path("var/files")
    quota: Annotated[int, Field(ge=10, le=1_000_000)] = 100
    """How many MB one member's files may take together."""


class MailSettings(Settings):
    """Outgoing email. Without a `host`, emails are written to `folder` as .eml files."""

    host: str = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    sender: MailAddress = "stewardpath@example.org"
    reply_to: MailAddress | None = None
    folder: Path = Path("var/mail")
    timeout: Seconds = 30
    digest: Literal["off", "weekly"] = "off"
    """Whether the regions' chairs get a summary of the last week every Monday."""
    no_digest: tuple[MailAddress, ...] = ()
    """Chairs who don't get the weekly summary."""
    no_notice: tuple[MailAddress, ...] = ()
    """Chairs who don't get an email for each new member."""


class Contact(Settings):
    name: str
    email: MailAddress
    phone: str = ""


class Region(Settings):
    """A region: who chairs its training committee, and who its members can ask."""

    name: str
    chair: Contact | None = None
    director: Contact | None = None
    contacts: tuple[Contact, ...] = ()
    timezone: TimeZone | None = None


class Colours(Settings):
    """The union's two colours. Text uses a darker or lighter shade where it needs more contrast."""

    main: Colour = "#14624a"
    accent: Colour = "#b45309"


class UnionSettings(Settings):
    """How the union appears in emails and on pages."""

    name: str = "Our Union"
    website: Address | None = None
    join_url: Address | None = None
    """Where people join the union itself. Pages say “Join” only if it is set."""
    links: Mapping[str, Address] = Field(default_factory=dict)
    """Links to social media and other sites: name to address."""
    logo: Path | None = None
    """An image file (SVG, PNG, JPEG or WebP) shown next to the name."""
    colours: Colours = Colours()


class ServiceSettings(Settings):
    """The web service and its jobs."""

    host: str = "127.0.0.1"
    port: Port = 8080
    url: Address = "http://127.0.0.1:8080"
    """The public address; used for links in emails."""
    pull_every: Seconds = 60
    deliver_every: Seconds = 15
    drift_every: Seconds = 3_600
    reconcile_at: ClockTime = "03:30"
    alert_after: Seconds = 21_600
    """How long pulls, deliveries or emails may fail before someone gets an email about it."""
    webhook_tolerance: Seconds = 300
    behind_proxy: bool = False
    """Whether all requests come through one reverse proxy that sets X-Forwarded-For."""


class SyncSettings(Settings):
    """Safety limits for changes that were found automatically."""

    max_share: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Share of existing items that one plan may hide or rewrite without --force."""
    max_missing_share: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Share of members' accounts, enrolments, badges… (of each kind) or results (of each course)
    that may be missing in Moodle at the same time. If more are, a person must confirm it."""


Hours = Annotated[int, Field(ge=0, le=720)]


class BigBlueButtonSettings(Settings):
    """A server of BigBlueButton. Its shared secret is STEWARDPATH_BIGBLUEBUTTON_SECRET."""

    url: Address
    """The address of its API, such as https://bbb.example.org/bigbluebutton/api."""


class ZoomSettings(Settings):
    """An app of Zoom for server-to-server OAuth. Its client secret is STEWARDPATH_ZOOM_SECRET."""

    account: str
    client: str
    url: Address = "https://api.zoom.us/v2"
    token_url: Address = "https://zoom.us/oauth/token"  # noqa: S105  (an address)


class SessionSettings(Settings):
    """Live sessions: when people are told, and when seats are given away."""

    announce_days: Annotated[int, Field(ge=0, le=90)] = 7
    """How long before a session it is announced to those who haven't registered; 0: never."""
    remind_hours: tuple[Hours, ...] = (24, 1)
    """How long before the start those registered are reminded."""
    list_closes_hours: Hours = 2
    """How long before the start the waiting list stops advancing."""
    confirm_hours: Hours = 48
    """How long before a new date a seat must be confirmed, or it is released."""
    join_minutes: Annotated[int, Field(ge=0, le=240)] = 15
    """How long before the start one can join online."""
    bigbluebutton: BigBlueButtonSettings | None = None
    zoom: ZoomSettings | None = None


class ReminderSettings(Settings):
    """Reminders to members who haven't earned a milestone they work on."""

    automatic: bool = False
    """Whether they are sent every day without anyone asking for it."""
    after_days: Annotated[int, Field(ge=1, le=3650)] = 14
    """How long a member works on a milestone before they need follow-up."""
    every_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """The least time between two reminders to a member, by hand or automatic."""


class SandboxSettings(Settings):
    """The built-in stand-in for Moodle."""

    host: str = "127.0.0.1"
    port: Port = 8090
    state: Path = Path("var/sandbox.db")
