"""
task: accumulate_
way: never calls backward: asks autograd.grad loss by loss, keeps own totals by identity, and writes `.grad` at the end.
"""


def accumulate_(params: Iterable[Tensor], loss_fns: Iterable[Callable[[], Tensor]]) -> None:
    leaves = {id(p): p for p in params}
    total: dict[int, Tensor] = {}
    for loss_fn in loss_fns:
        loss = loss_fn()
        if not leaves:
            continue
        for key, g in zip(
            leaves, torch.autograd.grad(loss, [*leaves.values()], allow_unused=True), strict=True
        ):
            if g is not None:
                total[key] = total[key] + g if key in total else g.clone()
    for key, p in leaves.items():
        p.grad = total.get(key)
