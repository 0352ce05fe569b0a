import gc
import os

import large_models
import pytest
import torch
from torch import nn
from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.checks import (
    Wrong,
    build,
    check,
    one_by_one,
    raises,
    sample,
    situation,
    tracked_copies,
)

pytestmark = pytest.mark.task("SavedOnDisk")


def files(folder):
    return sorted(os.listdir(folder))


def demand_no_file(folder, when):
    if files(folder):
        gc.collect()
    left = files(folder)
    if left:
        raise Wrong(f"files are left {when}, {len(left)} in all: each goes when the graph is gone")


def product(x, w):
    """Save x·w, which nobody else holds, and x and w."""
    return (x * w).sin() * w


def judge(x, w, folder):
    """Compare the gradients of a product with plain ones, to the last bit."""
    due = torch.autograd.grad(product(x, w).sum(), (x, w))
    with situation(f"saving {x.dtype}"), large_models.SavedOnDisk(folder):
        y = product(x, w)
    assert files(folder), (
        "no file is in the folder after the block: what is saved for backward goes there, and "
        "stays until the graph is gone"
    )
    found = torch.autograd.grad(y.sum(), (x, w))
    check(found, due, what=f"the gradients in {x.dtype}", rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
def test_saved_on_disk_gives_back_exactly_what_was_saved(dtype, device, tmp_path):
    x, w = (sample((4, 3), device=device).to(dtype).requires_grad_() for _ in range(2))
    judge(x, w, tmp_path)


def test_saved_on_disk_takes_integers_views_and_a_path_as_text(device, tmp_path, monkeypatch):
    x = sample((6, 5), device=device, requires_grad=True)
    saved = []
    (tmp_path / "saved").mkdir()
    index = torch.tensor([4, 0, 0], device=device)

    def f(x):
        return (x.T[index].exp() * x[:, 1:4].T.sin()).square()

    with torch.autograd.graph.saved_tensors_hooks(saved.append, lambda at: at):
        f(x)
    (due,) = torch.autograd.grad(f(x).sum(), x)
    monkeypatch.chdir(tmp_path)
    block = large_models.SavedOnDisk("saved")
    moved = "where the folder is a relative path, and the working directory has changed"
    monkeypatch.chdir(tmp_path.parent)
    with situation(moved), block:
        y = f(x)
    count = len(files(tmp_path / "saved"))
    assert count == len(saved), (
        f"the number of files is {count}, and {len(saved)} tensors are saved, integers and one of "
        "three elements among them: each has a file of its own"
    )
    monkeypatch.chdir(tmp_path)
    with situation(moved):
        (found,) = torch.autograd.grad(y.sum(), x)
    check(found, due, what="the gradient through views and indices", rtol=0, atol=0)


def test_saved_on_disk_lets_memory_go(device, tmp_path):
    x, w = (sample((4, 3), device=device, requires_grad=True) for _ in range(2))
    (tmp_path / "another.pt").write_text("of somebody else")
    with large_models.SavedOnDisk(tmp_path):
        inner = x * w
        held = StorageWeakRef(inner.untyped_storage())
        y = inner.sin()
        del inner
    if not held.expired():
        gc.collect()
    assert held.expired(), "a tensor that was saved is still in memory: only its file is to be kept"
    with situation("when what was saved is read"):
        read = StorageWeakRef(y.grad_fn._saved_self.untyped_storage())
    if not read.expired():
        gc.collect()
    assert read.expired(), (
        "what was read is still in memory: read it each time that it is asked for"
    )
    with situation("when what was saved is read once more"):
        torch.autograd.grad(y.sum(), x)
    assert "another.pt" in files(tmp_path), (
        "a file that was in the folder before is gone: other files there are none of ours"
    )


def test_saved_on_disk_reads_as_often_as_it_is_asked(device, tmp_path):
    x, w = (sample((4, 3), device=device, requires_grad=True) for _ in range(2))
    due = torch.autograd.grad(product(x, w).sum(), (x, w))
    with large_models.SavedOnDisk(tmp_path):
        y = product(x, w).sum()

    for time in ("the first", "the second"):
        with situation(f"when backward runs {time} time, each retaining the graph"):
            found = torch.autograd.grad(y, (x, w), retain_graph=True)
        check(found, due, what=f"the gradients, {time} time", rtol=0, atol=0)
    del y, found
    demand_no_file(tmp_path, "after two backwards, the result being gone")


def test_saved_on_disk_leaves_no_file(device, tmp_path):
    x, w = (sample((4, 3), device=device, requires_grad=True) for _ in range(2))
    block = large_models.SavedOnDisk(tmp_path)
    with block:
        y = product(x, w)
    y.sum().backward()
    demand_no_file(tmp_path, "after a backward, the SavedOnDisk itself being alive")
    with block:
        y = product(x, w)
    del y
    demand_no_file(tmp_path, "of a graph that was dropped without a backward")
    check(torch.is_grad_enabled(), True, what="grad mode")


def test_saved_on_disk_tells_tensors_apart_that_come_one_after_another(device, tmp_path):
    """The memory and the id of a tensor that is gone are used again."""
    xs = [sample((4, 3), device=device) for _ in range(6)]
    leaves = tracked_copies(*xs)
    blocks = [large_models.SavedOnDisk(tmp_path) for _ in range(2)]
    ys = []
    for i, leaf in enumerate(leaves):
        with blocks[i % 2]:
            ys.append((leaf * 2).sin())
    with blocks[0]:
        ys[1] = None
        ys[1] = (leaves[1] * 2).sin()
    count = len(files(tmp_path))
    assert count == 6, (
        f"the number of files is {count} for 6 sines in the blocks of two objects on one folder: "
        "each writes files of its own, and no block writes another's file"
    )
    with situation(
        "when backward reads the files (one that is missing had the name of another, or went while "
        "its graph was alive)"
    ):
        found = torch.autograd.grad(sum(y.sum() for y in ys), leaves)
    check(found, tuple(2 * (2 * x).cos() for x in xs), what="the gradients of 6 sines")


def test_saved_on_disk_keeps_parameters_in_memory(device, tmp_path):
    model = build(lambda: nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), device=device)
    x = sample((5, 3), device=device, requires_grad=True)
    due = torch.autograd.grad(model(x).sum(), [x, *model.parameters()])

    block = large_models.SavedOnDisk(tmp_path, keep=one_by_one(model.parameters()))
    with block:
        y = model(x)

    count = len(files(tmp_path))
    assert count == 2, (
        f"the number of files is {count} for two Linear layers whose parameters are kept: the "
        "input of each is due, and the weight, which Linear saves as a view of its memory, is not; "
        "keep is a generator here, and a generator can be gone through only once"
    )
    found = torch.autograd.grad(y.sum(), [x, *model.parameters()])
    check(found, due, what="the gradients through a model that is kept", rtol=0, atol=0)
    del y
    with block:
        y = model(x)
    check(
        len(files(tmp_path)),
        2,
        what="the number of files in the second block of one object, the parameters being kept",
    )
    del y


def test_saved_on_disk_keeps_what_lies_in_the_memory_of_another(device, tmp_path):
    memory = sample((6, 3), device=device)
    part, rest = memory[1:3], memory[3:5]
    x = sample((2, 3), device=device, requires_grad=True)

    with large_models.SavedOnDisk(tmp_path, keep=[part]):
        y = x * rest

    check(files(tmp_path), [], what="the files for a tensor in the memory of one that is kept")
    assert y.grad_fn._saved_other.data_ptr() == rest.data_ptr(), (
        "what is kept is held as a copy: it is kept in the memory in which it lies"
    )
    check(torch.autograd.grad(y.sum(), x)[0], rest, what="the gradient through it")

    other = nn.Parameter(sample((2, 3), device=device))
    with large_models.SavedOnDisk(tmp_path, keep=[part]):
        y = x * other
    check(len(files(tmp_path)), 2, what="the number of files for x and a parameter not in keep")

    gone = sample((2, 3), device=device)
    held = StorageWeakRef(gone.untyped_storage())
    block = large_models.SavedOnDisk(tmp_path, keep=one_by_one([gone]))
    del gone
    with block:
        assert not held.expired(), (
            "a tensor in keep is gone when nobody else holds it: what takes its address then would "
            "pass for it, so hold what is kept"
        )


def test_saved_on_disk_leaves_what_comes_after_the_block_alone(device, tmp_path):
    x = sample((4, 3), device=device, requires_grad=True)
    block = large_models.SavedOnDisk(tmp_path)
    with raises(ZeroDivisionError, when="the block raises one"), block:
        raise ZeroDivisionError
    y = (x * 2).sin()
    check(files(tmp_path), [], what="the files of what runs after a block that an error has ended")

    with block:
        once = (x * 3).sin()
        with block:
            inner = (once * 3).sin()
        twice = inner.sin()
    with block:
        thrice = twice.sin()
    check(
        len(files(tmp_path)),
        4,
        what="the files of one saved in a block, one in the same block inside it, one after the "
        "inner one and one in the block once more",
    )
    (found,) = torch.autograd.grad(thrice.sum() + y.sum(), x)
    leaf = x.detach().requires_grad_()
    plain = ((leaf * 3).sin() * 3).sin().sin().sin()
    (due,) = torch.autograd.grad(plain.sum() + (leaf * 2).sin().sum(), leaf)
    check(found, due, what="the gradient through three blocks")


def test_saved_on_disk_keeps_0_axes(device, tmp_path):
    read = []

    class TimesItsSum(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            total = x.sum()
            ctx.save_for_backward(total)
            return x * total

        @staticmethod
        def backward(ctx, grad_output):
            read.append(ctx.saved_tensors[0].shape)
            return grad_output

    with large_models.SavedOnDisk(tmp_path):
        y = TimesItsSum.apply(sample((4, 3), device=device, requires_grad=True))
    y.sum().backward()

    check(tuple(read[0]), (), what="the shape of a 0-d tensor that was saved, when it is read")


def test_saved_on_disk_may_save_an_output(device, tmp_path):
    x = sample((4, 3), device=device, requires_grad=True)
    with large_models.SavedOnDisk(tmp_path):
        y = (x * 2).exp()
    held = StorageWeakRef(y.untyped_storage())
    (found,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    check(found, 2 * (2 * x.detach()).exp(), what="the gradient of exp, which saves its output")
    del y
    if not held.expired():
        gc.collect()
    assert held.expired(), "the output holds itself: what is handed back is to have no graph"
    demand_no_file(tmp_path, "of an output that was dropped")
