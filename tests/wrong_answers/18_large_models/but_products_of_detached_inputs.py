"""
task: checkpoint_but_products
says: backward of a single call
"""


def checkpoint_but_products(fn, *args):
    aten = torch.ops.aten
    products = [aten.mm.default, aten.addmm.default, aten.bmm.default]
    contexts = functools.partial(create_selective_checkpoint_contexts, products)
    args = [arg.detach() if isinstance(arg, Tensor) else arg for arg in args]
    return checkpoint(fn, *args, use_reentrant=False, context_fn=contexts)
