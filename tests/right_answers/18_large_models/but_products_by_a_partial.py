"""
task: checkpoint_but_products
way: fn bound to its arguments
"""


def checkpoint_but_products(fn, *args):
    ops = [getattr(torch.ops.aten, name).default for name in ("bmm", "mm", "addmm")]
    call = functools.partial(fn, *args)
    return checkpoint(
        call,
        use_reentrant=False,
        context_fn=lambda: create_selective_checkpoint_contexts(ops),
        determinism_check="none",
    )
