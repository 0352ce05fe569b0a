"""
task: multiply_
way: NumPy writes to the array, and the node of a product gives the vjp
"""


def multiply_(x, factor):
    product = x * factor
    if product.requires_grad and x.vjp is None:
        raise RuntimeError(f"{x} is a leaf that requires grad")
    np.multiply(x.data, factor, out=x.data)
    product.data, product.version = x.data, x.version
    x.version.count += 1
    return product
