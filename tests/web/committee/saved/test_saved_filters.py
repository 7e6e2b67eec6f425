"""Saving the filter of a list, opening it, and what others see of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bridge.store.tables.saved_filters import SavedFilter
from tests.web.committee.saved.saving import (
    COVERAGE,
    FOLLOW_UP,
    SAVED,
    WHERE,
    save,
    saved,
    settings,
    told,
)
from tests.web.signed_in_users import ADDRESSES, SignedInUsers


def test_a_filter_is_saved_and_opened_with_one_click(users: SignedInUsers) -> None:
    client = users.client("committee")
    assert "Save this filter" in client.get("/committee/who-is-where?region=north").text
    answer = save(users, "North only", region="north", since="2026-01-31")
    assert answer.location == "/committee/who-is-where?region=north&since=2026-01-31"
    [row] = saved(users)
    assert (row.name, row.owner) == ("North only", ADDRESSES["committee"])
    assert row.chosen == {"region": "north", "since": "2026-01-31"}
    link = f"{SAVED}/{row.id}/open"
    assert f'href="{link}">North only<' in client.get("/committee/who-is-where").text
    assert client.get(link).location == answer.location


@pytest.mark.parametrize("page", [COVERAGE, FOLLOW_UP, "audit_log.index", "members.index"])
def test_every_list_with_filters_can_be_saved(users: SignedInUsers, page: str) -> None:
    assert save(users, page=page).status_code == 303
    assert saved(users)[0].page == page
    with users.app.test_request_context():
        address = users.app.url_map.bind("").build(page)
    text = users.client("committee").get(address).text
    assert f"{SAVED}/{saved(users)[0].id}/open" in text


def test_search_words_and_single_people_are_not_saved(users: SignedInUsers) -> None:
    save(users, page="members.index", words="Kim", region="north")
    save(users, page="audit_log.index", member=str(users.member))
    assert [row.chosen for row in saved(users)] == [{"region": "north"}, {}]
    page = users.client("committee").get(f"/committee/audit?member={users.member}").text
    assert "Search words and single people are not saved." in page


def test_a_name_is_needed_and_nothing_typed_is_lost(users: SignedInUsers) -> None:
    page = save(users, "", region="north").text
    assert "Enter a name." in page
    assert 'name="chosen-region" value="north"' in page
    save(users, "Mine", region="north")
    page = save(users, "Mine", region="south").text
    assert "There is a filter of this list with this name already." in page
    assert 'value="Mine"' in page
    assert save(users, "Mine", region="north").status_code == 303  # pressed twice
    assert len(saved(users)) == 1


def test_what_no_longer_exists_is_left_out_with_a_sentence(users: SignedInUsers) -> None:
    save(users, "Old", region="north", role="steward")
    with users.database.transaction() as session:
        gone = {"region": "north", "role": "no-such-role", "colour": "red"}
        session.execute(update(SavedFilter).values(chosen=gone))
    client = users.client("committee")
    answer = client.get(f"{SAVED}/{saved(users)[0].id}/open")
    assert answer.location == "/committee/who-is-where?region=north"
    assert "The list is shown without it." in told(client, answer)


@pytest.mark.parametrize(("name", "value"), [("region", "moon"), ("since", "2026-02-30")])
def test_a_value_that_is_gone_while_saving_is_said(
    users: SignedInUsers, name: str, value: str
) -> None:
    """Nothing is saved that chooses more than was on the page."""
    answer = save(users, **{"role": "steward", name: value})
    assert "The filter isn" in answer.text
    assert saved(users) == []


def test_a_chair_cannot_share_by_a_forged_form(users: SignedInUsers) -> None:
    save(users, "Mine", who="chair")
    data = settings(users, "chair", shared="y")
    users.client("chair").post(f"{SAVED}/{saved(users)[0].id}", data=data)
    assert [(row.every, row.shared) for row in saved(users)] == [("weekly", False)]


def test_a_list_that_no_longer_exists_is_told(users: SignedInUsers) -> None:
    save(users)
    with users.database.transaction() as session:
        session.execute(update(SavedFilter).values(page="no.such_page"))
    client = users.client("committee")
    answer = client.get(f"{SAVED}/{saved(users)[0].id}/open")
    assert "no longer exists" in told(client, answer)
    assert "A page that no longer exists" in client.get(SAVED).text


def test_a_renamed_milestone_is_still_found(users: SignedInUsers) -> None:
    path = users.shelf[0]
    save(users, milestone=f"{path.key}:{path.milestones[0].key}")
    renamed = replace(path.milestones[0], key="renamed", previously=path.milestones[0].key)
    users.shelf[0] = replace(path, milestones=(renamed, *path.milestones[1:]))
    client = users.client("committee")
    answer = client.get(f"{SAVED}/{saved(users)[0].id}/open")
    assert answer.location.endswith(f"?milestone={path.key}:renamed")
    assert "The list is shown without it." not in told(client, answer)


def test_only_shared_filters_are_seen_by_others(users: SignedInUsers) -> None:
    save(users, "Private", region="north")
    save(users, "Shared", shared=True, region="south")
    own, shared = saved(users)
    auditor, chair = users.client("auditor"), users.client("chair")
    assert "Shared" in auditor.get(SAVED).text
    assert "Private" not in auditor.get(SAVED).text
    assert auditor.get(f"{SAVED}/{own.id}/open").status_code == 404
    assert auditor.get(f"{SAVED}/{shared.id}/open").status_code == 303
    assert auditor.get(f"{SAVED}/{shared.id}").status_code == 404  # can't change it
    assert "Shared" not in chair.get("/committee/who-is-where").text
    assert chair.get(f"{SAVED}/{shared.id}/open").status_code == 404


def test_chairs_save_filters_of_their_regions_only(users: SignedInUsers) -> None:
    save(users, "Mine", who="chair", shared=True, region="north")
    other = save(users, "Other", who="chair", region="south")
    assert "you may not see it" in other.text
    [mine] = saved(users)
    assert (mine.chosen, mine.shared) == ({"region": "north"}, False)
    assert save(users, who="chair", page="audit_log.index").status_code == 404
    assert save(users, who="member").status_code == 403


def test_renaming_sharing_and_deleting(users: SignedInUsers) -> None:
    save(users, page="members.index", region="north")
    client, page = users.client("committee"), f"{SAVED}/{saved(users)[0].id}"
    data = {"name": "New name", "shared": "y", "version": "1"}
    assert client.post(page, data=data).status_code == 303
    [row] = saved(users)
    assert (row.name, row.shared, row.every) == ("New name", True, "")
    assert "deleted, with its emails" in client.get(f"{page}/delete").text
    client.post(f"{page}/delete")
    assert saved(users) == []


def test_a_change_in_another_window_is_not_overwritten(users: SignedInUsers) -> None:
    save(users)
    client, page = users.client("committee"), f"{SAVED}/{saved(users)[0].id}"
    stale = settings(users, every="", name="Second")
    client.post(page, data=settings(users, every="", name="First"))
    answer = client.post(page, data=stale)
    assert "changed meanwhile" in answer.text
    assert 'value="Second"' in answer.text
    assert saved(users)[0].name == "First"


def test_the_list_shows_what_is_chosen_and_by_whom(users: SignedInUsers) -> None:
    save(users, "South", region="south", until="2026-05-31")
    page = users.client("committee").get("/committee/saved").text
    for text in ("South", "Who is where", "Region: South · Reached until: May 31, 2026"):
        assert text in page
    assert "No saved filters yet." in users.client("chair").get("/committee/saved").text


def test_the_pages_are_in_french(users: SignedInUsers) -> None:
    save(users, page=WHERE)
    client = users.client("committee")
    client.set_cookie("language", "fr")
    assert "Filtres enregistrés" in client.get(f"{SAVED}?lang=fr").text
