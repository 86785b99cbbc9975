"""A mistake is told so that it can be mended: place, code, sentence, the line, a caret, one hint, in two languages."""

import re

import pytest
import yaml

from engine.knowledge import problems
from engine.knowledge.problems import MESSAGES, Problem, closest, lines_in, render, sort_problems
from engine.knowledge.read import Place

MESSAGE = yaml.load(MESSAGES.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def asked_for(text):
    return set(re.findall(r"(?<!\{)\{([a-z_]+)\}", text.replace("{{{", "{").replace("}}}", "}")))


@pytest.mark.parametrize("code", problems.codes())
def test_every_mistake_has_a_sentence_and_one_hint_in_both_languages(code):
    """Both languages ask for the same words, and a sentence ends as sentences do."""
    message = MESSAGE[code]

    assert asked_for(message["id"]) == asked_for(message["en"])
    assert asked_for(message["hint"]["id"]) == asked_for(message["hint"]["en"])
    for lang in ("id", "en"):
        assert message[lang].endswith((".", "}")) and not message[lang][0].isupper()
        assert message["hint"][lang].endswith((".", "?"))
    assert set(message) <= {"id", "en", "hint", "warning", "personal"} and message["id"] != message["en"]


def test_a_problem_is_shown_with_its_line_a_caret_and_its_hint():
    """`file:line:column: code: sentence`, as editors make it clickable."""
    problem = Problem("repeated-key", Place("a.yaml", 2, 3, 2), {"key": "go"}, Place("a.yaml", 1, 3, 2))

    assert render(problem, lines_in({"a.yaml": "  go: 1\n  go: 2"}), "en").split("\n") == [
        'a.yaml:2:3: repeated-key: "go" is written twice.',
        "   2 |   go: 2",
        "     |   ^^",
        "  see also a.yaml:1:3",
        "   1 |   go: 1",
        "     |   ^^",
        "  hint: remove one of them.",
    ]


def test_a_guess_takes_the_place_of_the_hint():
    """One hint, the most useful one."""
    problem = Problem("unknown-step", Place("a", 1), {"value": "vist", "did_you_mean": "visit"})

    assert (problem.hint("id"), problem.hint("en")) == ('mungkin maksudnya "visit"?', 'did you mean "visit"?')
    assert Problem("unknown-step", Place("a"), {"value": "x", "did_you_mean": None}).hint("en").startswith("give it")


def test_of_a_long_line_the_part_around_the_caret_is_shown():
    """A line of a thousand characters does not fill the screen, and the caret stays under its word."""
    line = "x" * 500 + "here" + "y" * 500
    shown = render(Problem("repeated-key", Place("a", 1, 501, 4), {"key": "k"}), lines_in({"a": line}))
    text, caret = shown.split("\n")[1:3]

    assert len(text) < 180
    assert text[caret.index("^") : caret.rindex("^") + 1] == "here"


def test_a_file_that_was_not_read_has_no_line_to_show():
    """Too large, or not there: only the sentence and the hint."""
    problem = Problem("file-too-large", Place("a"), {"size": 9, "limit": 4})

    assert [line[:4] for line in render(problem, lines_in({"a": ""}), "en").split("\n")] == ["a:1:", "  hi"]


def test_what_came_without_a_file_is_named_by_its_path():
    """A form or a request has no lines."""
    problem = Problem("bad-boolean", Place("", path="members.0.sick"), {"value": "maybe"})

    assert render(problem, lines_in({}), "en").startswith('members.0.sick: bad-boolean: "maybe" is not')
    assert problem.as_json("en")["path"] == "members.0.sick"


def test_problems_are_told_once_each_in_the_order_of_their_places():
    """By file, line and column; errors and warnings together."""
    one = Problem("unused-step", Place("a", 2, 1), {"name": "x"})
    two = Problem("repeated-key", Place("a", 1, 9), {"key": "x"})
    three = Problem("repeated-key", Place("a", 1, 9), {"key": "y"})
    four = Problem("empty-file", Place("b"))

    assert sort_problems([four, one, three, two, two]) == (two, three, one, four)


def test_json_says_whether_it_stops_anybody():
    """An error does, a warning does not; both places are given."""
    error = Problem("repeated-key", Place("a", 2, 3), {"key": "x"}, Place("b", 4, 5)).as_json("en")
    warning = Problem("unused-step", Place("a"), {"name": "x"}).as_json("en")

    assert (error["severity"], warning["severity"]) == ("error", "warning")
    assert (error["also"], warning["also"]) == ({"file": "b", "line": 4, "column": 5}, None)


@pytest.mark.parametrize(
    ("word", "guess"), [("vist", "visit"), ("visits", "visit"), ("report", None), ("", None), ("VISIT", None)]
)
def test_a_guess_is_near_or_not_made(word, guess):
    """A wrong guess is worse than none."""
    assert closest(word, ["visit", "musdes"]) == guess
