import data_parallel
import pytest
import torch

from gradkata.checks import check, copies, node_of, raises, run_ranks, sample, turned

from .shared import called, demand_not_written, demand_nothing_kept, versions_of

pytestmark = pytest.mark.task("GatherWithGradient")

OF_TORCH = ("all_gather", "all_reduce", "broadcast", "reduce_scatter")
by_itself = pytest.mark.forbid(
    *(f"torch.distributed.nn.functional.{name}" for name in OF_TORCH),
    reason="let forward and backward call torch.distributed itself",
)


def plain(shape, device, **options):
    return sample(shape, device=device, **options)


def transposed(shape, device, **options):
    return turned(sample(shape[::-1], device=device, **options))


def strided(shape, device, **options):
    return sample(shape, device=device, strided=True, **options)


def expanded(shape, device, **options):
    return sample((*shape[:-1], 1), device=device, **options).expand(shape)


def rows(whole, rank, ranks):
    """Return the part of a rank."""
    return whole[len(whole) // ranks * rank : len(whole) // ranks * (rank + 1)]


def mistakes(cotangents):
    """Return for each mistake the gradients for the x of all ranks."""
    ranks = len(cotangents)
    total = torch.stack(cotangents).sum(0)
    own = [rows(c, rank, ranks) for rank, c in enumerate(cotangents)]
    return {
        "the gradient of this rank's own loss alone is taken: the losses of the others use these "
        "rows too": own,
        "the mean over the ranks is taken, the sum is due": [
            rows(total, rank, ranks) / ranks for rank in range(ranks)
        ],
        "every rank takes the rows of rank 0": [rows(total, 0, ranks)] * ranks,
        "every rank takes the rows of rank 0, of its own loss alone": [
            rows(c, 0, ranks) for c in cotangents
        ],
        "what came in on rank 0 is taken for the sum": [
            rows(cotangents[0], rank, ranks) for rank in range(ranks)
        ],
        "the rows of all ranks are added up": [
            sum(rows(total, rank, ranks) for rank in range(ranks))
        ]
        * ranks,
    }


def judge(shape, ranks, device, *, x_as=plain, cotangent_as=plain, dtype=torch.float64):
    leaves = [x_as(shape, device, dtype=dtype).requires_grad_() for _ in range(ranks)]
    length, *rest = shape
    cotangents = [cotangent_as((ranks * length, *rest), device, dtype=dtype) for _ in range(ranks)]
    # The loss of the last of three ranks has not used the rows.
    for unused in cotangents[2:]:
        unused.zero_()
    x_before, incoming = copies(leaves), copies(cotangents)
    versions = versions_of([*leaves, *cotangents])
    apply = data_parallel.GatherWithGradient.apply

    given = f"x being {x_as.__name__}, {ranks} rank{'s' * (ranks > 1)}"

    on_the_class = dict(vars(data_parallel.GatherWithGradient))

    def run(rank):
        x = leaves[rank]
        gathered = called(apply, x)
        check(
            gathered.detach(),
            torch.cat(x_before),
            what=f"forward of rank {rank}, {given}",
            mistakes={
                "every rank repeats its own rows": torch.cat([x_before[rank]] * ranks),
                "this rank's rows come first": torch.cat(
                    [x_before[rank], *x_before[:rank], *x_before[rank + 1 :]]
                ),
                "there is an axis more, for the ranks": torch.stack(x_before),
            },
        )
        node_of(data_parallel.GatherWithGradient, gathered)
        demand_nothing_kept(data_parallel.GatherWithGradient, on_the_class)
        twice = called(apply, 2 * x[:1])
        (gradient,) = called(torch.autograd.grad, gathered, x, cotangents[rank])
        called(torch.autograd.grad, twice, x, torch.ones_like(twice))
        return gradient

    ran = run_ranks(ranks, run)

    total = torch.stack(incoming).sum(0)
    check(
        ran.results,
        [rows(total, rank, ranks) for rank in range(ranks)],
        what=f"backward of each rank, {given}, what comes in being {cotangent_as.__name__}",
        mistakes=mistakes(incoming),
    )
    check(copies(leaves), x_before, what="x of each rank, afterwards")
    check(cotangents, incoming, what="what came in on each rank, afterwards")
    demand_not_written([*leaves, *cotangents], versions, "x, or what came in,")


@by_itself
@pytest.mark.parametrize("ranks", [1, 3])
def test_each_rank_gets_all_rows_and_the_gradient_of_all_losses(ranks, device):
    judge((2, 3), ranks, device)


@pytest.mark.parametrize(
    ("x_as", "cotangent_as"), [(transposed, expanded), (expanded, strided), (strided, transposed)]
)
def test_layouts_do_not_matter(x_as, cotangent_as, device):
    judge((3, 2), 2, device, x_as=x_as, cotangent_as=cotangent_as)


def test_x_may_have_one_axis_or_three_or_no_rows_and_be_float32(device):
    judge((3,), 2, device)
    judge((0, 2), 2, device)
    judge((2, 1, 2), 2, device, dtype=torch.float32)


def test_a_second_derivative_raises(device):
    leaves = [sample((2, 3), device=device, requires_grad=True) for _ in range(2)]

    def run(rank):
        x = leaves[rank]
        gathered = data_parallel.GatherWithGradient.apply(x)
        (gradient,) = torch.autograd.grad(gathered.pow(3).sum(), x, create_graph=True)
        with raises(
            RuntimeError,
            when="backward goes through a backward",
            advice="what is gathered has no graph: @once_differentiable says so",
        ):
            (gradient.sum() + x.square().sum()).backward()

    run_ranks(2, run)
