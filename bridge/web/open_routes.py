"""Routes that need no role, by the right they have. Their functions carry no mark of their own.

All other routes are marked with `open_to`. A route that is neither here nor marked is closed.
"""

from __future__ import annotations

from collections.abc import Mapping

from bridge.access.rights import Right

_ROUTES: tuple[tuple[Right, str], ...] = (
    ("public-pages", """
        static bootstrap.static theme.css theme.logo theme.icon theme.favicon theme.preview
        images.show
        language.choose region.choose
        public.home public.milestone public.welcome lessons.page lessons.quiz lessons.check
        contact.form contact.thanks demo.mailbox
        service.help_page service.glossary service.privacy service.accessibility service.contact
        signup.form signup.sent signup.confirm signup.complete signup.done
        signin.form signin.sent signin.confirm signin.complete signin.done signin.sign_out
        sessions.index sessions.show sessions.register sessions.leave sessions.confirm
        sessions.join sessions.guest sessions.guest_sent sessions.feed sessions.one
        sessions.this_month sessions.month sessions.code
        sessions.register_several
        forms.fill_in forms.save forms.ask_for_link forms.link_sent
        health.healthz health.readyz health.jobsz health.metrics api.openapi
    """),
    ("personal-links", """
        links.ask links.act
        forms.by_link forms.save_by_link forms.withdraw_by_link forms.file_by_link
        calendar.dates sessions.by_link sessions.act_by_link sessions.join_by_link
        sessions.code_by_link
        sessions.rsvp sessions.rsvp_act sessions.rsvp_several
        consultations.by_link consultations.answer consultations.approve
        unsubscribe.ask unsubscribe.stop unsubscribe.again unsubscribe.preferences
    """),
    ("programs", """
        hooks.members
        api.members api.lookup api.progress api.awards api.curricula api.status
    """),
)  # fmt: skip

OPEN_ROUTES: Mapping[str, Right] = {
    endpoint: right for right, endpoints in _ROUTES for endpoint in endpoints.split()
}
"""The right of each of these routes, by its endpoint."""
