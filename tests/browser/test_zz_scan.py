import json
import pytest
from tests.browser.support.internal_words import internal_words
from tests.browser.support.states.page_states import PAGE_STATES

@pytest.mark.parametrize("language", ("en", "fr"))
@pytest.mark.parametrize("sight", PAGE_STATES, ids=lambda sight: sight.name)
def test_words(reused_pages, app_server, sight, language):
    with reused_pages.page(language, app_server.state(sight.role)) as page:
        sight.way(page, app_server)
        with open("/tmp/scan.txt", "a") as f:
            for each in internal_words(page):
                f.write(f"{sight.name} [{language}] {each}\n")
