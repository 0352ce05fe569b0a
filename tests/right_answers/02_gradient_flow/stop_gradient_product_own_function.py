"""
task: stop_gradient_product
way: an autograd.Function defined inside whose backward gives the second factor None.
"""


def stop_gradient_product(
    f: Callable[[Tensor], Tensor], g: Callable[[Tensor], Tensor], x: Tensor
) -> Tensor:
    class HalfProduct(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(b)
            return a * b

        @staticmethod
        def backward(ctx, up):
            (b,) = ctx.saved_tensors
            return up * b, None

    leaf = x.detach().clone()
    leaf.requires_grad = True
    with torch.enable_grad():
        HalfProduct.apply(f(leaf), g(leaf)).backward(inputs=[leaf])
    return leaf.grad
