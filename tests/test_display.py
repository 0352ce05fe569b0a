"""How tasks and their states are shown in a row."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gradkata.display import (
    as_encoded,
    as_text,
    coloured,
    count,
    faults,
    folded,
    last_printed,
    made_visible,
    row,
    verdict_text,
    visible,
    visible_but_colours,
    visible_output,
)
from gradkata.results import Outcome, Record, State, TaskRecord, Verdict

STATES = {"double": State.DONE, "halve": State.WRONG, "third": State.TO_DO}


def test_a_row_has_the_tasks_with_their_signs_after_the_title():
    assert row(STATES, title="01_slopes") == "01_slopes  ✓ double  ✗ halve  · third"


def test_a_narrow_row_is_folded_between_tasks_below_the_first():
    assert row(STATES, title="01", width=14) == "01  ✓ double\n    ✗ halve\n    · third"


def test_a_task_that_is_wider_than_the_row_is_not_broken():
    assert row(STATES, width=3) == "✓ double\n✗ halve\n· third"


@pytest.mark.parametrize(
    ("encoding", "text"), [("utf-8", "✓ …"), ("ascii", "+ ..."), (None, "+ ...")]
)
def test_signs_that_an_encoding_lacks_become_plain(encoding, text):
    assert as_encoded("✓ …", encoding) == text


def test_an_encoding_that_lacks_a_sign_has_none_of_the_signs_nor_lines_of_boxes():
    assert as_encoded("· a │ ┌─", "cp1252") == "- a | +-"
    assert as_encoded("· a │ ┌─", "utf-8") == "· a │ ┌─"


def test_arrows_of_a_diagram_stay_arrows_in_an_encoding_that_lacks_them():
    assert as_encoded("x ──▶ y ┄┄ b ┄▶ x", "cp1252") == "x --> y .. b .> x"


def test_signs_are_coloured():
    spans = coloured("✓ a  ✗ b").spans

    assert [(span.start, span.style) for span in spans] == [(0, "green"), (5, "red")]


@pytest.mark.parametrize(
    ("states", "words"),
    [([State.DONE], "1 of 1 task done"), ([State.DONE, State.WRONG], "1 of 2 tasks done")],
)
def test_what_is_done_is_counted(states, words):
    assert count(states) == words


# Text of a learner's


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b31m", r"\x9b31m"),
        ("\x00\x07\x08\x0b\x0c\x0e\x7f", r"\x00\x07\x08\x0b\x0c\x0e\x7f"),
        ("over\rwritten", r"over\rwritten"),
        ("\u202eturned\u2066\u200f", r"\u202eturned\u2066\u200f"),
        ("a\u2028b\x85c", r"a\u2028b\x85c"),
        ("half \ud83d", r"half \ud83d"),
        ("a\tb\nc", "a\tb\nc"),
        ("∂y/∂x é 勾配 👩\u200d💻 \\x1b", "∂y/∂x é 勾配 👩\u200d💻 \\x1b"),
    ],
)
def test_what_drives_a_terminal_is_written_out_and_the_rest_is_as_it_was(text, seen):
    assert visible(text) == seen


@given(st.text(st.characters()))
def test_visible_text_has_no_control_characters_and_stays_as_it_is(text):
    seen = visible(text)

    assert {c for c in seen if unicodedata.category(c) in ("Cc", "Cs")} <= set("\n\t")
    assert visible(seen) == seen


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("  one two three", ["  one two", "    three"]),
        ("-  x = aaaaaaaa", ["-  x =", "     aaaaa", "     aaa"]),
        ("\tone two", ["        on", "     e two"]),
        ("one two three", ["one two", "three"]),
        ("\n  one\n", ["", "  one", ""]),
    ],
)
def test_a_long_line_is_folded_and_goes_on_further_in_than_it_begins(text, lines):
    console = Console(width=10)
    with console.capture() as drawn:
        console.print(folded(as_text(text), console), overflow="fold", end="")

    assert [line.rstrip() for line in drawn.get().split("\n")] == lines


def test_a_return_of_the_carriage_ends_a_line_of_output():
    assert visible_output("1 of 2\r2 of 2\r\ndone\x1b[K") == "1 of 2\n2 of 2\ndone\\x1b[K"


def test_a_programs_colours_are_left_to_it_and_nothing_else():
    text = "\r\x1b[31mred\x1b[0m \x1b[2J\x1b[?25l\x1b]0;title\x07"

    seen = "\r\x1b[31mred\x1b[0m " + r"\x1b[2J\x1b[?25l\x1b]0;title\x07"
    assert visible_but_colours(text) == seen


def test_plain_data_is_made_visible_through_and_through():
    task = TaskRecord("T\x1b", State.WRONG, "f\x1b.py", ["\x1b"], ["\x1b"], 1.0)
    record = Record("01", Outcome.ERROR, "\x1b", [task], "\x1b", 2.0)

    seen = made_visible([{"key": (record, 3, None)}])

    e = "\\x1b"
    shown = TaskRecord(f"T{e}", State.WRONG, f"f{e}.py", [e], [e], 1.0)
    assert seen == [{"key": (Record("01", Outcome.ERROR, e, [shown], e, 2.0), 3, None)}]
    assert type(seen[0]["key"][0].outcome) is Outcome
    assert record.detail == "\x1b"


def test_markup_in_a_learners_text_is_not_obeyed():
    drawn = as_text("[red]no[/red] [link=file:///]x[/link] :warning: \x1b[31m", "bold")

    assert drawn.plain == "[red]no[/red] [link=file:///]x[/link] :warning: \\x1b[31m"
    assert drawn.spans == []


# Faults


def fault(**parts):
    return TaskRecord("halve", State.WRONG, "slopes.py:11", **parts)


def shown(*tasks, outcome=Outcome.OK, detail=""):
    return list(faults(Record("01_slopes", outcome, detail, list(tasks), "", 0.0), tasks))


def test_no_line_of_a_fault_but_its_first_begins_at_the_margin():
    task = fault(lines=["Named\n✓ halve: no", "\x1b[2J"], printed=["✓ halve"])

    (block,) = shown(task)

    assert [line for line in block.split("\n") if not line.startswith("    ")] == [
        "✗ halve   slopes.py:11"
    ]
    assert "\n    ✓ halve: no\n    \\x1b[2J\n" in block


def test_how_a_judgement_ended_is_indented_below_its_first_line():
    blocks = shown(outcome=Outcome.ERROR, detail="slopes.py:3\nImportError: x\n✓ halve")

    assert blocks == ["✗ 01_slopes   error: slopes.py:3\n    ImportError: x\n    ✓ halve"]


@pytest.mark.parametrize(
    ("detail", "titles"),
    [
        ("it ended by SIGSEGV", ["✗ halve   slopes.py:11"]),
        ("it ended", ["✗ 01_slopes   crashed: it ended", "✗ halve   slopes.py:11"]),
    ],
    ids=["the same", "another"],
)
def test_how_a_judgement_ended_is_said_once(detail, titles):
    blocks = shown(fault(lines=["it ended by SIGSEGV"]), outcome=Outcome.CRASHED, detail=detail)

    assert [block.partition("\n")[0] for block in blocks] == titles


def test_a_verdict_is_visible_text():
    verdict = Verdict("01", "T", "test", State.WRONG, file="\x1b.py", lines=["\x9b", "a\n✓ T"])

    assert verdict_text(verdict) == "✗ T   \\x1b.py\n    \\x9b\n    a\n    ✓ T"


def test_a_line_that_would_fill_the_screen_is_cut_with_a_notice():
    million = 1_000_000 * "x"

    (block,) = shown(fault(lines=[million, "\t" * 1000], printed=[million, "\t" * 1000]))

    assert f"\n    {700 * 'x'} … 999,300 more characters\n" in block
    assert f"\n    {700 * ' '} … 7,300 more characters\n" in block
    assert f"\n      {160 * 'x'} … 999,840 more characters\n" in block
    assert f"\n      {160 * ' '} … 7,840 more characters" in block


def test_of_what_was_printed_the_last_five_lines_are_shown():
    assert last_printed([str(n) for n in range(9)]) == [
        "printed:",
        *("  4", "  5", "  6", "  7", "  8"),
    ]
