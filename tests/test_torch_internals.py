"""What torch does not promise is asked for, in one module, and the course does without it."""

import ast
import functools
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch
from judging import ROOT
from torch import nn
from toy_course import NO_HYPOTHESIS

from gradkata import torch_internals

INTERNALS = Path(torch_internals.__file__)
SOURCES = [
    *sorted((ROOT / "src").rglob("*.py")),
    *sorted((ROOT / "solutions").rglob("*.py")),
    *sorted((ROOT / "exercises").rglob("*.py")),
]


@functools.cache
def private() -> set[str]:
    """Return what is private of whatever in torch an attribute can be asked of.

    That is of its modules, and of what they make.
    """
    places = [
        *(torch, torch._C, torch._C._autograd, torch.autograd, torch.autograd.forward_ad),
        torch.distributed.distributed_c10d,
        *(torch.overrides, torch.utils, torch.nn.modules.module, torch.optim, torch.func),
        *(torch.ones(1), nn.Module(), torch.autograd.Function, torch.optim.SGD([torch.ones(1)])),
        *(torch.ones(1, requires_grad=True).exp().grad_fn, torch.ones(1).untyped_storage()),
    ]
    names = (name for place in places for name in dir(place))
    return {name for name in names if name[0] == "_" and not name.startswith("__")}


def private_names(source: str) -> list[str]:
    """Return each private name of torch's that a source reads or imports."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in private() and not is_own(node.value):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            path = [*node.module.split("."), *(alias.name for alias in node.names)]
            found += [".".join(path)] * any(part.startswith("_") for part in path[1:])
        elif isinstance(node, ast.Import):
            found += [n.name for n in node.names if n.name.startswith("torch.") and "._" in n.name]
    return found


def is_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_private_names_of_torch_stand_in_one_module(file):
    if file == INTERNALS:
        pytest.skip("this is the one")

    assert private_names(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "torch._C._len_torch_dispatch_stack()",
        "x._version",
        "hooks = module._forward_hooks",
        "from torch.utils._python_dispatch import TorchDispatchMode",
        "from torch._C import DisableTorchFunction",
        "import torch._dynamo",
        "saved = y.grad_fn._raw_saved_result",
    ],
)
def test_a_private_name_is_seen_in_whatever_form_it_is_used(source):
    assert private_names(source) != []


def test_that_module_itself_asks_before_it_uses_a_name():
    assert private_names(INTERNALS.read_text(encoding="utf-8")) == []


# A child whose torch lacks, while the harness is imported, every name that the harness asks for
# but the one that counting rests on.
JUDGED_WITHOUT = """
    import sys
    import torch
    from gradkata import torch_internals

    hidden = [name for name in torch_internals.ASKED if not name.endswith("TorchDispatchMode")]
    for module in [m for m in sys.modules if m.startswith("gradkata")]:
        del sys.modules[module]
    kept = {}
    for path in hidden:
        place = torch
        *places, name = path.split(".")
        for part in places:
            place = getattr(place, part)
        kept[place, name] = getattr(place, name)
        delattr(place, name)
    from gradkata import torch_internals as without

    for (place, name), value in kept.items():
        setattr(place, name, value)
    assert hidden and without.modes() == (0, 0)

    import pytest

    judged = ["exercises/01_first_gradients", "exercises/03_custom_function"]
    sys.exit(pytest.main([*judged, *sys.argv[1:]]))
"""


def judged_without_any(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = textwrap.dedent(JUDGED_WITHOUT)
    command = [sys.executable, "-W", "ignore", "-c", code, *NO_HYPOTHESIS, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_torch_without_them_judges_right_answers_right():
    ran = judged_without_any("--answers", "solutions")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines()[-1].startswith("19 of 19 tasks done")


def test_a_torch_without_them_judges_a_wrong_answer_wrong(tmp_path):
    answers = tmp_path / "answers" / "01_first_gradients"
    answers.mkdir(parents=True)
    ours = (ROOT / "solutions/01_first_gradients/first_gradients.py").read_text(encoding="utf-8")
    wrong = ours.replace("def tracked(", "def tracked(*_): return 1\n\n\ndef _tracked(")
    (answers / "first_gradients.py").write_text(wrong, encoding="utf-8")

    ran = judged_without_any("--answers", str(answers.parent), "-k", "first_gradients")

    assert "✗ tracked" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("8 of 9 tasks done")


def test_a_node_that_does_not_know_its_function_is_known_by_its_name():
    class Nameless:
        def name(self):
            return "DoubleBackward"

    class Double(torch.autograd.Function):
        pass

    class Other(torch.autograd.Function):
        pass

    assert torch_internals.is_recorded_by(Nameless(), Double)
    assert not torch_internals.is_recorded_by(Nameless(), Other)


def test_a_torch_without_dispatch_modes_says_that_it_cannot_count():
    with pytest.raises(RuntimeError, match="has no TorchDispatchMode to count with"):
        torch_internals._NoDispatchMode().__enter__()
