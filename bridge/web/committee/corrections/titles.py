"""What decisions are about, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.curriculum.descriptions import names_of
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.features.credits import NO_NAMES
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import role_name
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text


def about_title(curricula: Sequence[Curriculum], curriculum: str, about: str) -> str:
    """What was corrected, such as `signoff:walk`, in the visitor's language."""
    kind, _, key = about.partition(":")
    if kind == HasRole.kind:
        return role_name(key)
    config = current_services().config
    path = next((each for each in curricula if each.key == curriculum), None)
    names = NO_NAMES
    if path:
        names = names_of(path, visitors_language(config), config.role_labels)
    if kind == "signoff":
        return SignedOff.name_of(key, names)
    return translated_text(Credited.name_of(about, names))
