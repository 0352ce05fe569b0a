"""
task: checkpoint_but_products
says: requires_grad
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    products = [aten.mm.default, aten.addmm.default, aten.bmm.default]
    contexts = functools.partial(create_selective_checkpoint_contexts, products)
    for arg in args:
        if isinstance(arg, Tensor) and arg.is_floating_point():
            arg.requires_grad_()
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
