"""A net that is trained by your engine; `kata plot 14` draws it."""

import numpy as np
import tiny_engine
from matplotlib.figure import Figure

STEPS, RATE = 600, 0.1


def matmul(a, b):
    """Return the product of two matrices, recorded as any operation."""

    def vjp(g):
        return matmul(g, transposed(b)), matmul(transposed(a), g)

    return tiny_engine.Node.result(a.data @ b.data, (a, b), vjp)


def transposed(a):
    """Return the transpose of a matrix, recorded as any operation."""
    return tiny_engine.Node.result(a.data.T.copy(), (a,), lambda g: (transposed(g),))


def layer(x, weight, bias):
    """Return x·weight + bias."""
    product = matmul(x, weight)
    return product + tiny_engine.broadcast_to(bias, product.data.shape)


def a_net_fits_a_sine() -> Figure:
    """Draw what a net 1-16-1 makes of 40 points on a sine, and its loss at each step."""
    random = np.random.default_rng(0)
    x = np.linspace(-3, 3, 40)[:, None]
    wanted = np.sin(x)
    first = [
        tiny_engine.Node(random.normal(size=shape), requires_grad=True)
        for shape in [(1, 16), (16,)]
    ]
    last = [
        tiny_engine.Node(random.normal(size=shape) / 4, requires_grad=True)
        for shape in [(16, 1), (1,)]
    ]
    # As the cotangent, it makes the loss a mean.
    share = tiny_engine.Node(np.full(x.shape, 1 / len(x)))
    losses = []
    for _ in range(STEPS):
        output = layer(tiny_engine.tanh(layer(tiny_engine.Node(x), *first)), *last)
        error = output + tiny_engine.Node(-wanted)
        square = error * error
        losses.append(square.data.mean())
        tiny_engine.backward(square, share)
        with tiny_engine.no_grad():
            for p in (*first, *last):
                p.data, p.grad = (p + p.grad * -RATE).data, None
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    fit, course = figure.subplots(1, 2)
    fit.plot(x, wanted, "o", markersize=3, label="sin x")
    fit.plot(x, output.data, label="the net")
    fit.set(title=f"After {STEPS} steps", xlabel="x")
    fit.legend(loc="upper left")
    course.semilogy(losses)
    course.set(title="Loss", xlabel="step")
    return figure
