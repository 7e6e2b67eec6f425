"""What a plan shows of a changed question."""

from __future__ import annotations

from dataclasses import replace

from bridge.curriculum.images.image_file import ImageFile
from bridge.curriculum.model import Text
from bridge.curriculum.moodle_xml import question_xml
from bridge.plan.shown_fields import changed_lines, question_lines
from tests.support.sample_curricula import question

ONE = question("one", "27?")


def changes(old: str, new: str) -> list[tuple[str, str]]:
    return list(changed_lines(old, new))


def test_only_the_lines_that_differ_are_shown() -> None:
    other = replace(ONE, text=Text((("", "28?"),)), feedback=Text((("", "Look *here*."),)))
    assert changes(xml(ONE), xml(other)) == [("27?", "28?"), ("", "Look here .")]
    assert changes(xml(ONE), xml(ONE)) == []


def test_each_language_is_a_line() -> None:
    two = replace(ONE, text=Text((("en", "27?"), ("fr", "Vingt-sept?"))))
    other = replace(ONE, text=Text((("en", "27?"), ("fr", "Vingt-huit?"))))
    assert changes(xml(two), xml(other)) == [("[fr] Vingt-sept ?", "[fr] Vingt-huit ?")]


def test_answers_have_their_marks_and_settings_their_names() -> None:
    lines = question_lines(
        "<quiz><question><name><text>k</text></name><single>true</single>"
        '<answer fraction="50"><text>&lt;p&gt;Yes&lt;/p&gt;</text>'
        "<feedback><text>Right</text></feedback></answer></question></quiz>"
    )
    assert lines == ["single: true", "Yes (50 %)", "Right"]


def xml(asked: object) -> str:
    return question_xml("path", "check", asked)  # type: ignore[arg-type]


def test_an_image_is_shown_by_its_name() -> None:
    def shown(content: bytes) -> str:
        image = ImageFile("images/a.png", content)
        return xml(replace(ONE, text=Text((("en", "![x](images/a.png)"),), (image,))))

    assert changes(shown(b"one"), shown(b"two")) == [
        ("image: a.png fe05bcdcdc49", "image: a.png ad782ecdac77")
    ]
