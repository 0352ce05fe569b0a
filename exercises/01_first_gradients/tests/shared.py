"""Gradients are compared with formulas worked out by hand, and what is left behind is looked at."""

import pytest

without_func = pytest.mark.forbid("torch.func", reason="ask torch.autograd.grad")
