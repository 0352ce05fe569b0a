"""
task: checkpoint_but_products
says: are alive after it
"""


def checkpoint_but_products(fn: Callable[..., Tensor], *args: Any) -> Tensor:
    """A list of ops."""
    ops = torch.ops.aten
    keep = [
        ops.mm.default,
        ops.addmm.default,
        ops.bmm.default,
        ops.clone.default,
        ops.native_dropout.default,
        ops.native_layer_norm.default,
    ]
    context_fn = functools.partial(create_selective_checkpoint_contexts, keep)
    return checkpoint(fn, *args, use_reentrant=False, context_fn=context_fn)
