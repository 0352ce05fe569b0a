"""
task: checkpoint_but_products
says: computes tanh 0 times again
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    contexts = functools.partial(
        create_selective_checkpoint_contexts,
        [aten.mm.default, aten.addmm.default, aten.bmm.default, aten.tanh.default],
    )
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
