"""
Zeros in place under no_grad, which records nothing new but leaves the grad_fn that create_graph=True gave.

task: clear_gradients_
says: still has its graph
"""


def clear_gradients_(params: Iterable[Tensor] | Tensor, *, set_to_none: bool = True) -> None:
    if isinstance(params, Tensor):
        params = [params]
    with torch.no_grad():
        for p in params:
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                p.grad.zero_()
