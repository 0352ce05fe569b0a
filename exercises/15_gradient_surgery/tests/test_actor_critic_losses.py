import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import Wrong, check, either_dtype, sample, tracked_copies, unchanged

from .shared import MADE_FINITE, large_infinite_and_nan

pytestmark = pytest.mark.task("actor_critic_losses")

GAMMA = 0.7
DONE = [False, True, False, False, True]
LEAVES = ["value", "next_value", "log_prob"]


def played(device, dtype=torch.float64):
    """Return value, next_value, reward, done and log_prob of five steps."""
    options = {"device": device, "dtype": dtype, "low": 1, "high": 3}
    leaves = [sample(s, **options, requires_grad=True) for s in [(5, 1), (5, 1), (5,)]]
    value, next_value, log_prob = leaves
    reward = sample((5,), device=device, dtype=dtype)
    return value, next_value, reward, torch.tensor(DONE, device=device), -log_prob


def errors(value, next_value, reward, done, gamma=GAMMA):
    """Return δ of each step, as numbers."""
    future = torch.where(done, 0, gamma * next_value.detach()[:, 0])
    return reward + future - value.detach()[:, 0]


def judge_values(dtype, device):
    value, next_value, reward, done, log_prob = played(device, dtype)
    with unchanged(value, next_value, reward, done, log_prob):
        result = gradient_surgery.actor_critic_losses(
            value, next_value, reward, done, log_prob, GAMMA
        )
    error = errors(value, next_value, reward, done)
    p = log_prob.detach()

    def both(error, p=p):
        return -(p * error).mean(), error.square().mean()

    square = reward + GAMMA * next_value.detach() * ~done - value.detach()
    mixed = (reward + GAMMA * next_value.detach()[:, 0] * ~done) - value.detach()
    if not (isinstance(result, tuple) and len(result) == 2):
        check(result, both(error), what="the losses")
    if not all(isinstance(loss, torch.Tensor) for loss in result):
        check(result, both(error), what="the actor's loss and the critic's")
    check(
        tuple(loss.detach() for loss in result),
        both(error),
        what="the actor's loss and the critic's",
        mistakes={
            "(N, 1) and (N,) broadcast to (N, N): squeeze both values": both(square),
            "(N,) − (N, 1) broadcasts to (N, N): squeeze value": both(mixed),
            "done is ignored": both(errors(value, next_value, reward, torch.zeros_like(done))),
            "done is taken the other way round": both(errors(value, next_value, reward, ~done)),
            "gamma is left out": both(errors(value, next_value, reward, done, 1.0)),
            "the actor's sign is lost": (-both(error)[0], both(error)[1]),
            "the losses are swapped": both(error)[::-1],
            "the losses are sums over the steps, not means": tuple(5 * x for x in both(error)),
        },
    )


@either_dtype
def test_actor_critic_losses_of_five_steps(dtype, device):
    judge_values(dtype, device)


def gradients(loss, leaves, whose):
    if not loss.requires_grad:
        raise Wrong(f"the {whose} loss has no graph: the {whose[:-2]} never learns")
    return torch.autograd.grad(loss, leaves, allow_unused=True, retain_graph=True)


def or_zeros(gradient, leaf):
    return torch.zeros_like(leaf) if gradient is None else gradient


def test_actor_critic_losses_teach_the_actor_the_probabilities_alone(device):
    value, next_value, reward, done, log_prob = played(device)
    next_value.detach()[0] = 1e6
    reward[-3:] = large_infinite_and_nan(reward)
    leaves = value, next_value, log_prob

    loss, _ = gradient_surgery.actor_critic_losses(value, next_value, reward, done, log_prob, GAMMA)
    by_value, by_next, by_log_prob = gradients(loss, leaves, "actor's")

    error = errors(value, next_value, reward, done)
    check(
        by_log_prob,
        -error / 5,
        what="the gradient of the actor's loss for log_prob",
        mistakes={
            "it rises where it should fall": error / 5,
            MADE_FINITE: lambda: -error.nan_to_num() / 5,
        },
    )
    check(
        or_zeros(by_value, value).detach(),
        torch.zeros_like(value).detach(),
        what="the gradient of the actor's loss for value",
        mistakes={
            "δ has its graph there: detach it, for the actor learns log_prob alone": (
                log_prob.detach()[:, None] / 5
            )
        },
    )
    check(
        or_zeros(by_next, next_value).detach(),
        torch.zeros_like(value).detach(),
        what="the gradient of the actor's loss for next_value",
    )


def test_actor_critic_losses_teach_the_critic_its_value_alone(device):
    value, next_value, reward, done, log_prob = played(device)
    reward[:3] = large_infinite_and_nan(reward)
    leaves = value, next_value, log_prob

    _, loss = gradient_surgery.actor_critic_losses(value, next_value, reward, done, log_prob, GAMMA)
    by_value, by_next, by_log_prob = gradients(loss, leaves, "critic's")

    error = errors(value, next_value, reward, done)
    check(
        by_next if by_next is None else by_next.detach(),
        None if by_next is None else torch.zeros_like(by_next),
        what="the gradient of the critic's loss for next_value",
        mistakes={
            "the target has its graph: V(s′) is a constant, detach it": lambda: (
                2 * GAMMA / 5 * (error * ~done)[:, None]
            )
        },
    )
    check(
        or_zeros(by_value, value),
        -2 / 5 * error[:, None],
        what="the gradient of the critic's loss for value",
        mistakes={
            "the critic never learns: V(s) has lost its graph": torch.zeros_like(value).detach(),
            MADE_FINITE: lambda: -2 / 5 * error.nan_to_num()[:, None],
        },
    )
    check(
        or_zeros(by_log_prob, log_prob).detach(),
        torch.zeros_like(log_prob).detach(),
        what="the gradient of the critic's loss for log_prob",
    )


@pytest.mark.parametrize("size", [1.0, math.inf], ids=str)
def test_actor_critic_losses_take_one_step_and_values_of_one_network(size, device):
    weight = sample((2, 1), device=device, requires_grad=True)
    states = sample((2, 2), device=device)
    (log_prob,) = tracked_copies(sample((1,), device=device))
    value, next_value = (states @ weight)[:1], (states @ weight)[1:]
    done = torch.tensor([False], device=device)
    reward = size * sample((1,), device=device)

    actor, critic = gradient_surgery.actor_critic_losses(
        value, next_value, reward, done, log_prob, 1
    )

    error = errors(value, next_value, reward, done, 1.0)
    check(
        (actor.detach(), critic.detach()),
        (-(log_prob.detach() * error)[0], error[0] ** 2),
        what=f"the losses of a single step, the reward being {reward.item():.3g}",
    )
    (gradient,) = torch.autograd.grad(critic, weight)
    check(
        gradient,
        -2 * error * states[:1].T,
        what="the critic's gradient for the weight that V(s) and V(s′) share",
    )
