"""What deliveries are about, in words."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, curriculum_prefix, idnumber
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.language import visitors_language


def target_in_words(target: str) -> str:
    """The title of a delivery's milestone or curriculum, or the name of its region; '' for ''.

    What is gone has its key in words.
    """
    services = current_services()
    language = visitors_language(services.config)
    found = (title for path in services.curricula for title in _titles(path, target, language))
    region = services.config.regions.get(target)
    return next(found, region.name if region else key_as_words(target.rpartition(":")[2]))


def _titles(path: Curriculum, target: str, language: str) -> Iterator[str]:
    for step in path.milestones:
        if target in (idnumber(path.key, key) for key in all_keys(step)):
            yield step.title.pick(language)
    if target.startswith(curriculum_prefix(path.key)):
        yield path.title.pick(language)
