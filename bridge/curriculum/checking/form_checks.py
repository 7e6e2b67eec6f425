"""Check that forms can be filled in."""

from __future__ import annotations

from bridge.curriculum.forms.register import type_of
from bridge.curriculum.parsed_curriculum import ParsedCurriculum, forms_of
from bridge.curriculum.problems import Report


def check_forms(parsed: ParsedCurriculum, report: Report) -> None:
    """Report limits of fields that contradict each other."""
    of_programs = (form for each in parsed.programs or () for form in forms_of(each))
    for form in (*parsed.forms, *of_programs):
        for field in form.records("fields"):
            type_of(field).check(field, report)
