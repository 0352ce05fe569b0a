"""
task: checkpoint_but_products
says: computes mm and bmm and addmm again
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    contexts = functools.partial(
        create_selective_checkpoint_contexts, [aten.matmul.default, aten.linear.default]
    )
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
