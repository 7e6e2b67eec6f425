"""A kind of credit that only one feature gives is required in YAML and shown in the record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.config import Config
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.facts import FeatureCredit
from bridge.curriculum.text import plain_text
from bridge.features.checks import check_features
from bridge.features.credits import all_credit_kinds
from bridge.foundations.feature import Feature
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.learning.awards import awards_of
from bridge.store.learning.credits import CreditRecord, record
from bridge.workflows.awards import assess
from tests.features.garden import DIGGING, WITH_GARDEN
from tests.features.garden import config as config
from tests.features.garden import database as database
from tests.features.garden import url as url
from tests.web.sample_site import NOON, PATH, Clock
from tests.web.signed_in_users import SignedInUsers

DUG = Credited("bed", DIGGING, title=plain_text("Dig a bed"))
FIRST, *LATER = PATH.milestones
DIGGERS = replace(PATH, milestones=(replace(FIRST, requirements=(DUG,)), *LATER))


@pytest.fixture
def diggers(config: Config, database: Database) -> SignedInUsers:
    return SignedInUsers(config, database, Clock(), shelf=[DIGGERS], features=WITH_GARDEN)


def test_a_credit_of_its_own_kind_earns_a_milestone(diggers: SignedInUsers) -> None:
    browser = diggers.client("member")
    assert "Credit: Dig a bed" in browser.get("/me").text
    credit = CreditRecord(
        member_id=diggers.member, curriculum=DIGGERS.key, kind=DIGGING, key="bed",
        occurred_on=NOON.date(), source="garden", source_id="7", recorded_by="garden",
    )  # fmt: skip
    with diggers.database.transaction() as session:
        assert record(session, credit, NOON)
        assert assess(session, [DIGGERS], [diggers.member], NOON)
        [award] = awards_of(session, diggers.member)
    assert award.milestone == FIRST.key
    assert award.evidence["credits"] == ["digging:bed"]
    found = browser.get("/me/record.json?kind=digging").json
    assert found is not None
    assert [each["title"] for each in found["lines"]] == ["Planted a bed"]
    page = diggers.client("committee").get(f"/committee/members/{diggers.member}").text
    assert "Planted a bed" in page


WRONG = {
    "kinds of credits called session": FeatureCredit("session"),
    "kinds of credits called digging": DIGGING,
    "`a-kind-that-is-too-long` isn't a key": FeatureCredit("a-kind-that-is-too-long"),
    "`Digging/deep` isn't a key": FeatureCredit("Digging/deep"),
}


@pytest.mark.parametrize("problem", WRONG)
def test_a_wrong_kind_stops_the_start(problem: str) -> None:
    features = (*WITH_GARDEN, Feature(name="x", credit_kinds={WRONG[problem]: Message("Confirm")}))
    with pytest.raises(ValueError, match=problem):
        all_credit_kinds(features)
    with pytest.raises(ValueError, match=problem):
        check_features(features, Config(), [PATH])
