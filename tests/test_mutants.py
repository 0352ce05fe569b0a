"""The mutants of `nox -s mutants`: our own operators, how they are judged, and their list."""

import ast
import sys
import textwrap
from pathlib import Path

import pytest
import toy_course

from gradkata.course import Exercise, exercises

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from mutants import listed, mutation, verdicts  # noqa: E402
from mutants.mutation import Mutant, Task, own_mutations, tasks_of  # noqa: E402

OPERATORS = [
    ("drop_operand", "return grad_output * x", "return grad_output"),
    ("drop_operand", "return grad_output * x", "return x"),
    ("negate", "return x, None", "return (-x, None)"),
    ("swap_neighbours", "return y, x", "return x, y"),
    ("swap_arguments", "loss_fn(x, y)", "loss_fn(y, x)"),
    ("drop_transpose", "return x.T @ y", "return x @ y"),
    ("sum_or_mean", "return x.sum(dim=1)", "return x.mean(dim=1)"),
    ("sum_or_mean", "return x.mean()", "return x.sum()"),
    ("drop_argument", "return x.sum(1, keepdim=True)", "return x.sum(1)"),
    ("drop_argument", "return x.sum(0)", "return x.sum()"),
    ("drop_argument", "y.backward(retain_graph=True)", "y.backward()"),
    ("drop_call", "return x.detach()", "return x"),
    ("drop_call", "return (x * y).clone()", "return (x * y)"),
    ("drop_call", "return list(x)", "return x"),
    ("drop_statement", "handle.remove()", "pass"),
    ("drop_context", "with torch.no_grad():\n    f(x)", "if True:\n    f(x)"),
    ("drop_context", "with a(), b():\n    f(x)", "with b():\n    f(x)"),
    ("drop_try", "try:\n    f(x)\nfinally:\n    g()", "if True:\n    f(x)\n    g()"),
    (
        "except_for_finally",
        "try:\n    f(x)\nfinally:\n    g()",
        "try:\n    f(x)\nexcept Exception:\n    g()\n    raise\nelse:\n    g()",
    ),
    ("add_for_assign", "x.grad = y", "x.grad += y"),
    ("new_for_in_place", "x.grad /= y", "x.grad = x.grad / y"),
    ("in_place", "return x - y", "return x.sub_(y)"),
    ("in_place", "return x.abs()", "return x.abs_()"),
    ("in_place", "x.mul_(y)", "x.mul(y)"),
    ("save_another", "ctx.save_for_backward(x)", "ctx.save_for_backward(y)"),
    ("empty_for_zeros", "return torch.zeros_like(x)", "return torch.empty_like(x)"),
    ("default_dtype", "return torch.zeros_like(x)", "return torch.zeros(x.shape)"),
    ("default_dtype", "return x.new_zeros(3)", "return torch.zeros(3)"),
    ("view_for_reshape", "return x.reshape(-1)", "return x.view(-1)"),
    ("scale_tolerance", "return x < 1e-4", "return x < 0.001"),
    ("single_precision", "return x.to(torch.float64)", "return x.to(torch.float32)"),
    ("single_precision", "return x.double()", "return x.float()"),
    ("settle_condition", "return [i for i in x if i]", "return [i for i in x]"),
    ("stop_early", "for i in x:\n    f(i)", "for i in x:\n    f(i)\n    break"),
]


def task_of(body, header="def task(ctx, x, y):", first_line=1):
    return Task("task", first_line, f"{header}\n{textwrap.indent(body, '    ')}\n")


@pytest.mark.parametrize(("operator", "body", "becomes"), OPERATORS)
def test_an_operator_makes_the_mistake_it_is_named_for(operator, body, becomes):
    made = [ast.dump(ast.parse(t)) for o, t in own_mutations(task_of(body).text) if o == operator]

    assert ast.dump(ast.parse(task_of(becomes).text)) in made


def test_a_decorator_is_left_out_and_staticmethod_stays():
    text = (
        "class T:\n    @staticmethod\n    @once_differentiable\n    def f(x):\n        return x\n"
    )

    made = [new for operator, new in own_mutations(text) if operator == "drop_decorator"]

    assert [new.count("@") for new in made] == [1]
    assert "@staticmethod" in made[0]


def test_docstring_types_and_the_words_of_an_error_are_left_alone():
    body = '"""A * B."""\nt: dict[A, B] = x\nraise ValueError(f"{len(x)} of {-y}")'

    made = [text for _, text in own_mutations(task_of(body).text)]

    assert all('"""A * B."""' in text for text in made)
    assert all("dict[A, B]" in text for text in made)
    assert {text.splitlines()[-1].strip() for text in made} == {
        'raise ValueError(f"{len(x)} of {-y}")',
        'raise f"{len(x)} of {-y}"' if "'" not in made[-1] else "raise f'{len(x)} of {-y}'",
        "raise ValueError()",
        "pass",
    }


@pytest.fixture
def without_general_ones(monkeypatch):
    monkeypatch.setitem(sys.modules, "mutants.general", pytest)
    monkeypatch.setattr(pytest, "general_mutations", lambda text: [], raising=False)


def keys_of(task):
    return [mutant.key for mutant in mutation.mutants_of(task)]


def test_the_key_of_a_mutant_outlives_a_new_layout(without_general_ones):
    plain = task_of("return f(x, y)")
    moved = task_of("# Why.\nreturn f(\n    x,\n    y,\n)", first_line=7)

    assert keys_of(plain) == keys_of(moved)
    assert "task | swap_arguments | return f(x, y) --> return f(y, x)" in keys_of(plain)
    assert {m.line for m in mutation.mutants_of(moved) if m.operator == "swap_arguments"} == {9}


def test_equal_lines_have_keys_that_differ(without_general_ones):
    keys = keys_of(task_of("if x:\n    return zeros(x)\nreturn zeros(x)"))

    assert "task | drop_call | return zeros(x) --> return x" in keys
    assert "task | drop_call (no. 2) | return zeros(x) --> return x" in keys
    assert len(set(keys)) == len(keys)


def test_what_is_no_python_and_what_changes_nothing_is_no_mutant(without_general_ones):
    texts = [mutant.text for mutant in mutation.mutants_of(task_of("return y, x\nf(x)"))]

    assert len({ast.dump(ast.parse(text)) for text in texts}) == len(texts)


@pytest.fixture
def slopes(tmp_path) -> Exercise:
    return exercises(toy_course.build(tmp_path / "toy"))[0]


def mutants_of_slopes(slopes, **bodies):
    tasks = {task.name: task for task in tasks_of(slopes.solution.read_text())}
    return [
        Mutant(tasks[name], "toy", f"def {name}(x):\n    {body}\n", body)
        for name, some in bodies.items()
        for body in some
    ]


def test_the_mutants_that_pass_all_tests_survive(slopes):
    mutants = mutants_of_slopes(slopes, double=["return 3 * x", "return x ** 2"], halve=["pass"])

    assert [m.change for m in verdicts.survivors(slopes, mutants, workers=1)] == ["return x ** 2"]


def test_a_mutant_that_breaks_the_whole_file_takes_no_other_with_it(slopes):
    mutants = mutants_of_slopes(slopes, double=["return x + 2"], halve=["pass\n\n1 / 0"])

    assert [m.change for m in verdicts.survivors(slopes, mutants, workers=1)] == ["return x + 2"]


def test_a_task_is_judged_up_to_its_first_failure(slopes, tmp_path):
    note = tmp_path / "note"
    file = slopes.tests_of("double")
    later = f"\n\ndef test_later():\n    open({str(note)!r}, 'a').write('ran ')\n"
    file.write_text(file.read_text() + later)
    mutants = mutants_of_slopes(slopes, double=["return 3 * x"], halve=["return x / 2 + 0"])

    survived = verdicts.survivors(slopes, mutants, workers=1)

    assert [m.change for m in survived] == ["return x / 2 + 0"]
    assert note.read_text() == "ran "  # for the solution itself


def test_where_the_solution_itself_does_not_pass_nothing_is_said(slopes):
    slopes.solution.write_text(slopes.solution.read_text().replace("2 * x", "3 * x"))

    with pytest.raises(verdicts.NotSound, match="01_slopes: the solution of double does not pass"):
        verdicts.survivors(slopes, mutants_of_slopes(slopes, double=["pass"]), workers=1)


def test_only_mutants_that_pass_are_listed_and_all_of_them(slopes):
    new, known, killed = mutants_of_slopes(slopes, double=["new", "known", "killed"])
    keys = {known.key, killed.key, "double | toy | gone"}

    amiss = listed.out_of_step(slopes, [new, known, killed], [new, known], keys)

    assert amiss == [
        f'passes and is not listed: double, solutions/01_slopes/slopes.py:6\n"{new.key}",',
        'listed, but no mutant any more: strike it out\n"double | toy | gone",',
        f'listed, but it does not pass any more: strike it out\n"{killed.key}",',
    ]


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ("[[a]]\nreason = ' '\nmutants = ['x']", "no reason for x"),
        ("[[a]]\nreason = 'r'\nmutants = ['x', 'x']", "twice x"),
    ],
)
def test_each_mutant_of_the_list_has_one_reason(tmp_path, entries, complaint):
    file = tmp_path / "listed.toml"
    file.write_text(entries)

    with pytest.raises(ValueError, match=complaint):
        listed.read(file)


def test_the_list_names_tasks_of_the_course():
    keys = listed.read(listed.FILE)

    tasks = {task for exercise in exercises(ROOT) for task in exercise.tasks}
    assert {key.partition(" | ")[0] for key in keys} - tasks == set()
