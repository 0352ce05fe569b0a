"""
task: NumpySin
way: no once_differentiable: backward goes through a second Function whose own backward always raises, even where the incoming gradient needs none.
"""


class NumpySin(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        y = torch.empty_like(x, device="cpu")
        y.copy_(torch.as_tensor(np.asarray(np.sin(x.detach().cpu().double().numpy()))))
        return y.to(x.device)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        class Slope(Function):
            @staticmethod
            def forward(ctx: Any, x: Tensor, g: Tensor) -> Tensor:
                cosine = np.asarray(np.cos(x.detach().cpu().double().numpy()))
                return g * torch.as_tensor(cosine).to(x)

            @staticmethod
            def backward(ctx: Any, *grads: Tensor) -> Tensor:
                raise RuntimeError("NumpySin is differentiable once only")

        return Slope.apply(*ctx.saved_tensors, grad_output)
