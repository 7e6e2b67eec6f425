"""Names of question types and form elements in Moodle and HTML -> ours, for suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bridge.messages import NOTHING, Message

_OURS: Mapping[str, tuple[str, ...]] = {
    "truefalse": ("true-false", "yes-no"),
    "tf": ("true-false", "yes-no"),
    "vraifaux": ("true-false", "yes-no"),
    "vf": ("true-false", "yes-no"),
    "ouinon": ("true-false", "yes-no"),
    "boolean": ("true-false", "yes-no"),
    "shortanswer": ("short", "short-text"),
    "text": ("short", "short-text"),
    "numerical": ("number",),
    "numeric": ("number",),
    "calculated": ("number",),
    "calculatedsimple": ("number",),
    "numérique": ("number",),
    "réponsecourte": ("short", "short-text"),
    "matching": ("match",),
    "pairs": ("match",),
    "appariement": ("match",),
    "multiple": ("many", "choices"),
    "multi": ("many", "choices"),
    "single": ("one", "choice"),
    "choixunique": ("one", "choice"),
    "open": ("long-text",),
    "ouverte": ("long-text",),
    "ddmatch": ("match",),
    "multichoiceset": ("many",),
    "multipleresponse": ("many",),
    "singlechoice": ("one", "choice"),
    "calculatedmulti": ("one",),
    "radio": ("one", "choice"),
    "radiobutton": ("one", "choice"),
    "select": ("choice",),
    "dropdown": ("choice", "one"),
    "menu": ("choice",),
    "checkboxes": ("many", "choices"),
    "checkbox": ("must-agree", "many"),
    "textarea": ("long-text",),
    "paragraph": ("long-text",),
    "essay": ("long-text",),
    "upload": ("file",),
    "attachment": ("file",),
}
_ONE_OR_MANY = frozenset(
    {
        "multichoice",
        "multiplechoice",
        "choice",
        "choices",
        "mcq",
        "mc",
        "qcm",
        "choixmultiple",
        "choix",
    }
)
_UNMARKED = frozenset(
    {
        "essay", "textarea", "paragraph", "recordrtc", "fileresponse", "open", "openended",
        "ouverte", "composition",
    }
)  # fmt: skip
_WITHOUT_COUNTERPART = frozenset(
    {
        "multianswer", "cloze", "gapselect", "ddwtos", "ddimageortext", "ddmarker", "ordering",
        "description", "random", "randomsamatch",
    }
)  # fmt: skip


def ours_for(name: str, valid: Collection[str]) -> Message:
    """What to write instead of Moodle's name for a type; NOTHING if it is not one.

    `valid`: the words that are allowed at this place.
    """
    word = "".join(
        name.lower()
        .replace("qtype_", "")
        .replace("-", "")
        .replace("_", "")
        .replace("/", "")
        .split()
    )
    is_question = {"one", "many"} <= set(valid)
    if word in _ONE_OR_MANY and is_question:
        return Message("write `one` if one choice is right, or `many` if several are")
    ours = next((ours for ours in _OURS.get(word, ()) if ours in valid), "")
    if ours:
        return Message("write `%(better)s`, which is the same", better=ours)
    if word in _UNMARKED and is_question:
        return Message(
            "nothing can mark such answers: write a `short` question, or ask for the text in a "
            "form (forms.yaml)"
        )
    if word in _WITHOUT_COUNTERPART and is_question:
        return Message("there is no such type here: write several questions of another type")
    return NOTHING
