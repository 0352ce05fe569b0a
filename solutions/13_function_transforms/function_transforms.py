"""Functions made of functions: what torch.func is for.

A transform takes a function and returns one: `torch.func.grad(f)` is the gradient of f,
`torch.func.vmap(f)` is f for a whole batch at once.

For all functions here:

- Tensors are float32 or float64, all of one dtype and on one device, and not empty; labels are
  int64. They may be non-contiguous, require grad and have a `.grad`.
- Anything of torch may be used, unless the docstring says otherwise. Every f, model and loss_fn
  works under torch.func, turns no grad mode on or off, is no source of random numbers unless the
  docstring says so, and changes nothing but a model's buffers where the docstring says so.
- Only what a function gets as its argument varies. Every other tensor in f is a constant, even x
  itself: the gradient of `lambda t: (x * t).sum()` at x is x, and not 2x.
  An x that the model's own parameters have made is a constant, too.
- A model maps a batch to a batch, each sample by itself unless it has batch norm, and has at least
  one trainable parameter. Each of its modules runs in the mode that it is in, unless the docstring
  says otherwise. `loss_fn` takes the output and y, in this order, and returns a 0-d tensor, the
  mean over the samples; it uses no parameter of the model.
- A parameter that is used in two places (tied weights) goes by the first of its names, the one
  that `named_parameters()` gives, and its gradient is the sum over all its places.
- All is left as it was found: tensors, a model's parameters and buffers with their values, their
  memory, `requires_grad` and `.grad`, the mode of each module; also where f, model or loss_fn
  raises or is interrupted (KeyboardInterrupt). What they raise comes through.
- The results have no graph attached, unless the docstring says so, whatever records.
- Each function works inside `torch.no_grad()` too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn


def pairwise(f: Callable[[Tensor, Tensor], Tensor], xs: Tensor, ys: Tensor) -> Tensor:
    """Return f(xs[i], ys[j]) for all pairs (i, j), from one call of f.

    Args:
        f: takes one x, of shape `xs.shape[1:]`, and one y, of shape `ys.shape[1:]`; each may be
            0-d. It returns a tensor of any shape, and may ignore either argument, or both.
        xs: `(N, …)`.
        ys: `(M, …)`.

    Returns:
        `(N, M, *s)`, where s is the shape of what f returns. It may share memory with xs and ys.

    Source: torch.func.vmap, used twice; `in_dims` says which argument has a batch axis.
    """
    for_all_ys = torch.func.vmap(f, in_dims=(None, 0))
    for_all_pairs = torch.func.vmap(for_all_ys, in_dims=(0, None))
    return for_all_pairs(xs, ys).detach()


def gradients_of(
    model: nn.Module,
    names: Sequence[str],
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    y: Tensor,
) -> dict[str, Tensor]:
    """Return the gradients of loss_fn(model(x), y) for the named parameters alone.

    The model runs once, and no other parameter's gradient is computed: of three linear layers, the
    gradient for the last one's weight costs the three matrix products of the forward pass and one
    more.

    Args:
        model: has no batch norm and no dropout.
        names: one or more, as `named_parameters()` gives them. A frozen parameter (one with
            `requires_grad=False`) may be among them, and so may one that the loss does not use.
        loss_fn: as said above.
        x: a batch.
        y: its targets, or labels.

    Returns:
        For each name, in the order of names, the gradient in the shape of the parameter: zeros for
        one that the loss does not use.

    Raises:
        KeyError: names the first name that `named_parameters()` does not give, such as that of a
            buffer, or the second name of a tied weight.

    Source: torch.func.functional_call.
    """
    params = dict(model.named_parameters())
    chosen: dict[str, Tensor] = {name: params[name] for name in names}

    def loss(chosen: dict[str, Tensor]) -> Tensor:
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    # The other parameters record as well, outside of grad: the result would have their graph.
    with torch.no_grad():
        return torch.func.grad(loss)(chosen)


def gradients_and_buffers(
    model: nn.Module, loss_fn: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return the gradients and the buffers that one step of training leaves, and leave the model.

    The model runs once, each module in the mode that it is in: in training mode batch norm uses the
    batch's statistics and moves its running ones, in eval mode it uses these.

    Args:
        model: may have batch norm, and other modules that change their buffers in place in forward,
            by values without a graph, as batch norm does; no dropout. No buffer requires grad.
        loss_fn: as said above.
        x: a batch.
        y: its targets, or labels.

    Returns:
        gradients: of loss_fn(model(x), y), for each trainable parameter, under the name that
            `named_parameters()` gives it: zeros for one that the loss does not use. A frozen
            parameter is absent.
        buffers: for each name that `named_buffers()` gives, the buffer as the forward pass leaves
            it, changed or not, in memory that is not the model's.

    Source: torch.func.functional_call.
    """
    params: dict[str, Tensor] = {n: p for n, p in model.named_parameters() if p.requires_grad}
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}

    def loss(params: dict[str, Tensor], buffers: dict[str, Tensor]) -> Tensor:
        output = torch.func.functional_call(model, params | buffers, (x,))
        return loss_fn(output, y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers


def per_sample_gradients(
    model: nn.Module, loss_fn: Callable[[Tensor, Tensor], Tensor], xs: Tensor, ys: Tensor
) -> dict[str, Tensor]:
    """Return the gradient of each sample's own loss, from one call of the model.

    The loss of sample i is `loss_fn(model(xs[i:i+1]), ys[i:i+1])`, and its gradient is not divided
    by N. Whether the one call of the model gets a batch of one, under vmap, or all samples is free;
    model and loss_fn take a batch, and no sample without its batch axis.

    Args:
        model: has no batch norm and no dropout.
        loss_fn: as said above.
        xs: the samples, `(N, …)`, N at least 1.
        ys: their targets, or labels, `(N, …)`.

    Returns:
        For each trainable parameter, under the name that `named_parameters()` gives it, a tensor
        `(N, *parameter.shape)`: zeros for one that the loss does not use. A frozen parameter is
        absent.

    Source: torch.func.vmap of torch.func.grad; the norms of these gradients are clipped in
    differentially private training, arXiv:1607.00133.
    """
    params: dict[str, Tensor] = {n: p for n, p in model.named_parameters() if p.requires_grad}

    def loss(params: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    of_each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    with torch.no_grad():
        return of_each(params, xs, ys)


def dropout_samples(model: nn.Module, x: Tensor, n: int, *, seed: int) -> Tensor:
    """Return the outputs of n passes with dropout, each with masks of its own, from one call.

    This is Monte-Carlo dropout: the spread of the outputs tells how unsure the model is. The model
    is called once. During that call all modules of nn.Dropout (subclasses too) drop, however deep
    in the model and whatever mode they were in; every other module runs in the mode that it is in.
    As `nn.Dropout` does, each pass draws for each sample of the batch by itself.
    Afterwards the mode of each module and the global random state, that of the CPU and of the GPU
    that x is on, are as they were, also if the model raises.

    Args:
        model: its random numbers are those of its nn.Dropout modules alone, and there is no other
            kind of dropout, and none in place. Its batch norm, if any, is in eval mode.
        x: a batch, `(B, …)`.
        n: how many passes, at least 1.
        seed: from 0 to 2³² - 1; the same seed gives the same result, whatever the global random
            state is; another seed gives other masks.

    Returns:
        `(n, *model(x).shape)`.

    Source: Gal and Ghahramani, 2016, arXiv:1506.02142; `randomness` of torch.func.vmap.
    """
    dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    modes = [module.training for module in dropouts]
    gpus = [x.device] if x.is_cuda else []
    try:
        for module in dropouts:
            module.training = True
        with torch.random.fork_rng(gpus), torch.no_grad():
            torch.manual_seed(seed)
            return torch.func.vmap(model, randomness="different")(x.expand(n, *x.shape))
    finally:
        for module, mode in zip(dropouts, modes, strict=True):
            module.training = mode


def ensemble_gradients(
    models: Sequence[nn.Module], loss_fn: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss and the gradients of each of several models on one batch, from one call.

    Whatever M, the number of models, forward is called once in all, that of one model or of a copy.

    Args:
        models: one or more, in a list or a tuple, all of one class and alike in everything but the
            values of their parameters and buffers. None has dropout; batch norm is in eval mode.
        loss_fn: as said above.
        x: a batch, the same for all models.
        y: its targets, or labels.

    Returns:
        losses: `(M,)`, loss_fn(model(x), y) of each model with its own parameters and buffers.
        gradients: for each trainable parameter, under the name that `named_parameters()` gives it,
            a tensor `(M, *parameter.shape)`, each model's gradient of its own loss: zeros for one
            that the loss does not use. A frozen parameter is absent.

    Source: torch.func.stack_module_state, and vmap over what it stacks.
    """
    params, buffers = torch.func.stack_module_state(models)
    frozen = [name for name, p in models[0].named_parameters() if not p.requires_grad]
    constants = buffers | {name: params.pop(name) for name in frozen}

    def loss(params: dict[str, Tensor], constants: dict[str, Tensor]) -> Tensor:
        output = torch.func.functional_call(models[0], params | constants, (x,))
        return loss_fn(output, y)

    with torch.no_grad():
        gradients, losses = torch.func.vmap(torch.func.grad_and_value(loss))(params, constants)
    return losses, gradients


def jacobian_in_chunks(f: Callable[[Tensor], Tensor], x: Tensor, chunk: int) -> Tensor:
    """Return the Jacobian of f at x by backward passes that each carry at most `chunk` rows.

    With m elements of f(x), J has m rows, and ⌈m/chunk⌉ backward passes go through f, which is
    called once. A pass carries several rows under torch.func.vmap, or by `is_grads_batched`: the
    more rows, the faster it is and the more memory it takes.

    torch.func.jacrev, torch.func.jacfwd and torch.autograd.functional.jacobian are not to be used.

    Args:
        f: takes a tensor of the shape of x, and returns one of any shape, which depends on x.
        x: of any shape, `()` too.
        chunk: at least 1; it may be larger than m.

    Returns:
        J, `f(x).shape + x.shape`: the derivative of each element of f(x) by each element of x.

    Source: torch.func.vjp, torch.func.vmap.
    """
    y, pullback, *_ = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.func.vmap(pullback, chunk_size=chunk)(basis)
    return rows.reshape(y.shape + x.shape).detach()


def laplacians(u: Callable[[Tensor], Tensor], xs: Tensor) -> Tensor:
    """Return the Laplacian of u at each of N points, differentiable in the parameters of u.

    The Laplacian is the sum of the second derivatives ∂²u/∂x[k]², the trace of the Hessian. u is
    called once, and no tensor may be made with more than 4·N·d² elements: the N Hessians fit in,
    the Hessian of all points together does not.

    Args:
        u: takes one point, of shape `(d,)`, and returns a 0-d tensor. It may be linear or constant;
            its Laplacian is 0. Tensors that it uses may require grad: these are its parameters.
        xs: `(N, d)`.

    Returns:
        `(N,)`. Where u has parameters and grad mode is on, gradients flow to them. Whether they
        flow to an xs that requires grad too, and whether the result has a graph where nothing in u
        records, or grad mode is off, is free.

    Source: torch.func.hessian for one point, torch.func.vmap for all; the residual of Poisson's
    equation in a physics-informed network, Raissi et al., 2019.
    """

    def laplacian(x: Tensor) -> Tensor:
        return torch.func.hessian(u)(x).diagonal().sum()

    return torch.func.vmap(laplacian)(xs)


def gauss_newton_product(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return JᵀJv, where J is the Jacobian of f at x, without making J.

    f is called at most twice. For x and f(x) of n = 2000 elements each, no tensor of more than 10·n
    elements is made and fewer than 500 operations run.

    Args:
        f: takes a tensor of the shape of x, and returns one of any shape, which depends on x.
        x: of any shape, `()` too.
        v: in the shape of x; it may be x itself.

    Returns:
        JᵀJv, in the shape of x.

    Source: torch.func.jvp and torch.func.vjp; JᵀJ is the Gauss–Newton matrix of the least squares
    ½‖f‖², which leaves out the second derivatives of f.
    """
    pushed = torch.func.jvp(f, (x,), (v,))[1]
    pullback = torch.func.vjp(f, x)[1]
    (product,) = pullback(pushed)
    return product.detach()
