"""Choose the gradient apart from the value: reverse it, let it pass, find where it ends.

For all tasks here, unless a docstring says otherwise:

- Grad mode is on, and stays on where functions and modules that are passed in run.
- Results can be differentiated, and more than once where the passed functions can. Other calls
  may come between a call and its backward.
- Arguments, and the tensors that passed functions and modules use, keep their values, their
  `requires_grad` and their `.grad`; also where a passed function raises, or is interrupted
  (KeyboardInterrupt). Its error gets through.
- What comes in on the way back keeps its values too: it may be in use elsewhere.
- Passed functions and modules may use tensors of their own, such as parameters.
- *Without a graph* means that `requires_grad` is False.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional as F
from torch.optim import Optimizer


def reverse_gradient(x: Tensor, strength: float) -> Tensor:
    """Return x, and let what flows back through the result be multiplied by −strength.

    A network has two heads, and one of them is to tell where a sample comes from. If that head
    reads the result of this function, it learns to, while the layers below learn to hide it. The
    other head reads x itself: other uses of x keep their gradient.

    Args:
        x: floating, finite, any shape; a leaf or not. It may require no grad.
        strength: 0 or more; 0 gives a gradient of zeros.

    Returns:
        A tensor of the shape, dtype and device of x, with exactly its values.

    Source: Ganin and Lempitsky, 2015, arXiv:1409.7495, the gradient reversal layer.
    """
    raise NotImplementedError


def straight_through(hard: Tensor, soft: Tensor) -> Tensor:
    """Return the values of hard with the gradient of soft.

    A choice, such as the largest of several, has no useful slope. Forward takes the choice, and
    backward acts as if soft had been returned: the whole gradient goes to soft, and none to hard,
    also where hard has a graph.

    Args:
        hard: bool, int64 or floating, finite.
        soft: floating, finite, of the shape of hard.

    Returns:
        A tensor of the shape, dtype and device of soft, with exactly the values of hard in that
        dtype: a choice of 0 and 1 stays one to the last bit.

    Source: Bengio, Léonard and Courville, 2013, arXiv:1308.3432, the straight-through estimator.
    """
    raise NotImplementedError


class Binarize(Function):
    """The sign of x, with a slope that a network can learn through.

    `Binarize.apply(x)` is +1 where x ≥ 0, 0 and −0.0 too, and −1 elsewhere. Its true slope is 0
    nearly everywhere, so backward pretends another. What backward gives can be differentiated with
    respect to what comes in. If x is written to between forward and backward, backward raises or
    gives the gradient for the x of before.

    Args of apply:
        x: floating, any shape; infinite perhaps, but never NaN.

    Returns:
        A tensor of the shape, dtype and device of x.

    Source: Hubara et al., 2016, arXiv:1602.02830, equation 4.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Compute +1 or −1 for each element."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Let what comes in pass where |x| ≤ 1, both ends included; it is exactly 0 beyond."""
        raise NotImplementedError


def cut_layers(layers: Iterable[Callable[[Tensor], Tensor]], x: Tensor) -> list[int]:
    """Return which layers let no gradient through, from their output to their input.

    The layers run one after another, each exactly once: the first on x, each other one on the
    values that the one before has returned. A layer is *cut* if autograd has no path from its
    output to its input: at a `detach`, a `.data`, a block under `no_grad`, a tensor made anew from
    numbers, an `argmax`. These are no cuts:

    - a gradient that is zero at every element, such as that of `round` or of a dead `relu`;
    - a layer whose parameters are frozen;
    - a layer whose input is of integers, which has no gradient to lose.

    Every layer is asked by itself: one that comes after a cut may be whole.

    Args:
        layers: any iterable of modules or functions, a generator too; each takes a tensor and
            returns one, floating or of integers, and none works in place. An error of its
            backward is no cut: it gets through, unless you ask for no gradient at all.
        x: floating or of integers; it need not require grad.

    Returns:
        The indices of the cut layers, from 0, in ascending order; [] if there are none. The same
        inside `torch.no_grad()`, where the layers run in grad mode all the same, and it is off
        again afterwards, also where one raises or Ctrl-C comes in between.

    Source: torch.autograd.grad, its argument allow_unused.
    """
    raise NotImplementedError


def masked_apply(
    f: Callable[[Tensor], Tensor], x: Tensor, mask: Tensor, fill: float, safe: float
) -> Tensor:
    """Return f(x) where the mask is True and fill elsewhere, and let no NaN arise in backward.

    The logarithm of the positive elements, and 0 for the others: the value is one `torch.where`
    away, but its gradient is NaN, as 0 · ∞ is, although nobody has asked for the logarithm of 0.

    The gradient for x is f′(x) times what comes in where the mask is True, and exactly 0 elsewhere,
    even if what comes in there is infinite; gradients of gradients accordingly. Where the mask is
    False, f may give NaN or infinity or be infinitely steep at x; at `safe` it is smooth. Not even
    between two nodes of the graph may a NaN arise from there: anomaly mode stays silent. A NaN
    that f gives where the mask is True is the truth, and stays.

    Args:
        f: elementwise: takes a tensor of any shape and returns one of that shape and dtype, of
            which each element is computed from the element at the same place alone. It depends on
            its argument.
        x: floating, any shape; where the mask is False perhaps infinite or NaN.
        mask: bool, of the shape of x; all, some or none of it True.
        fill: a finite number.
        safe: a number at which f is smooth.

    Returns:
        A tensor of the shape, dtype and device of x.

    Source: torch.where, and what its backward multiplies.
    """
    raise NotImplementedError


def actor_critic_losses(
    value: Tensor, next_value: Tensor, reward: Tensor, done: Tensor, log_prob: Tensor, gamma: float
) -> tuple[Tensor, Tensor]:
    """Return the losses that an actor and a critic learn from, for N steps of a game.

    Each step has an error δ = r + γ·V(s′)·(0 if done, else 1) − V(s): how much better it went than
    the critic had said. The actor's loss is −mean(log_prob · δ), the critic's is mean(δ²).

    The critic learns V(s) and not the target: V(s′) is a constant in both losses. The actor learns
    log_prob alone: δ is a constant in its loss.

    Args:
        value: V(s), shape (N, 1), as the critic's network gives it.
        next_value: V(s′), shape (N, 1), finite; it may have a graph.
        reward: r, shape (N,), a constant.
        done: bool, shape (N,): whether the game ends with this step.
        log_prob: the logarithm of the probability of the action that was taken, shape (N,).
        gamma: γ, a number from 0 to 1.

    Returns:
        The actor's loss and the critic's, both 0-d.

    Source: Sutton and Barto, 2018, "Reinforcement Learning", section 13.5.
    """
    raise NotImplementedError


def wirtinger(f: Callable[[Tensor], Tensor], z: Tensor) -> tuple[Tensor, Tensor]:
    """Return ∂f/∂z and ∂f/∂z̄ at each element of z.

    With z = a + i·b, and the ordinary derivatives of f = u + i·v by the real numbers a and b,

        ∂f/∂z = (∂f/∂a − i·∂f/∂b) / 2    and    ∂f/∂z̄ = (∂f/∂a + i·∂f/∂b) / 2.

    A holomorphic f, such as z², has ∂f/∂z̄ = 0. For a real-valued f the two are conjugates of each
    other. What torch calls the gradient of a real f is the direction in which it grows fastest,
    ∂f/∂a + i·∂f/∂b.

    Args:
        f: elementwise: takes a tensor like z and returns one of that shape, complex or real, of
            which each element is computed from the element at the same place alone. It depends on
            its argument.
        z: complex64 or complex128, any shape, `()` too.

    Returns:
        ∂f/∂z and ∂f/∂z̄, each of the shape, dtype and device of z, without a graph; zeros where a
        derivative vanishes.

    Source: PyTorch, "Autograd for Complex Numbers" in its notes on autograd mechanics.
    """
    raise NotImplementedError


def project_conflicts(grads: Tensor) -> Tensor:
    """Return one gradient for several tasks, from which what they disagree on is taken out.

    Two gradients *conflict* if their dot product is negative: a step for one is a step against the
    other. Each row g is treated by itself. It meets every other row h, in order of index; if g, as
    it is then, conflicts with h, its part along h is taken out:

        g ← g − (g·h / h·h) h

    h is always the row as it was given, and g goes on as what is left. The result is the sum of all
    rows after this.

    Args:
        grads: floating, shape (T, n): a gradient of n numbers for each of T tasks, T ≥ 1. A row of
            zeros conflicts with none. The square of any other row's length is neither 0 nor
            infinite in this dtype.

    Returns:
        A tensor of shape (n,) and the dtype and device of grads, without a graph.

    Source: Yu et al., 2020, arXiv:2001.06782, algorithm 1, here in order of index.
    """
    raise NotImplementedError


def gan_step_(
    generator: nn.Module,
    critic: nn.Module,
    generator_optimizer: Optimizer,
    critic_optimizer: Optimizer,
    noise: Tensor,
    real: Tensor,
) -> tuple[float, float]:
    """Train a critic and a generator by one step each.

    With fake = generator(noise), the critic D takes a step on

        mean(softplus(−D(real))) + mean(softplus(D(fake))),

    which moves none of the generator's parameters. Then the generator takes one on
    mean(softplus(−D(fake))), with the critic as it is after its step, and without moving it.

    The generator runs forward once, and backward passes through it once. Gradients that are there
    at the start count for nothing: a parameter on which no loss depends stays as it is. At the end
    every parameter of both has a `.grad` of None; where a module raises, it is left open what the
    parameters and their `.grad` hold. The arguments change as training changes them, and in no
    other way: `requires_grad` stays, and so does the mode, train or eval, of each module.

    Args:
        generator: takes noise, and returns samples shaped like `real`.
        critic: takes samples, and returns a score for each, which depends on no other sample. A
            score may be large: softplus(800) is 800.
        generator_optimizer: over parameters of the generator.
        critic_optimizer: over parameters of the critic.
        noise: what the generator gets.
        real: samples, as many as the generator makes of the noise.

    Returns:
        The critic's loss and the generator's, as Python floats.

    Source: Goodfellow et al., 2014, arXiv:1406.2661, with the loss for the generator of section 3.
    """
    raise NotImplementedError


def fixed_point(
    f: Callable[[Tensor, Tensor], Tensor], theta: Tensor, z: Tensor, steps: int
) -> Tensor:
    """Iterate z ← f(z, θ), and give the result the gradient of the point where that ends.

    f contracts: the steps come ever nearer to one z* with z* = f(z*, θ), wherever they begin. How
    z* moves with θ does not depend on the way there. With J = ∂f/∂z at z*, and v for what comes in,
    the gradient for θ is that of f(z*, θ) by θ alone, with u in place of v, where

        u = v + Jᵀu.

    Solve it exactly, or by u ← v + Jᵀu, at most `steps` times; v may be small, so that an absolute
    tolerance is none. Nobody writes to θ or z between the call and backward.

    Nothing of the steps is kept: the result holds as many tensors for backward after 60 steps as
    after 10. The gradient is for θ alone: z is a constant, even if it requires grad, and whether
    tensors that f itself uses get one is left to you. It can be asked for again where the graph is
    retained, but need not be differentiable itself.

    Args:
        f: takes z and θ and returns a tensor like z, which depends on both; it is called at most
            steps + 3 times before the result is returned. Inside `torch.no_grad()` grad mode is
            left off for it.
        theta: θ, floating, shape (m,), a leaf or not.
        z: where the steps begin, floating, shape (n,).
        steps: how many, at least 1; enough to be at z* as nearly as one can tell.

    Returns:
        z after exactly this many steps, shape (n,); without a graph if θ does not require grad,
        and inside `torch.no_grad()`.

    Source: Bai, Kolter and Koltun, 2019, arXiv:1909.01377, theorem 1.
    """
    raise NotImplementedError
