"""Each function is tried on graphs and models with a fault planted in a known place."""

import contextlib
import math
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, chain, permutations, product

import debugging
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import build, check, check_gradients, raises, sample, situation, unchanged

either_dtype = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)


def weighted(y):
    """Return a 0-d function of y whose gradient is nowhere constant."""
    weights = torch.linspace(1, 2, y.numel(), dtype=y.dtype, device=y.device)
    return (y.sin().flatten() * weights).sum()


def a_leaf(shape, device):
    return sample(shape, device=device, requires_grad=True)


def with_gradients(model):
    """Give every parameter a `.grad`, as an earlier backward would have left it."""
    for p in model.parameters():
        p.grad = sample(p.shape, device=p.device, dtype=p.dtype)
    return model


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


# What graphs truly hold


def name_of(node):
    return node.name().rpartition("::")[2]


def producers(node):
    return [producer for producer, _ in node.next_functions if producer is not None]


def nodes_behind(y):
    """Return every node once, in the order of breadth-first search."""
    found = [y.grad_fn]
    for node in found:
        found += [new for new in dict.fromkeys(producers(node)) if new not in found]
    return found


def walk(node):
    """Return the names along each path: a node once for each path that leads to it."""
    return [name_of(node), *(name for p in producers(node) for name in walk(p))]


def depth_first(y):
    """Return the names in preorder, each node once."""
    order, stack = {}, [y.grad_fn]
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = name_of(node)
            stack += reversed(producers(node))
    return list(order.values())


# graph_nodes


def bare(names):
    """Take the optional namespace off each name."""
    if not isinstance(names, list | tuple):
        return names
    return [name.rpartition("::")[2] if isinstance(name, str) else name for name in names]


@pytest.mark.task("graph_nodes")
def test_a_chain_is_listed_from_its_end(device):
    x = a_leaf((4, 3), device)
    y = x.exp().sin().sum()
    due = ["SumBackward0", "SinBackward0", "ExpBackward0", "AccumulateGrad"]

    with unchanged(x):
        names = debugging.graph_nodes(y)

    check(
        bare(names),
        due,
        what="the nodes of x.exp().sin().sum()",
        mistakes={
            "producers come before their users": due[::-1],
            "the node of the leaf, AccumulateGrad, is left out": due[:-1],
        },
    )


@pytest.mark.task("graph_nodes")
@pytest.mark.parametrize("leaf", [False, True], ids=["no grad", "leaf"])
def test_a_tensor_without_a_graph_has_no_nodes(leaf, device):
    y = sample((4, 3), device=device, requires_grad=leaf)

    check(debugging.graph_nodes(y), [], what="the nodes of a tensor whose grad_fn is None")


@pytest.mark.task("graph_nodes")
def test_an_operand_without_a_graph_has_no_node(device):
    x, constant = a_leaf((4, 3), device), sample((4, 3), device=device)

    with situation("on a node whose next_functions hold None, as those of x * constant do"):
        names = debugging.graph_nodes(constant * x)

    check(bare(names), ["MulBackward0", "AccumulateGrad"], what="the nodes of constant * x")


@pytest.mark.task("graph_nodes")
@pytest.mark.parametrize(
    "f",
    [
        lambda h: h * h.sin(),
        lambda h: h.sin() * h,
        lambda h: h.sin().cos() * h,
        lambda h: h * h.sin().cos(),
    ],
    ids=["short first", "short last", "long first", "long last"],
)
def test_a_node_comes_once_and_after_all_of_its_users(f, device):
    y = f(a_leaf((4, 3), device).exp())
    (due,) = {tuple(map(name_of, order)) for order in orders(y)}

    names = debugging.graph_nodes(y)

    # Each mistake gives a list only in some of the cases; what is right in a case is passed over.
    check(
        bare(names),
        list(due),
        what="the nodes of a product of h = x.exp() with a function of h",
        mistakes={
            "a node is listed once for every path that leads to it": walk(y.grad_fn),
            "a node is listed when it is first seen, breadth first: wait for all of its users": [
                name_of(node) for node in nodes_behind(y)
            ],
            "a node is listed when it is first seen, depth first: wait for all of its users": (
                depth_first(y)
            ),
        },
    )


def orders(y):
    """Return each order of the nodes of a small graph in which users come first."""
    nodes = nodes_behind(y)
    return [
        order
        for order in permutations(nodes)
        if all(order.index(u) < order.index(p) for u in nodes for p in producers(u))
    ]


@pytest.mark.task("graph_nodes")
def test_a_node_with_several_outputs_comes_once(device):
    first, second = a_leaf((2, 3), device).unbind()

    names = debugging.graph_nodes(first * second)

    check(
        bare(names),
        ["MulBackward0", "UnbindBackward0", "AccumulateGrad"],
        what="the nodes of the product of two rows, made by one unbind",
        mistakes={
            "a node is listed once for each of its outputs": [
                *("MulBackward0", "UnbindBackward0"),
                *("UnbindBackward0", "AccumulateGrad"),
            ],
        },
    )


@pytest.mark.task("graph_nodes")
def test_the_order_holds_for_a_graph_that_was_built_in_two_threads(device):
    # Each thread numbers the nodes that it makes from 0: the numbers tell no order between two.
    h = a_leaf((4, 3), device).exp().cos()
    with ThreadPoolExecutor(1) as pool:
        y = pool.submit(torch.sin, h).result()

    names = debugging.graph_nodes(y)

    check(
        bare(names),
        ["SinBackward0", "CosBackward0", "ExpBackward0", "AccumulateGrad"],
        what="the nodes of a graph whose last node was made in another thread",
        mistakes={
            "nodes are sorted by _sequence_nr, which each thread counts for itself": [
                *("AccumulateGrad", "CosBackward0"),
                *("ExpBackward0", "SinBackward0"),
            ],
            "nodes are sorted by _sequence_nr, leaves last, but each thread counts for itself": [
                *("CosBackward0", "ExpBackward0"),
                *("SinBackward0", "AccumulateGrad"),
            ],
        },
    )


@pytest.mark.task("graph_nodes")
def test_any_order_is_right_that_puts_users_first(device):
    x, w = a_leaf((4, 3), device), a_leaf((4, 3), device)
    a, b = x.exp(), (x * w).exp()
    y = (a.sin() * b + b.sin() * a).sum()
    nodes = nodes_behind(y)

    names = bare(debugging.graph_nodes(y))

    assert Counter(names) == Counter(map(name_of, nodes)), (
        f"the nodes are {', '.join(sorted(map(name_of, nodes)))}; "
        f"yours are {', '.join(sorted(names))}"
    )
    broken = first_out_of_order(names, nodes)
    assert broken is None, (
        f"position {broken} of {', '.join(names)}: {names[broken]} is listed there, and every node "
        "of that name that is still to come has a user further down: "
        "list a node after all of its users"
    )


def first_out_of_order(names, nodes):
    """Return the first position at which no node of that name has had all its users, or None."""
    users = {node: {user for user in nodes if node in producers(user)} for node in nodes}
    listed = {frozenset()}  # every set of nodes that the names so far may stand for
    for position, name in enumerate(names):
        listed = {
            before | {node}
            for before in listed
            for node in nodes
            if node not in before and name_of(node) == name and users[node] <= before
        }
        if not listed:
            return position
    return None


@pytest.mark.task("graph_nodes")
def test_a_chain_of_ten_thousand_nodes_is_listed(device):
    y = a_leaf((), device)
    for _ in range(10_000):
        y = -y

    with situation("on a chain of 10,000 nodes"):
        names = debugging.graph_nodes(y)

    assert len(names) == 10_001, (
        f"a chain of 10,000 nodes and the leaf make 10,001 names, yours are {len(names)}"
    )


# graph_mermaid

NAMED = r'(\w+)(?:\["([^"]*)"\])?'
NODE, ARROW = re.compile(NAMED), re.compile(rf"{NAMED}\s*-->\s*{NAMED}")


def parsed(text):
    """Return the name of each id, and the pairs of ids that arrows join."""
    assert isinstance(text, str), f"yours is a {type(text).__name__}, a str is due"
    first, *lines = [line.strip().removesuffix(";") for line in text.strip().splitlines() or [""]]
    assert first == "flowchart TD", f"the first line is {first!r}: let it be 'flowchart TD'"
    names, arrows = {}, []
    for line in filter(None, lines):
        match = NODE.fullmatch(line) or ARROW.fullmatch(line)
        assert match, (
            f'the line {line!r} is neither id["Name"] nor user --> producer; '
            "a quotation mark within a name is written #quot;"
        )
        for identity, name in zip(match.groups()[::2], match.groups()[1::2], strict=True):
            known = names.setdefault(identity, name)
            assert None in (known, name) or known == name, (
                f"the id {identity} stands for {known!r} and for {name!r}: "
                "give each node an id of its own"
            )
            names[identity] = name if known is None else known
        arrows += [match.group(1, 3)] if match.re is ARROW else []
    nameless = [identity for identity, name in names.items() if name is None]
    assert not nameless, (
        f'the id {nameless[0]} has no name: give it a line {nameless[0]}["Name"], with the name of '
        "its node"
    )
    return {identity: name.rpartition("::")[2] for identity, name in names.items()}, arrows


def label_of(node):
    shape = f" {tuple(node.variable.shape)}" if name_of(node) == "AccumulateGrad" else ""
    return name_of(node).replace('"', "#quot;") + shape


def arrows_behind(y):
    return [(user, producer) for user in nodes_behind(y) for producer in producers(user)]


def check_mermaid(text, y):
    """Compare names and arrows, by name, and then ask whether ids can be matched with nodes."""
    names, arrows = parsed(text)
    yours, due = Counter(names.values()), Counter(map(label_of, nodes_behind(y)))
    for name in due | yours:
        assert yours[name] == due[name], (
            f"{counted_nodes(yours[name])} the name {name!r}, {due[name]} should; "
            f"the names in the graph are {', '.join(sorted(due.elements()))}"
        )
    drawn = Counter((names[user], names[producer]) for user, producer in arrows)
    true = Counter((label_of(user), label_of(producer)) for user, producer in arrows_behind(y))
    assert drawn == true or drawn != Counter({(b, a): n for (a, b), n in true.items()}), (
        "every arrow points the wrong way: write user --> producer, the way that gradients flow"
    )
    for pair in true | drawn:
        assert drawn[pair] == true[pair], (
            f"{' --> '.join(pair)} is drawn {times(drawn[pair])}; the entries of next_functions "
            f"ask for it {times(true[pair])}"
        )
    assert can_be_matched(names, arrows, y), (
        "the names are right, but the arrows join other nodes of these names than those in the "
        "graph: give each node an id of its own, and use it in every arrow"
    )


def counted_nodes(number):
    return "1 node has" if number == 1 else f"{number or 'no'} nodes have"


def times(number):
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def can_be_matched(names, arrows, y):
    """Tell whether ids and nodes can be paired so that names and arrows agree."""
    nodes = nodes_behind(y)
    labels = list(dict.fromkeys(names.values()))
    ids = [[i for i, name in names.items() if name == label] for label in labels]
    orders = [permutations([n for n in nodes if label_of(n) == label]) for label in labels]
    due, flat = Counter(arrows_behind(y)), list(chain.from_iterable(ids))
    pairings = (
        dict(zip(flat, chain.from_iterable(order), strict=True)) for order in product(*orders)
    )
    return any(Counter((pair[u], pair[p]) for u, p in arrows) == due for pair in pairings)


@pytest.mark.task("graph_mermaid")
def test_a_chain_has_its_names_and_arrows(device):
    x = a_leaf((2, 3), device)
    y = x.exp().sin().sum()

    with unchanged(x):
        text = debugging.graph_mermaid(y)

    check_mermaid(text, y)


@pytest.mark.task("graph_mermaid")
@pytest.mark.parametrize("shape", [(), (3,), (4, 1)], ids=str)
def test_a_leaf_is_named_with_its_shape(shape, device):
    y = a_leaf(shape, device).exp()

    check_mermaid(debugging.graph_mermaid(y), y)


@pytest.mark.task("graph_mermaid")
@pytest.mark.parametrize("leaf", [False, True], ids=["no grad", "leaf"])
def test_without_a_graph_there_is_the_first_line_alone(leaf, device):
    y = sample((4, 3), device=device, requires_grad=leaf)

    names, _ = parsed(debugging.graph_mermaid(y))

    assert not names, (
        f"y.grad_fn is None, and yet {', '.join(names.values())} is drawn: "
        "leave it at the line 'flowchart TD'"
    )


@pytest.mark.task("graph_mermaid")
def test_an_operand_without_a_graph_is_not_drawn(device):
    y = sample((4, 3), device=device) * a_leaf((4, 3), device)

    with situation("on a node whose next_functions hold None, as those of constant * x do"):
        text = debugging.graph_mermaid(y)

    check_mermaid(text, y)


@pytest.mark.task("graph_mermaid")
def test_a_square_has_two_arrows_to_the_same_node(device):
    a = a_leaf((2, 3), device).exp()
    y = a * a

    check_mermaid(debugging.graph_mermaid(y), y)


@pytest.mark.task("graph_mermaid")
def test_a_node_that_two_others_use_is_drawn_once(device):
    h = a_leaf((2, 3), device).exp()
    y = h.sin() + h.cos() * h

    check_mermaid(debugging.graph_mermaid(y), y)


@pytest.mark.task("graph_mermaid")
def test_nodes_of_one_name_are_kept_apart(device):
    x, w = a_leaf((2, 3), device), a_leaf((2, 3), device)
    y = (x.exp().exp() * w).sin().exp() + w.exp() * x

    check_mermaid(debugging.graph_mermaid(y), y)


@pytest.mark.task("graph_mermaid")
def test_a_quotation_mark_in_a_name_is_escaped(device):
    quoting = type(
        'Say"hi"',
        (torch.autograd.Function,),
        {
            "forward": staticmethod(lambda ctx, x: x.clone()),
            "backward": staticmethod(lambda ctx, grad_output: grad_output),
        },
    )
    y = quoting.apply(a_leaf((2, 3), device))

    check_mermaid(debugging.graph_mermaid(y), y)


# capture_output_gradients


class Net(nn.Module):
    """A small net with a name inside another."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.encoder(x))


def gradients_in_net(model, x):
    """Return the gradients of `weighted` at each output, and those at x, by name."""
    x = x.detach().requires_grad_()
    a = model.encoder[0](x)
    h = a.tanh()
    y = model.head(h)
    at = {"head": y, "encoder": h, "encoder.1": h, "encoder.0": a, "x": x}
    return dict(zip(at, torch.autograd.grad(weighted(y), list(at.values())), strict=True))


@pytest.mark.task("capture_output_gradients")
@either_dtype
def test_the_gradient_at_an_output_is_captured(dtype, device):
    model = build(Net, device=device).to(dtype)
    x = sample((5, 3), device=device, dtype=dtype)
    due = gradients_in_net(model, x)

    with unchanged(model), unchanged(x):
        captured = debugging.capture_output_gradients(model, ["encoder.1"], x, weighted)

    check(
        captured,
        {"encoder.1": due["encoder.1"]},
        what="the gradient at the output of encoder.1",
        mistakes={
            "the gradient is taken at the module's input: grad_output is at its output": {
                "encoder.1": due["encoder.0"]
            }
        },
    )


@pytest.mark.task("capture_output_gradients")
@pytest.mark.parametrize(
    "names",
    [["encoder.0", "head"], ["head", "encoder", "encoder.0"]],
    ids=["as they run", "in another order"],
)
def test_each_name_gets_its_own_gradient_in_the_order_of_names(names, device):
    model, x = build(Net, device=device), sample((5, 3), device=device)
    due = gradients_in_net(model, x)

    with unchanged(model), unchanged(x):
        captured = debugging.capture_output_gradients(model, names, x, weighted)

    late = "every hook reads one variable, which holds the last name by the time it runs"
    check(
        captured,
        {name: due[name] for name in names},
        what="the gradients at the outputs",
        mistakes={
            late: {names[-1]: due["head"]},
            late + ": give each hook a name of its own": {names[-1]: due["encoder.0"]},
        },
    )
    assert list(captured) == names, (
        f"the names are {names}, the keys come in the order {list(captured)}: keep that of names"
    )


@pytest.mark.task("capture_output_gradients")
def test_grad_is_left_alone_by_the_capture(device):
    model, x = with_gradients(build(Net, device=device)), a_leaf((5, 3), device)

    with unchanged(model), unchanged(x):
        debugging.capture_output_gradients(model, ["head"], x, weighted)


@pytest.mark.task("capture_output_gradients")
def test_hooks_and_modes_of_others_stay(device):
    model, x = build(Net, device=device), sample((5, 3), device=device)
    model.head.register_forward_hook(lambda module, args, output: None)
    model.encoder.eval()

    with unchanged(model), unchanged(x):
        debugging.capture_output_gradients(model, ["head", "encoder.1"], x, weighted)


@pytest.mark.task("capture_output_gradients")
def test_a_frozen_model_still_has_gradients_at_its_outputs(device):
    model, x = build(Net, device=device).requires_grad_(False), a_leaf((5, 3), device)

    with unchanged(model), unchanged(x), situation("on a frozen model whose input requires grad"):
        captured = debugging.capture_output_gradients(model, ["encoder.0"], x, weighted)

    check(captured, {"encoder.0": gradients_in_net(model, x)["encoder.0"]})


@pytest.mark.task("capture_output_gradients")
def test_an_output_that_is_the_input_itself_has_a_gradient_too(device):
    model, x = nn.Sequential(nn.Identity(), nn.Tanh()), a_leaf((5, 3), device)
    due = torch.autograd.grad(weighted(x.tanh()), x)[0]
    stale = sample((5, 3), device=device)
    x.grad = stale.clone()

    captured = debugging.capture_output_gradients(model, ["0"], x, weighted)

    check(
        captured,
        {"0": due},
        what="the gradient at the output of an nn.Identity, which is x itself",
        mistakes={
            "it is added to an older gradient in x.grad, and read there: ask torch.autograd.grad": {
                "0": stale + due
            }
        },
    )
    check(x.grad, stale, what=".grad of x, which is not to be written")


@pytest.mark.task("capture_output_gradients")
def test_an_unknown_name_is_a_key_error(device):
    model, x = build(Net, device=device), sample((5, 3), device=device)

    with (
        unchanged(model, x),
        raises(KeyError, when="the model has no submodule 'decoder'", naming=["decoder"]),
    ):
        debugging.capture_output_gradients(model, ["head", "decoder"], x, weighted)


@pytest.mark.task("capture_output_gradients")
def test_hooks_are_removed_when_the_model_raises(device):
    model = build(Net, device=device)
    model.head = FailsAt(1)

    with unchanged(model), raises(LookupError, when="the model raises it: let it pass through"):
        debugging.capture_output_gradients(
            model, ["encoder.0", "head"], sample((5, 3), device=device), weighted
        )


@pytest.mark.task("capture_output_gradients")
def test_hooks_are_removed_when_the_loss_raises(device):
    model = build(Net, device=device)

    def no_loss(output):
        raise LookupError("no target for this output")

    with unchanged(model), raises(LookupError, when="loss_fn raises it: let it pass through"):
        debugging.capture_output_gradients(
            model, ["encoder.0", "head"], sample((5, 3), device=device), no_loss
        )


class FailsAt(nn.Module):
    """Passes its input on until a certain call, which raises."""

    def __init__(self, call):
        super().__init__()
        self.left = call

    def forward(self, x):
        self.left -= 1
        if not self.left:
            raise LookupError(f"no output for shape {tuple(x.shape)}")
        return x


# gradient_norms


def small_net(device, *, dtype=torch.float64):
    make = lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))  # noqa: E731
    return build(make, device=device).to(dtype)


def three_batches(device, *, dtype=torch.float64):
    return [
        (sample((n, 3), device=device, dtype=dtype), sample((n, 2), device=device, dtype=dtype))
        for n in (5, 3, 1)
    ]


def flat_gradients(model, batches):
    """Return the gradient of each batch as one vector."""
    params = [p for p in model.parameters() if p.requires_grad]
    losses = [F.mse_loss(model(x), y) for x, y in batches]
    each = [torch.autograd.grad(loss, params, allow_unused=True) for loss in losses]
    return [torch.cat([g.flatten() for g in grads if g is not None]) for grads in each]


def lengths(vectors):
    return [v.norm().item() for v in vectors]


@pytest.mark.task("gradient_norms")
def test_each_batch_has_the_norm_of_its_gradient(device):
    model, batches = small_net(device), three_batches(device)
    gradients = flat_gradients(model, batches)
    params = list(model.parameters())
    parts = [g.split([p.numel() for p in params]) for g in gradients]

    with unchanged(model), unchanged(*(t for batch in batches for t in batch)):
        norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(
        norms,
        lengths(gradients),
        what="the norms",
        mistakes={
            "gradients add up from batch to batch: start each from none": lambda: lengths(
                accumulate(gradients)
            ),
            "the norms of the parameters are added: all together are one long vector": lambda: [
                sum(lengths(split)) for split in parts
            ],
            "the root is left out: the squares are added": lambda: [
                g.square().sum().item() for g in gradients
            ],
            "the largest norm of one parameter is taken": lambda: [
                max(lengths(split)) for split in parts
            ],
        },
    )


@pytest.mark.task("gradient_norms")
def test_norms_are_measured_for_batches_from_a_generator(device):
    model, batches = small_net(device), three_batches(device)

    norms = debugging.gradient_norms(model, F.mse_loss, one_by_one(batches))

    check(norms, lengths(flat_gradients(model, batches)), what="the norms of a generator's batches")


@pytest.mark.task("gradient_norms")
def test_what_is_in_grad_has_no_part_in_the_norms_and_stays(device):
    model, batches = with_gradients(small_net(device)), three_batches(device)
    stale = torch.cat([p.grad.flatten() for p in model.parameters()])
    gradients = flat_gradients(model, batches)

    with unchanged(model):
        norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(
        norms,
        lengths(gradients),
        what="the norms, where .grad holds older gradients",
        mistakes={
            "older gradients are in .grad, and are added to": lambda: lengths(
                accumulate(gradients, initial=stale)
            )[1:],
            "older gradients are in .grad, and are added to in each batch": lambda: lengths(
                [stale + g for g in gradients]
            ),
        },
    )


@pytest.mark.task("gradient_norms")
def test_a_frozen_parameter_adds_nothing(device):
    model, batches = with_gradients(small_net(device)), three_batches(device)
    model[0].weight.requires_grad_(False)

    with unchanged(model), situation("with a frozen parameter"):
        norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(norms, lengths(flat_gradients(model, batches)), what="the norms with a frozen weight")


@pytest.mark.task("gradient_norms")
def test_a_parameter_that_the_loss_does_not_use_adds_nothing(device):
    model, batches = small_net(device), three_batches(device)
    model.register_parameter("spare", nn.Parameter(sample((4,), device=device)))

    with unchanged(model), situation("with a parameter that the loss does not use"):
        norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(norms, lengths(flat_gradients(model, batches)), what="the norms with an unused parameter")


@pytest.mark.task("gradient_norms")
def test_a_shared_parameter_counts_once(device):
    model = build(lambda: nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3)), device=device)
    model[1].weight = model[0].weight
    batches = [(sample((5, 3), device=device), sample((5, 3), device=device))]
    (gradient,) = flat_gradients(model, batches)
    weight, _ = gradient.split([9, 6])

    norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(
        norms,
        lengths([gradient]),
        what="the norm where two layers share a weight",
        mistakes={
            "the shared weight counts twice": lambda: lengths([torch.cat([gradient, weight])])
        },
    )


@pytest.mark.task("gradient_norms")
def test_norms_of_a_float32_model_are_floats(device):
    model = small_net(device, dtype=torch.float32)
    batches = three_batches(device, dtype=torch.float32)

    norms = debugging.gradient_norms(model, F.mse_loss, batches)

    check(norms, lengths(flat_gradients(model, batches)), what="the norms", rtol=1e-5)


# plot_gradient_norms

NORMS = [2.5, 0.3, 40.0, 0.07]


# matplotlib, when it is imported for the first time on a machine, looks through all of its fonts.
looks_through_fonts = pytest.mark.timeout(35)


@contextlib.contextmanager
def without_windows():
    """Let no window open, and no figure stay; matplotlib is imported by the answer, if at all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")
        if "matplotlib" in sys.modules:
            sys.modules["matplotlib"].use("agg")
        yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def drawn(norms):
    with without_windows():
        return debugging.plot_gradient_norms(norms)


def only_axes(figure):
    from matplotlib.figure import Figure

    assert isinstance(figure, Figure), (
        f"yours is of the type {type(figure).__name__}, a matplotlib.figure.Figure is due"
    )
    assert len(figure.axes) == 1, f"the figure has {len(figure.axes)} axes, one is due"
    return figure.axes[0]


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_the_figure_has_one_line_with_the_norms(device):
    norms = list(NORMS)

    lines = only_axes(drawn(norms)).lines

    assert len(lines) == 1, f"the axes have {len(lines)} lines, one is due"
    check(list(map(float, lines[0].get_ydata())), NORMS, what="the heights of the line")
    check(
        list(map(float, lines[0].get_xdata())),
        [0.0, 1.0, 2.0, 3.0],
        what="the batches' numbers",
        mistakes={"batches are counted from 1": [1.0, 2.0, 3.0, 4.0]},
    )
    assert norms == NORMS, f"the list of norms has been changed: it is {norms} after the call"


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_the_norms_are_on_a_log_scale_and_the_batches_are_not(device):
    axes = only_axes(drawn(NORMS))

    assert axes.get_yscale() == "log", (
        f"the scale of the norms is {axes.get_yscale()}: norms differ by factors, set a log scale"
    )
    assert axes.get_xscale() == "linear", (
        f"the scale of the batches' numbers is {axes.get_xscale()}, linear is due"
    )


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_axes_are_labelled_and_titled(device):
    axes = only_axes(drawn(NORMS))

    texts = {
        "the horizontal axis has no label": axes.get_xlabel(),
        "the vertical axis has no label": axes.get_ylabel(),
        "the axes have no title": "".join(map(axes.get_title, ("center", "left", "right"))),
    }
    missing = [fact for fact, text in texts.items() if not text.strip()]
    assert not missing, f"{' and '.join(missing)}: say what is drawn"


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_no_window_opens(device):
    drawn(NORMS)
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matplotlib.backend_bases.FigureManagerBase.show", lambda m: shown.append(m))
        drawn(NORMS)

    assert not shown, (
        "plot_gradient_norms shows the figure, which opens a window and waits: only return it"
    )


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_pyplot_keeps_no_figure(device):
    with without_windows():
        debugging.plot_gradient_norms(NORMS)
        pyplot = sys.modules.get("matplotlib.pyplot")
        kept = pyplot.get_fignums() if pyplot else []

    assert not kept, (
        f"pyplot still holds {len(kept)} figure{'s' * (len(kept) != 1)} after the call, and would "
        "for as long as Python runs: make yours with matplotlib.figure.Figure"
    )


@pytest.mark.task("plot_gradient_norms")
@looks_through_fonts
def test_settings_of_matplotlib_stay(device):
    drawn(NORMS)
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rc_file_defaults()
        matplotlib.use("svg")  # which opens no windows
        before = dict.copy(matplotlib.rcParams)
        debugging.plot_gradient_norms(NORMS)
        changed = [key for key, value in dict.items(matplotlib.rcParams) if value != before[key]]

    assert not changed, (
        f"matplotlib.rcParams[{changed[0]!r}] has another value after the call: "
        "set what this figure needs on the figure itself"
    )


# gradient_flow


def flows(model, x, y):
    """Return grad_norm, param_norm and ratio of each trainable parameter that the loss uses."""
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(F.mse_loss(model(x), y), list(params.values()))
    norms = [
        (g.norm().item(), p.norm().item()) for g, p in zip(gradients, params.values(), strict=True)
    ]
    return {name: (g, p, g / p) for name, (g, p) in zip(params, norms, strict=True)}


def one_batch(device, *, dtype=torch.float64):
    return three_batches(device, dtype=dtype)[0]


def with_eps(flows):
    """Return what small numbers in the denominator make of the ratios."""
    sizes = (1e-6, 1e-7, 1e-8, 1e-10, 1e-12)
    added = {
        f"{eps:g} keeps the parameter's norm off 0: divide by the norm as it is": {
            name: (g, p, g / (p + eps)) for name, (g, p, _) in flows.items()
        }
        for eps in sizes
    }
    clamped = {
        f"{eps:g} is the least that the norm may be: divide by the norm as it is": {
            name: (g, p, g / max(p, eps)) for name, (g, p, _) in flows.items()
        }
        for eps in sizes
    }
    return added | clamped


@pytest.mark.task("gradient_flow")
def test_each_parameter_has_its_norms_and_their_ratio(device):
    model, (x, y) = small_net(device), one_batch(device)
    due = flows(model, x, y)

    with unchanged(model), unchanged(x, y):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours,
        due,
        what="the flow",
        mistakes={
            "the ratio is upside down": {n: (g, p, p / g) for n, (g, p, _) in due.items()},
            **with_eps(due),
        },
    )
    assert all(type(flow) is debugging.Flow for flow in yours.values()), (
        "a value of the dict is a plain tuple: make it a Flow"
    )


@pytest.mark.task("gradient_flow")
def test_parameters_come_in_the_order_of_their_definition(device):
    model, (x, y) = small_net(device), one_batch(device)

    names = list(debugging.gradient_flow(model, x, y, F.mse_loss))

    due = [name for name, _ in model.named_parameters()]
    assert names == due, (
        f"the keys come in the order {', '.join(names)}: keep that of named_parameters(), which is "
        f"{', '.join(due)}"
    )


@pytest.mark.task("gradient_flow")
def test_a_frozen_parameter_has_no_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)
    model[2].weight.requires_grad_(False)

    with unchanged(model), situation("with a frozen parameter"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow, 2.weight being frozen")


@pytest.mark.task("gradient_flow")
def test_grad_is_neither_read_nor_written_by_the_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)

    with unchanged(model):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow, where .grad holds older gradients")


@pytest.mark.task("gradient_flow")
def test_a_parameter_that_the_loss_does_not_use_has_norm_0(device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(sample((4,), device=device))
    due = flows(model, x, y) | {"spare": (0.0, spare.norm().item(), 0.0)}
    model.register_parameter("spare", spare)

    with unchanged(model), situation("with a parameter that the loss does not use"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, due, what="the flow with an unused parameter")


@pytest.mark.task("gradient_flow")
def test_a_zero_parameter_with_a_gradient_has_an_infinite_ratio(device):
    model, (x, y) = small_net(device), one_batch(device)
    nn.init.zeros_(model[2].bias)
    gradient = torch.autograd.grad(F.mse_loss(model(x), y), model[2].bias)[0]

    with situation("with a parameter of zeros"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours.get("2.bias"),
        (gradient.norm().item(), 0.0, math.inf),
        what="the flow of a bias of zeros, which has a gradient",
    )


@pytest.mark.task("gradient_flow")
@pytest.mark.parametrize("used", [True, False], ids=["gradient of zeros", "unused"])
def test_a_zero_parameter_without_a_gradient_has_ratio_0(used, device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(torch.zeros(4, dtype=torch.float64, device=device))
    model.register_parameter("spare", spare)

    def loss_fn(output, y):
        loss = F.mse_loss(output, y)
        return loss + (0 * spare).sum() if used else loss

    with situation("with a parameter and a gradient of zeros"):
        yours = debugging.gradient_flow(model, x, y, loss_fn)

    check(
        yours.get("spare"),
        (0.0, 0.0, 0.0),
        what="the flow of a parameter of zeros whose gradient is 0",
        mistakes={"0 is divided by 0": (0.0, 0.0, math.nan)},
    )


@pytest.mark.task("gradient_flow")
@pytest.mark.parametrize("scale", [1e-9, 1e-30])
def test_the_ratio_to_a_tiny_parameter_is_exact(scale, device):
    model, (x, y) = small_net(device), one_batch(device)
    with torch.no_grad():
        model[2].bias.mul_(scale)
    due = flows(model, x, y)

    yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours,
        due,
        what=f"the flow, with a bias of the size {scale:g}, whose norm is divided by as it is",
        mistakes=with_eps(due),
    )


@pytest.mark.task("gradient_flow")
def test_the_flow_of_a_float32_model_is_in_floats(device):
    model = small_net(device, dtype=torch.float32)
    x, y = one_batch(device, dtype=torch.float32)

    yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow", rtol=1e-5)


# unused_parameters


class Branches(nn.Module):
    """Three layers, of which forward uses those that it is told."""

    def __init__(self):
        super().__init__()
        self.zeta = nn.Linear(3, 2)
        self.alpha = nn.Linear(3, 2)
        self.mid = nn.Linear(3, 2)

    def forward(self, x, *used):
        return sum(getattr(self, name)(x).exp() for name in used)


@pytest.mark.task("unused_parameters")
def test_the_parameters_of_layers_that_did_not_run_are_unused(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "alpha").mean()
    used, unused = ["alpha.weight", "alpha.bias"], parameter_names("zeta", "mid")

    with unchanged(model):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        unused,
        what="the unused parameters",
        mistakes={
            "those are named that the loss does use": used,
            "names are sorted: keep the order of named_parameters()": sorted(unused),
        },
    )


def parameter_names(*layers):
    return [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]


@pytest.mark.task("unused_parameters")
def test_nothing_is_unused_where_the_loss_uses_all(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "zeta", "alpha", "mid").mean()

    check(debugging.unused_parameters(model, loss), [], what="the unused parameters")


@pytest.mark.task("unused_parameters")
def test_a_gradient_of_zeros_is_a_gradient(device):
    model, x = build(Branches, device=device), sample((5, 3), device=device)
    loss = (model(x, "zeta") + 0 * model(x, "alpha")).mean()

    check(
        debugging.unused_parameters(model, loss),
        parameter_names("mid"),
        what="the unused parameters, where those of alpha are used and have gradients of zeros",
        mistakes={
            "a gradient of zeros is taken for none": parameter_names("alpha", "mid"),
        },
    )


@pytest.mark.task("unused_parameters")
def test_a_frozen_parameter_is_not_called_unused(device):
    model, x = build(Branches, device=device), sample((5, 3), device=device)
    model.zeta.requires_grad_(False)
    model.mid.weight.requires_grad_(False)
    loss = model(x, "zeta", "alpha").mean()

    with unchanged(model), situation("with frozen parameters"):
        names = debugging.unused_parameters(model, loss)

    frozen = [name for name, p in model.named_parameters() if not p.requires_grad]
    check(
        names,
        ["mid.bias"],
        what=f"the unused parameters, {', '.join(frozen)} being frozen",
        mistakes={
            "frozen parameters are listed too": [*frozen, "mid.bias"],
            "unused parameters are listed although they are frozen": parameter_names("mid"),
        },
    )


@pytest.mark.task("unused_parameters")
def test_old_gradients_say_nothing_about_use(device):
    model = with_gradients(build(Branches, device=device))
    loss = model(sample((5, 3), device=device), "alpha").mean()

    with unchanged(model):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        parameter_names("zeta", "mid"),
        what="the unused parameters, where all have an older .grad",
        mistakes={"an older gradient in .grad counts as use": []},
    )


@pytest.mark.task("unused_parameters")
def test_the_loss_can_be_back_propagated_afterwards(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "alpha").mean()

    debugging.unused_parameters(model, loss)

    with situation("back-propagating the same loss after unused_parameters(model, loss)"):
        loss.backward()


@pytest.mark.task("unused_parameters")
def test_a_weight_that_two_layers_share_is_used_if_one_of_them_runs(device):
    model = build(Branches, device=device)
    model.mid.weight = model.alpha.weight
    loss = model(sample((5, 3), device=device), "alpha").mean()

    check(
        debugging.unused_parameters(model, loss),
        [*parameter_names("zeta"), "mid.bias"],
        what="the unused parameters, mid sharing its weight with alpha, which runs",
    )


# first_nan_op

# The message says where in forward the node was made; of no interest here.
anomaly_warns = pytest.mark.filterwarnings(
    "ignore:Anomaly Detection has been enabled:UserWarning",
    "ignore:Error detected in:UserWarning",
)


def masked_root(x):
    """Return the sum of the roots of what is positive; at 0 the discarded branch gives 0 · inf."""
    return torch.where(x > 0, x.sqrt(), 0).sum()


def with_a_zero(device, *, shape=(4, 3), dtype=torch.float64):
    x = sample(shape, device=device, dtype=dtype, low=0.5)
    x.view(-1)[0] = 0
    return x


@pytest.mark.task("first_nan_op")
@anomaly_warns
@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((4, 3), torch.float64), ((), torch.float64), ((4, 1), torch.float32)],
    ids=str,
)
def test_the_root_of_0_in_a_branch_that_is_discarded_is_found(shape, dtype, device):
    x = with_a_zero(device, shape=shape, dtype=dtype)

    with unchanged(x):
        name = debugging.first_nan_op(masked_root, x)

    check(
        name,
        "SqrtBackward0",
        what="where(x > 0, sqrt(x), 0) at 0, whose value is not NaN but whose backward is",
        mistakes={"only the values of forward are searched": None},
    )


@pytest.mark.task("first_nan_op")
@anomaly_warns
@pytest.mark.parametrize(
    ("words", "f"),
    [
        ("x.sin().square().sum()", lambda x: x.sin().square().sum()),
        ("x.sqrt().sum(), whose gradient is infinite", lambda x: x.sqrt().sum()),
        ("(x + nan).sum(), whose value alone is NaN", lambda x: (x + math.nan).sum()),
        (
            "(x.sqrt() - x.sqrt()).sum(), whose NaN is autograd's sum of inf and -inf",
            lambda x: (x.sqrt() - x.sqrt()).sum(),
        ),
    ],
    ids=["finite", "infinite", "NaN in forward alone", "NaN between nodes"],
)
def test_without_a_nan_from_a_node_there_is_no_name(words, f, device):
    x = with_a_zero(device)

    with unchanged(x):
        name = debugging.first_nan_op(f, x)

    assert name is None, (
        f"yours is {name!r} for {words}, where x has a 0: no node's result holds a NaN, "
        "so None is due (infinity is no NaN)"
    )


@pytest.mark.task("first_nan_op")
@anomaly_warns
@pytest.mark.parametrize(
    ("words", "f", "due", "mistakes"),
    [
        (
            "x.abs().sqrt().sum()",
            lambda x: x.abs().sqrt().sum(),
            "AbsBackward0",
            {"infinity is taken for NaN": "SqrtBackward0"},
        ),
        (
            "where(h > 0, h.sqrt(), 0).sum() with h = x * x.cos()",
            lambda x: masked_root(x * x.cos()),
            "SqrtBackward0",
            {
                "the last node with a NaN is named, not the first": "CosBackward0",
                "the node that passes the first NaN on is named": "MulBackward0",
            },
        ),
        (
            "where(x > 0, x.sqrt(), 0).sum() + where(x > 0, x.pow(0.5), 0).sum()",
            lambda x: masked_root(x) + torch.where(x > 0, x.pow(0.5), 0).sum(),
            "PowBackward0",
            {
                "nodes are taken in the order of forward: backward runs the latest first": (
                    "SqrtBackward0"
                )
            },
        ),
        (
            "where(x > 0, inf * x.exp(), 0).sum(), inf being a tensor",
            lambda x: torch.where(x > 0, torch.full_like(x, math.inf) * x.exp(), 0).sum(),
            "MulBackward0",
            {"a node is judged by the gradient of its first input alone": "ExpBackward0"},
        ),
    ],
    ids=["inf before NaN", "NaN passed on", "two sources", "second input"],
)
def test_the_first_node_that_backward_runs_into_nan_is_named(words, f, due, mistakes, device):
    name = debugging.first_nan_op(f, with_a_zero(device))

    check(name, due, what=f"for {words}, where x has a 0", mistakes=mistakes)


@pytest.mark.task("first_nan_op")
@anomaly_warns
@pytest.mark.parametrize("f", [masked_root, torch.sum], ids=["NaN", "clean"])
@pytest.mark.parametrize(
    ("enabled", "check_nan"), [(False, True), (True, True), (True, False)], ids=str
)
def test_anomaly_mode_is_as_before(enabled, check_nan, f, device):
    with torch.autograd.set_detect_anomaly(enabled, check_nan):
        name = debugging.first_nan_op(f, with_a_zero(device))
        after = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()

    state = f"set_detect_anomaly({enabled}, check_nan={check_nan})"
    check(name, "SqrtBackward0" if f is masked_root else None, what=f"called under {state}")
    assert after == (enabled, check_nan), (
        f"before the call, anomaly mode was {state}; after it, it is "
        f"set_detect_anomaly({after[0]}, check_nan={after[1]}): leave it as it was found"
    )


def fails(x):
    raise RuntimeError(f"f is not made for shape {tuple(x.shape)}")


class FailsInBackward(torch.autograd.Function):
    """Passes its input on, and has no gradient to give."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        raise RuntimeError("the table of gradients has no row 3")


@pytest.mark.task("first_nan_op")
@anomaly_warns
def test_an_error_of_f_passes_through_and_anomaly_mode_is_off_again(device):
    with raises(RuntimeError, when="f raises it: let it pass through", naming=["not made for"]):
        debugging.first_nan_op(fails, with_a_zero(device))

    assert not torch.is_anomaly_enabled(), (
        "f raised, and anomaly mode is still on: switch it on by a with-block, which ends also "
        "when an error passes through"
    )


@pytest.mark.task("first_nan_op")
@anomaly_warns
def test_another_error_of_backward_is_no_nan(device):
    with raises(
        RuntimeError,
        when="a Function's backward raises it: let it pass through, for it is not about NaN",
        naming=["no row 3"],
    ):
        debugging.first_nan_op(lambda x: FailsInBackward.apply(x).sum(), with_a_zero(device))


@pytest.mark.task("first_nan_op")
@anomaly_warns
def test_the_grad_of_what_f_uses_stays(device):
    w = a_leaf((4, 3), device)

    with unchanged(w):
        name = debugging.first_nan_op(lambda x: (w * x).sin().sum(), with_a_zero(device))

    check(name, None, what="f(x) = sin(w x), which has no NaN")


# breaks_backward


def edit_after(saving, edit):
    """Return a function that saves tensors in one step and edits one in the next."""

    def fn(x):
        y = saving(x)
        edit(x, y)
        return y

    return fn


@pytest.mark.task("breaks_backward")
@pytest.mark.parametrize(
    ("words", "fn", "due"),
    [
        ("x.exp().add_(1), where exp saves its result", lambda x: x.exp().add_(1), True),
        ("(x + 1).add_(1), where + saves nothing", lambda x: (x + 1).add_(1), False),
        (
            "x.sigmoid().mul_(2), where sigmoid saves its result",
            lambda x: x.sigmoid().mul_(2),
            True,
        ),
        ("x.sin().mul_(2), where sin saves x alone", lambda x: x.sin().mul_(2), False),
        ("x.exp().add(1), without an edit", lambda x: x.exp().add(1), False),
    ],
    ids=["exp, add_", "add, add_", "sigmoid, mul_", "sin, mul_", "nothing in place"],
)
def test_an_edit_breaks_backward_where_the_result_was_saved(words, fn, due, device):
    x = sample((4, 3), device=device)

    with unchanged(x):
        broken = debugging.breaks_backward(fn, x)

    check(broken, due, what=words)


@pytest.mark.task("breaks_backward")
@pytest.mark.parametrize(
    ("words", "fn", "due"),
    [
        ("x.mul_(3) and no more", lambda x: x.mul_(3), False),
        (
            "y = x.sin(), which saves x, and then x.add_(1)",
            edit_after(lambda x: x.sin(), lambda x, y: x.add_(1)),
            True,
        ),
        (
            "y = x.exp(), which saves y alone, and then x.add_(1)",
            edit_after(lambda x: x.exp(), lambda x, y: x.add_(1)),
            False,
        ),
        (
            "y = x * x, which saves x, and then x.zero_()",
            edit_after(lambda x: x * x, lambda x, y: x.zero_()),
            True,
        ),
        ("x.exp_().mul_(3), where exp_ saves x", lambda x: x.exp_().mul_(3), True),
    ],
    ids=["only an edit", "sin saves x", "exp does not", "x * x", "two edits"],
)
def test_an_edit_of_the_argument_counts(words, fn, due, device):
    x = sample((4, 3), device=device)

    with unchanged(x), situation("on a function that edits its argument, a copy that is no leaf"):
        broken = debugging.breaks_backward(fn, x)

    check(broken, due, what=words)


@pytest.mark.task("breaks_backward")
def test_an_edit_through_data_is_not_noticed(device):
    fn = edit_after(lambda x: x.exp(), lambda x, y: y.data.add_(1))

    broken = debugging.breaks_backward(fn, sample((4, 3), device=device))

    check(broken, False, what="after y.data.add_(1), which autograd does not notice")


@pytest.mark.task("breaks_backward")
@pytest.mark.parametrize(
    "fn",
    [lambda x: x.detach().exp().add_(1), lambda x: torch.ones_like(x), lambda x: x],
    ids=["detached", "constant", "x itself"],
)
def test_a_result_without_edits_or_without_a_graph_breaks_nothing(fn, device):
    with situation("on a result that has no graph, or is the argument itself"):
        broken = debugging.breaks_backward(fn, sample((4, 3), device=device))

    check(broken, False, what="on a result that has no graph, or is the argument itself")


@pytest.mark.task("breaks_backward")
def test_a_graph_that_does_not_lead_to_the_argument_breaks_nothing(device):
    w = a_leaf((4, 3), device)

    with unchanged(w), situation("on a result that does not depend on the argument"):
        broken = debugging.breaks_backward(lambda x: w.exp(), sample((4, 3), device=device))

    check(broken, False, what="on a result that does not depend on the argument")


@pytest.mark.task("breaks_backward")
@pytest.mark.parametrize(
    "layout",
    [{"shape": ()}, {"shape": (4, 1)}, {"shape": (4, 3), "strided": True}],
    ids=["0-d", "column", "strided"],
)
def test_the_result_and_the_argument_have_any_shape(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        broken = debugging.breaks_backward(lambda x: x.exp().add_(1), x)

    check(broken, True, what="exp, which saves its result, and then add_")


@pytest.mark.task("breaks_backward")
def test_a_float32_argument_stays_float32(device):
    seen = []

    def fn(x):
        seen.append(x)
        return x.tanh().add_(1)

    broken = debugging.breaks_backward(fn, sample((4, 3), device=device, dtype=torch.float32))

    check(broken, True, what="tanh, which saves its result, and then add_")
    assert len(seen) == 1, f"fn is called {len(seen)} times, once is due"
    assert seen[0].dtype == torch.float32, f"fn gets {seen[0].dtype} for a copy of torch.float32"


@pytest.mark.task("breaks_backward")
@pytest.mark.parametrize("fn", [fails, lambda x: edits_a_leaf(x)], ids=["its own", "torch's"])
def test_an_error_of_fn_passes_through(fn, device):
    with raises(
        RuntimeError,
        when="fn itself raises it: let it pass through, whatever it says",
        naming=["shape" if fn is fails else "a leaf Variable"],
    ):
        debugging.breaks_backward(fn, sample((4, 3), device=device))


def edits_a_leaf(x):
    return torch.zeros_like(x, requires_grad=True).add_(x)


@pytest.mark.task("breaks_backward")
def test_another_error_of_backward_passes_through(device):
    with raises(
        RuntimeError,
        when="a Function's backward raises it: let it pass through, for no edit is the cause",
        naming=["no row 3"],
    ):
        debugging.breaks_backward(FailsInBackward.apply, sample((4, 3), device=device))


@pytest.mark.task("breaks_backward")
def test_the_grad_of_what_fn_uses_stays(device):
    w = a_leaf((4, 3), device)

    with unchanged(w):
        broken = debugging.breaks_backward(lambda x: (w * x).exp(), sample((4, 3), device=device))

    check(broken, False, what="(w * x).exp(), without an edit")


# gated_residual


def gated(x, w):
    """Return the oracle, with the sigmoid and the product written out."""
    return x * (1 + 1 / (1 + torch.exp(-F.linear(x, w.T))))


any_rows = pytest.mark.parametrize("rows", [(), (4,), (2, 4)], ids=["1-d", "2-d", "3-d"])


@pytest.mark.task("gated_residual")
@any_rows
@either_dtype
def test_the_gated_residual_has_the_right_value(dtype, rows, device):
    x, w = (sample(s, device=device, dtype=dtype) for s in ((*rows, 3), (3, 3)))

    with unchanged(x, w):
        y = debugging.gated_residual(x, w)

    gate = torch.sigmoid(x @ w)
    check(
        y,
        gated(x, w),
        what="x + x * sigmoid(x @ w)",
        mistakes={
            "x is left out of the sum": lambda: x * gate,
            "the gate is not multiplied by x": lambda: x + gate,
            "w is transposed": lambda: gated(x, w.T),
        },
    )


@pytest.mark.task("gated_residual")
@any_rows
def test_the_gated_residual_has_gradients_along_all_paths(rows, device):
    x, w = a_leaf((*rows, 3), device), a_leaf((3, 3), device)
    cotangent = sample((*rows, 3), device=device)
    gate = torch.sigmoid(x @ w)

    with unchanged(x, w):
        y = debugging.gated_residual(x, w)
    assert y.requires_grad, (
        "the result has no graph, though x and w require grad: "
        "compute it without detach and no_grad"
    )
    with situation("in backward"):
        gradients = torch.autograd.grad(y, (x, w), cotangent, materialize_grads=True)

    due = torch.autograd.grad(gated(x, w), (x, w), cotangent)
    none = torch.zeros_like(w)
    spoiled = (cotangent * y * (1 - y)).detach()
    check(
        gradients,
        due,
        what="the gradients for x and w",
        mistakes={
            "the gate is cut off with detach(): no gradient flows through sigmoid": lambda: (
                (cotangent * (1 + gate)).detach(),
                none,
            ),
            "x is cut off in the product": lambda: torch.autograd.grad(
                x + x.detach() * gate, (x, w), cotangent, retain_graph=True
            ),
            "the x that is added is cut off": lambda: torch.autograd.grad(
                x * gate, (x, w), cotangent, retain_graph=True
            ),
            "the gate is edited through .data: sigmoid's backward then uses the edited one": (
                lambda: torch.autograd.grad(x @ w, (x, w), spoiled)
            ),
        },
    )


@pytest.mark.task("gated_residual")
def test_the_gated_residual_takes_strided_inputs(device):
    x, w = (sample(s, device=device, strided=True) for s in ((4, 3), (3, 3)))

    with unchanged(x, w):
        check(debugging.gated_residual(x, w), gated(x, w), what="of strided inputs")


@pytest.mark.task("gated_residual")
def test_the_gated_residual_has_finite_gradients_where_exp_overflows(device):
    x = torch.tensor([[-1000.0], [1000.0]], dtype=torch.float64, device=device, requires_grad=True)
    w = torch.ones(1, 1, dtype=torch.float64, device=device, requires_grad=True)
    cotangent = sample((2, 1), device=device)

    y = debugging.gated_residual(x, w)

    # The gate is 0 for -1000, 1 for 1000, and flat at both.
    check(
        torch.autograd.grad(y, (x, w), cotangent),
        (cotangent * torch.tensor([[1.0], [2.0]], device=device), torch.zeros_like(w)),
        what="the gradients for x = ±1000 and w = 1",
        mistakes={
            "the sigmoid is written out by exp, and exp(1000) is infinite: ask torch.sigmoid": (
                lambda: torch.autograd.grad(gated(x, w), (x, w), cotangent)
            )
        },
    )


@pytest.mark.task("gated_residual")
def test_the_gated_residual_has_the_gradient_that_finite_differences_measure(device):
    x, w = sample((2, 3), device=device), sample((3, 3), device=device)

    check_gradients(debugging.gated_residual, (x, w), twice=False)


# dead_units


class Rectified(nn.Module):
    """Rectifies its input, shifted by a fixed amount for each unit."""

    def __init__(self, shift, *, inplace=False):
        super().__init__()
        self.register_buffer("shift", shift)
        self.inner = nn.ModuleDict({"act": nn.ReLU(inplace=inplace)})

    def forward(self, x):
        return self.inner["act"](x + self.shift)


def units_of(*rows, device):
    """Return batches of samples, each given by what goes into its units."""
    return [torch.tensor(batch, dtype=torch.float64, device=device) for batch in rows]


def mask(values, device):
    return torch.tensor(values, device=device)


# Unit 0 is never active, 1 in the first batch alone, 2 in the last alone, 3 always.
BATCHES = ([[-1.0, 2.0, -3.0, 4.0], [-2.0, -1.0, -1.0, 1.0]], [[-1.0, -2.0, 3.0, 4.0]])
DEAD = [True, False, False, False]


def rectified(device, **options):
    return Rectified(torch.zeros(4, dtype=torch.float64, device=device), **options)


@pytest.mark.task("dead_units")
@pytest.mark.parametrize("inplace", [False, True], ids=["out of place", "in place"])
def test_a_unit_is_dead_if_it_is_active_in_no_batch(inplace, device):
    model, batches = rectified(device, inplace=inplace), units_of(*BATCHES, device=device)

    with unchanged(model), unchanged(*batches):
        dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"inner.act": mask(DEAD, device)},
        what="the dead units",
        mistakes={
            "only the last batch counts": {"inner.act": mask([True, True, False, False], device)},
            "only the first batch counts": {"inner.act": mask([True, False, True, False], device)},
            "a unit counts as dead once one sample leaves it at 0": {
                "inner.act": mask([True, True, True, False], device)
            },
            "the mask says which units are alive: it is True where they are dead": {
                "inner.act": ~mask(DEAD, device)
            },
            "a unit that some batch leaves at 0 throughout counts as dead": {
                "inner.act": mask([True, True, True, False], device)
            },
        },
    )


@pytest.mark.task("dead_units")
def test_units_are_found_for_batches_from_a_generator(device):
    model, batches = rectified(device), units_of(*BATCHES, device=device)

    dead = debugging.dead_units(model, one_by_one(batches))

    check(dead, {"inner.act": mask(DEAD, device)}, what="the dead units of a generator's batches")


@pytest.mark.task("dead_units")
def test_a_unit_is_alive_though_it_is_nan_for_another_sample(device):
    model, batches = nn.ReLU(), units_of([[math.nan], [1.0]], device=device)

    dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"": mask([False], device)},
        what="the dead units for outputs of NaN and 1",
        mistakes={
            "the largest output is asked, which is NaN where one is: ask each whether it is > 0": {
                "": mask([True], device)
            }
        },
    )


@pytest.mark.task("dead_units")
def test_each_relu_has_a_mask_under_its_own_name(device):
    first, second = torch.tensor([[0.0, 9.0, -9.0], [-9.0, 0.0, -9.0]], dtype=torch.float64)
    make = lambda: nn.Sequential(Rectified(first), nn.Tanh(), Rectified(second), nn.ReLU6())  # noqa: E731
    model = build(make, device=device)
    batches = units_of([[1.0, -1.0, 1.0], [2.0, -2.0, 2.0]], device=device)

    dead = debugging.dead_units(model, batches)

    check(
        dead,
        {
            "0.inner.act": mask([False, False, True], device),
            "2.inner.act": mask([True, False, True], device),
        },
        what="the dead units of two nn.ReLU modules",
        mistakes={
            "every hook reads one variable, which holds the last name by the time it runs": {
                "2.inner.act": mask([False, False, True], device)
            }
        },
    )


@pytest.mark.task("dead_units")
@either_dtype
def test_a_mask_has_the_shape_of_the_output_without_the_batch(dtype, device):
    shift = sample((2, 3, 4), device=device, low=-6.0, dtype=dtype)
    model = Rectified(shift)
    batches = [sample((n, 2, 3, 4), device=device, dtype=dtype) for n in (3, 1)]

    with unchanged(model):
        dead = debugging.dead_units(model, batches)

    due = (torch.cat(batches) + shift <= 0).all(dim=0)
    check(dead, {"inner.act": due}, what="the dead units of images")


@pytest.mark.task("dead_units")
def test_a_model_without_relu_has_no_masks(device):
    model, batches = small_net(device), [sample((5, 3), device=device)]

    check(debugging.dead_units(model, batches), {}, what="the dead units of a model without ReLU")


@pytest.mark.task("dead_units")
def test_the_model_runs_in_eval_mode_and_gets_its_modes_back(device):
    # In train mode this dropout drops everything: every unit looks dead.
    dropping = nn.Sequential(nn.Dropout(1.0), rectified(device))
    model = nn.Sequential(dropping, nn.Tanh())
    model[1].eval()
    batches = units_of(*BATCHES, device=device)

    with unchanged(model):
        dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"0.1.inner.act": mask(DEAD, device)},
        what="the dead units behind a dropout, which eval mode turns off",
        mistakes={"the model runs in train mode": {"0.1.inner.act": ~mask([False] * 4, device)}},
    )


@pytest.mark.task("dead_units")
def test_hooks_of_others_stay(device):
    model, batches = rectified(device), units_of(*BATCHES, device=device)
    model.inner["act"].register_forward_hook(lambda module, args, output: None)

    with unchanged(model):
        debugging.dead_units(model, batches)


@pytest.mark.task("dead_units")
def test_hooks_are_removed_and_modes_come_back_when_the_model_raises(device):
    model = nn.Sequential(rectified(device), FailsAt(2))
    model[0].eval()

    with unchanged(model), raises(LookupError, when="the model raises it: let it pass through"):
        debugging.dead_units(model, units_of(*BATCHES, device=device))


@pytest.mark.task("dead_units")
def test_hooks_are_removed_and_modes_come_back_when_the_batches_raise(device):
    model = rectified(device)

    def broken():
        yield units_of(*BATCHES, device=device)[0]
        raise LookupError("no second batch")

    with unchanged(model), raises(LookupError, when="batches raise it: let it pass through"):
        debugging.dead_units(model, broken())


@pytest.mark.task("dead_units")
def test_masks_are_found_for_a_model_with_parameters(device):
    make = lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU())  # noqa: E731
    model = with_gradients(build(make, device=device))
    x = a_leaf((5, 3), device)

    with unchanged(model), unchanged(x):
        dead = debugging.dead_units(model, [x])

    check(dead, {"1": (model[0](x) <= 0).all(dim=0)}, what="the dead units behind a linear layer")
