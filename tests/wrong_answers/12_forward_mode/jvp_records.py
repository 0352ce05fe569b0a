"""
task: jvp
says: tensors are saved for a backward pass
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x, v))
        value, product = forward_ad.unpack_dual(y)
    value = value.detach()
    return value, torch.zeros_like(value) if product is None else product.detach()
