"""Gradients are compared with formulas worked out by hand, and what is left behind is looked at."""

import pytest
from torch.autograd import Function

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


without_func = pytest.mark.forbid("torch.func", reason="ask torch.autograd.grad")


class SquareWithSlope7(Function):
    """x², whose own backward and jvp say that its slope is 7 everywhere."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        return 7 * grad_output

    @staticmethod
    def jvp(ctx, x_tangent):
        return 7 * x_tangent
