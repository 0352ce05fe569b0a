import contextlib
import copy
import functools
import math

import gradient_surgery
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import ErrorOfF, Wrong, build, check, raises, sample, unchanged

pytestmark = pytest.mark.task("gan_step_")

LR, MOMENTUM, DECAY = 0.3, 0.9, 0.1
LARGE = (1e6, math.inf, math.nan)

STALE = "gradients that were there at the start count: clear them first"


class Momentum:
    """SGD with momentum and weight decay, and no more of an optimizer than a step needs."""

    def __init__(self, params):
        self.param_groups = [{"params": list(params), "lr": LR}]
        self.state = {}

    def zero_grad(self, set_to_none=True):
        for p in self.param_groups[0]["params"]:
            if p.grad is not None:
                p.grad = None if set_to_none else torch.zeros_like(p.grad)

    @torch.no_grad()
    def step(self, closure=None):
        for p in self.param_groups[0]["params"]:
            if p.grad is not None:
                self.state[p] = self.state.get(p, 0) * MOMENTUM + p.grad + DECAY * p
                p.sub_(LR * self.state[p])


class Steep(torch.autograd.Function):
    """Changes nothing, and multiplies the gradient by a row of numbers."""

    @staticmethod
    def forward(ctx, x, row):
        ctx.row = row
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * grad_output.new_tensor(ctx.row), None


class Critic(nn.Sequential):
    """Gives scores that are higher by a number than its layers have them."""

    higher = 0.0

    def forward(self, samples):
        return super().forward(samples) + self.higher


class Bend(nn.Softsign):
    """Bends less than tanh, which is 1 for a thousand as for a million."""

    row = (1.0, 1.0, 1.0, 1.0)

    def forward(self, x):
        return Steep.apply(super().forward(x), self.row)


class Generator(nn.Module):
    """Makes samples of noise, and counts how often it runs, forward and backward.

    It has a layer that it does not use.
    """

    row = (1.0, 1.0, 1.0)
    added = 0.0  # what is added to the first sample

    def __init__(self):
        super().__init__()
        self.inner, self.outer, self.spare = nn.Linear(2, 4), nn.Linear(4, 3), nn.Linear(1, 1)
        self.forwards = self.backwards = 0

    def forward(self, noise):
        self.forwards += 1
        made = self.outer(self.inner(noise).tanh())
        last = Steep.apply(made[-1:], self.row)  # alone: two infinities may make a NaN
        made = torch.cat([made[:1] + self.added, made[1:-1], last])
        if made.requires_grad:
            made.register_hook(self.count)
        return made

    def count(self, _gradient):
        self.backwards += 1


def models(device):
    generator = build(Generator, device=device)
    critic = build(lambda: Critic(nn.Linear(3, 4), Bend(), nn.Linear(4, 1)), device=device)
    return generator, critic


def reference(generator, critic, noise, real, *, steps=1, stale=0.0, mistake=""):
    """Return the losses of each step and the parameters after them, from copies of the models."""
    generator, critic = copy.deepcopy(generator), copy.deepcopy(critic)
    optimizers = {m: Momentum(m.parameters()) for m in (generator, critic)}
    losses = []

    def move(model, loss, more=0.0):
        params = list(model.parameters())
        gradients = torch.autograd.grad(loss, params, retain_graph=True, allow_unused=True)
        for p, g in zip(params, gradients, strict=True):
            p.grad = torch.zeros_like(p) if g is None and mistake == "zeros" else g
            if g is not None:
                p.grad = g + more
        optimizers[model].step()

    for _ in range(steps):
        fake = generator(noise)
        critic_loss = F.softplus(-critic(real)).mean() + F.softplus(critic(fake.detach())).mean()
        if mistake == "roles":
            critic_loss = F.softplus(critic(real)).mean() + F.softplus(-critic(fake)).mean()
        if mistake == "fake alone":
            critic_loss = F.softplus(critic(fake.detach())).mean()
        old = copy.deepcopy(critic)
        move(critic, critic_loss, stale)
        judge = old if mistake == "old critic" else critic
        generator_loss = F.softplus(-judge(fake)).mean()
        if mistake == "saturating":
            generator_loss = -F.softplus(judge(fake)).mean()
        if mistake == "both losses":
            pulled = F.softplus(old(fake)).mean()
            move(generator, generator_loss + pulled, stale)
        elif mistake != "generator stays":
            move(generator, generator_loss, stale)
        if mistake == "critic too":
            move(critic, generator_loss)
        losses.append((critic_loss.item(), generator_loss.item()))
    return losses, *([p.detach() for p in m.parameters()] for m in (generator, critic))


def judge(device, *, steps=1, stale=None, higher=0.0, steep="", added=1e6):
    """Compare some steps.

    Args:
        device: where to compute.
        steps: how many.
        stale: what each gradient is at the start.
        higher: a number by which each score is higher than it would be.
        steep: the model of which some gradients are large or not finite: critic, generator or "".
        added: what is added to the first sample that the generator makes.
    """
    generator, critic = models(device)
    critic.higher, generator.added = higher, added
    generator.row = LARGE if steep == "generator" else generator.row
    critic[1].row = (*LARGE, 1.0) if steep == "critic" else critic[1].row
    noise, real = sample((5, 2), device=device), sample((5, 3), device=device, low=0.5, high=2)
    args = generator, critic, noise, real
    optimizers = Momentum(generator.parameters()), Momentum(critic.parameters())
    due, moved, judged = reference(*args, steps=steps)
    variants = {
        "the generator's loss is taken with the old critic: run the new one on fake": "old critic",
        "the critic takes a step on the generator's loss too": "critic too",
        "the generator does not move: its loss needs fake with its graph": "generator stays",
        "the critic's loss moves the generator too: detach fake there": "both losses",
        "the critic's loss has real and fake the wrong way round": "roles",
        "the critic's loss leaves real out": "fake alone",
        "a parameter that gets no gradient has one of zeros, with which weight decay moves it: "
        "None is due": "zeros",
        "the generator's loss is −softplus(D(fake)), which hardly slopes where the critic wins": (
            "saturating"
        ),
    }
    if steep or math.isnan(added):  # where gradients are NaN, several mistakes come to the same
        variants = {}
    first = copy.deepcopy((generator, critic))

    @functools.cache
    def mistaken(name):
        if name == STALE:
            return reference(*first, noise, real, steps=steps, stale=stale or 0.0)
        return reference(*first, noise, real, steps=steps, mistake=variants[name])

    def mistakes(part):
        return {name: lambda name=name: mistaken(name)[part] for name in [*variants, STALE]}

    if stale is not None:
        for p in [*generator.parameters(), *critic.parameters()]:
            p.grad = torch.full_like(p, stale)
    generator.forwards = generator.backwards = 0

    given = f"after {steps} steps" if steps > 1 else "after one step"
    if higher:
        given += f", scores being about {higher:g}"
    if steep:
        given += f", some gradients of the {steep} being large or not finite"
    if math.isnan(added):
        given += ", a sample of the generator being NaN"
    losses = [gradient_surgery.gan_step_(*args[:2], *optimizers, noise, real) for _ in range(steps)]

    for index, (model, due_now, name) in enumerate(
        [(critic, judged, "the critic's parameters"), (generator, moved, "the generator's")]
    ):
        check(
            [p.detach() for p in model.parameters()],
            due_now,
            what=f"{name} {given}",
            mistakes=mistakes(2 - index),
        )
    check(
        losses,
        due,
        what=f"the losses, the critic's and the generator's, {given}",
        mistakes={
            "the two are swapped": [pair[::-1] for pair in due],
            **mistakes(0),
        },
    )
    return generator, critic


@contextlib.contextmanager
def watch(generator, critic):
    """Demand that requires_grad and the modes, train or eval, stay, the modes in between too."""
    models = {"generator": generator, "critic": critic}
    modes = {m: m.training for model in models.values() for m in model.modules()}
    tracked = {p: p.requires_grad for model in models.values() for p in model.parameters()}

    def demand_mode(module, _args=None):
        if module.training != modes[module]:
            name = next(n for n, model in models.items() if module in set(model.modules()))
            raise Wrong(
                f"a module of the {name} that came in {'train' if modes[module] else 'eval'} mode "
                "is in the other one: leave each in its own"
            )

    hooks = [m.register_forward_pre_hook(demand_mode) for m in modes]
    yield
    for hook in hooks:
        hook.remove()
    for module in modes:
        demand_mode(module)
    for name, model in models.items():
        for n, p in model.named_parameters():
            if p.requires_grad != tracked[p]:
                raise Wrong(
                    f"requires_grad of the {name}'s {n!r} was {tracked[p]} before the call and is "
                    f"{p.requires_grad} after it: leave it as it was found"
                )


def demand_no_grads(*named):
    for name, model in named:
        left = {n: p for n, p in model.named_parameters() if p.grad is not None}
        for n, p in left.items():
            advice = "clear both, for the generator's loss leaves gradients in the critic too"
            if not p.grad.any():
                advice = "it is zeros, but None is due"
            elif not p.requires_grad:
                advice = "a frozen parameter's is cleared by the module, no optimizer may hold it"
            raise Wrong(f"at the end .grad of {name}'s {n!r} is not None: {advice}")


@pytest.mark.parametrize(
    ("higher", "steep", "added"),
    [(0, "", 1e6), (1e6, "critic", 1e6), (-1e6, "generator", 1e6), (0, "", math.nan)],
    ids=["0", "1e6", "-1e6", "NaN"],
)
def test_gan_step_moves_the_critic_and_then_the_generator(higher, steep, added, device):
    judge(device, higher=higher, steep=steep, added=added)


def test_gan_step_goes_on_from_what_optimizers_remember(device):
    judge(device, steps=2)


def test_gan_step_takes_no_notice_of_gradients_that_are_there(device):
    generator, critic = judge(device, stale=0.5)
    demand_no_grads(("the generator", generator), ("the critic", critic))


def test_gan_step_runs_the_generator_once_forward_and_once_backward(device):
    generator, _ = judge(device)
    assert generator.forwards == 1, (
        f"the generator ran forward {generator.forwards} times: once is enough for both losses"
    )
    assert generator.backwards == 1, (
        f"backward passed through the generator {generator.backwards} times: the critic's loss is "
        "to stop at fake.detach()"
    )


def test_gan_step_leaves_frozen_parameters_and_no_gradient(device):
    generator, critic = models(device)
    frozen = [generator.inner.weight, critic[0].bias]
    for p in frozen:
        p.requires_grad_(False).grad = torch.full_like(p, 7)
    before = [p.clone() for p in frozen]
    optimizers = [
        Momentum(p for p in m.parameters() if p.requires_grad) for m in (generator, critic)
    ]
    generator.eval()
    critic[1].eval()
    watched = watch(generator, critic)
    noise, real = (sample((5, n), device=device, requires_grad=True) for n in (2, 3))
    noise.grad, real.grad = torch.full_like(noise, 7), torch.full_like(real, 7)

    with unchanged(noise, real), watched:
        gradient_surgery.gan_step_(generator, critic, *optimizers, noise, real)

    demand_no_grads(("the generator", generator), ("the critic", critic))
    check([p.detach() for p in frozen], before, what="two frozen parameters")


@pytest.mark.parametrize("error", [ErrorOfF, KeyboardInterrupt])
def test_gan_step_leaves_requires_grad_where_the_critic_raises(error, device):
    generator, critic = models(device)
    critic[0].bias.requires_grad_(False)
    optimizers = [
        Momentum(p for p in m.parameters() if p.requires_grad) for m in (generator, critic)
    ]
    old = critic[0].weight.clone()

    def fail_after_the_step(critic, _args):
        if not torch.equal(critic[0].weight, old):
            raise error

    critic.register_forward_pre_hook(fail_after_the_step)
    with (
        watch(generator, critic),
        raises(
            error,
            when=f"the critic raises {error.__name__} after its step",
            advice="an except hides it",
        ),
    ):
        gradient_surgery.gan_step_(
            generator,
            critic,
            *optimizers,
            sample((5, 2), device=device),
            sample((5, 3), device=device),
        )
