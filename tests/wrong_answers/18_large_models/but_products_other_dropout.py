"""
task: checkpoint_but_products
says: the gradients with dropout
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    products = [aten.mm.default, aten.addmm.default, aten.bmm.default]
    contexts = functools.partial(create_selective_checkpoint_contexts, products)
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts, preserve_rng_state=False)
