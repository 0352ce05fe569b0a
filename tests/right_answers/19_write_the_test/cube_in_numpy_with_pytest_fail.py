"""
task: check_cube
way: values worked out by NumPy, the second derivative by a double backward, pytest.fail
"""


def check_cube(cube):
    import numpy as np
    import pytest

    rng = np.random.default_rng()

    def compare(what, found, expected):
        if found.shape != expected.shape or found.dtype != expected.dtype:
            pytest.fail(f"{what}: shape or dtype")
        if not np.allclose(found, expected, rtol=1e-5 if found.dtype == np.float32 else 1e-11):
            pytest.fail(f"{what} is {found}, not {expected}")

    for dtype in (np.float32, np.float64):
        for a in (rng.normal(size=(2, 5)), rng.normal(size=()), rng.normal(size=(4, 3, 2))):
            a = np.asarray(a, dtype=dtype)
            x = torch.from_numpy(a.copy()).permute(list(range(a.ndim)[::-1])).requires_grad_()
            a = a.T
            y = cube(x=x)
            compare("the value", y.detach().numpy(), np.asarray(a**3, dtype=dtype))
            v = torch.randn(x.shape, dtype=x.dtype, requires_grad=True)
            (g,) = torch.autograd.grad(y, x, v, create_graph=True)
            compare(
                "the gradient",
                g.detach().numpy(),
                np.asarray(3 * a**2 * v.detach().numpy(), dtype=dtype),
            )
            (h,) = torch.autograd.grad(g.sum(), x)
            compare("the second", h.numpy(), np.asarray(6 * a * v.detach().numpy(), dtype=dtype))
            compare("x", x.detach().numpy(), a)
