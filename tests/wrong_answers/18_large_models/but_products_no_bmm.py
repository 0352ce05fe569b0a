"""
task: checkpoint_but_products
says: computes bmm again
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    contexts = functools.partial(
        create_selective_checkpoint_contexts, [aten.mm.default, aten.addmm.default]
    )
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
