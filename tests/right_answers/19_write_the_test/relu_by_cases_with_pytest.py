"""
task: check_relu
way: one number at a time, in float32 and float64, pytest.fail where torch says otherwise
"""


def check_relu(relu):
    import math

    import pytest

    for dtype in torch.float32, torch.float64:
        for number in -math.inf, -100.0, -1.5, 0.0, 1.5, 100.0:
            for g in -2.0, 3.0:
                x = torch.tensor(number, dtype=dtype, requires_grad=True)
                y = relu(x=x)
                y.backward(torch.tensor(g, dtype=dtype))
                if x.item() != number:
                    pytest.fail(f"{number} became {x.item()}")
                if y.shape != () or y.dtype != dtype:
                    pytest.fail("shape or dtype")
                if y.item() != max(number, 0.0):
                    pytest.fail(f"relu({number}) is {y.item()}")
                if number < 0 and math.copysign(1, y.item()) < 0:
                    pytest.fail("−0.0")
                if x.grad.item() != (g if number > 0 else 0):
                    pytest.fail(f"{g} at {number} gives {x.grad.item()}")
    y = relu(torch.tensor([1.0, math.nan]))
    if not (y[0] == 1 and y[1].isnan()):
        pytest.fail("NaN")
