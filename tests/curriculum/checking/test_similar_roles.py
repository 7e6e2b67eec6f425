"""A role that is nearly another one is probably misspelt."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import FIRST, SECOND, changed, files, only, read_second


@pytest.mark.parametrize("typed", ["stewrad", "stewards", "steword", "chief-stewrad"])
def test_a_misspelt_role_is_a_warning(typed: str) -> None:
    problem = only(read_second("      - role: steward", f"      - role: {typed}"))
    meant = "chief-steward" if "-" in typed else "steward"
    assert (problem.severity, problem.suggestion) == ("warning", f"did you mean `{meant}`?")


def test_roles_of_the_entry_and_the_audience_are_checked() -> None:
    assert only(read_second("  role: steward\n", "  role: stewrad\n")).line == 11
    second = changed(SECOND, "audience: stewards", "audience: {role: stewrad}")
    assert only(read_text(files(second=second))).line == 4


def test_a_role_that_is_used_less_often_than_a_similar_one_is_a_warning() -> None:
    second = changed(SECOND, "      - role: steward", "      - role: treasurer")
    second = changed(second, "  role: steward\n", "  role: treasurer\n")
    first = changed(FIRST, "audience: members", "audience: {role: tresurer}")
    problem = only(read_text(files(first=first, second=second)))
    assert problem.suggestion == "did you mean `treasurer`?"


@pytest.mark.parametrize(
    ("often", "once"),
    [("trainer", "trainee"), ("area-1", "area-2"), ("president", "vice-president")],
)
def test_different_roles_have_no_warning(often: str, once: str) -> None:
    second = changed(SECOND, "      - role: steward", f"      - role: {often}")
    second = changed(second, "  role: steward\n", f"  role: {often}\n")
    first = changed(FIRST, "audience: members", f"audience: {{role: {once}}}")
    assert read_text(files(first=first, second=second)).problems == ()


def test_roles_of_the_configuration_are_known() -> None:
    second = changed(SECOND, "      - role: steward", "      - role: drivr")
    problem = only(read_text(files(second=second), roles={"driver": {"": "Driver"}}))
    assert problem.suggestion == "did you mean `driver`?"
    second = changed(SECOND, "      - role: steward", "      - role: stewards")
    assert read_text(files(second=second), roles={"stewards": {}}).problems == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Fahrerin", "driver"),
        ("Conseillère", "advisor-2"),
        ("conseiller-e", "advisor-2"),
        ("Steward", "steward"),
        ("délégué", "steward"),
        ("Délégué(e) syndical(e)", "steward"),
        ("délégués en chef", "chief-steward"),
        ("responsable de la formation", "training-chair"),
    ],
)
def test_a_label_is_not_the_key_of_a_role(typed: str, meant: str) -> None:
    roles = {
        "driver": {"": "Fahrerin"},
        "advisor-2": {"en": "Conseiller(e)", "fr": "Conseillère"},
    }
    second = changed(SECOND, "      - role: steward", f"      - role: {typed}")
    problem = only(read_text(files(second=second), roles=roles))
    advice = f"did you mean `{meant}`?" if typed == "conseiller-e" else f"write `{meant}`"
    assert problem.suggestion == advice


@pytest.mark.parametrize(
    "typed", ["steward and trustee", "steward, trustee", "délégué et trésorier"]
)
def test_several_roles_are_not_one(typed: str) -> None:
    problem = only(read_second("      - role: steward", f'      - role: "{typed}"'))
    assert problem.suggestion == "write one role here"
