"""Import what any exercise may need and use it once, so that a fork of this process finds it ready.

A warm process imports this module once the first verdict is given. It never touches CUDA, which
does not survive a fork, and imports no exercise.
"""

from __future__ import annotations

import gc
import warnings

import pytest  # noqa: F401
import torch
import torch.utils.checkpoint

from gradkata.environment import forget_backend, quiet_matplotlib


def warm_up() -> None:
    """Make torch's late imports happen now: more than a thousand modules."""
    torch.set_num_threads(1)
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.autograd.gradcheck(torch.sin, (x,))
        torch.autograd.gradgradcheck(torch.sin, (x,))
        torch.func.jvp(torch.sin, (x.detach(),), (x.detach(),))
        torch.func.vmap(torch.func.grad(torch.sin))(x.detach())
        torch.optim.SGD([x], lr=0.1)
        torch.utils.checkpoint.checkpoint(torch.sin, x, use_reentrant=False).sum().backward()
        torch.autograd.grad(torch.sin(x), x, torch.ones_like(x))
        utilities = ("test_schema", "test_autograd_registration", "test_faketensor")
        torch.library.opcheck(torch.ops.aten.sin.default, (x.detach(),), test_utils=utilities)
        torch.testing.assert_close(x, x)
    _warm_up_matplotlib()


def _warm_up_matplotlib() -> None:
    forget_backend()
    quiet_matplotlib()  # which may warn as it is imported
    import matplotlib.backend_bases
    import matplotlib.figure

    # It looks for fonts, and reads its tables of them, at the first text.
    figure = matplotlib.figure.Figure()
    figure.subplots().set_yscale("log")
    matplotlib.backend_bases.FigureCanvasBase(figure)


warm_up()
gc.collect()
gc.freeze()
