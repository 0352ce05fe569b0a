"""
task: check_function
way: gives gradgradcheck its cotangents, so that nothing is drawn; fast mode
"""


def check_function(fn, *inputs, second_order=False):
    ready = []
    for x in inputs:
        if isinstance(x, Tensor) and x.dtype.is_floating_point:
            x = x.detach().to(torch.float64, copy=True, memory_format=torch.contiguous_format)
            x.requires_grad = True
        ready.append(x)
    with torch.set_grad_enabled(True):
        if not gradcheck(fn, ready, raise_exception=False, fast_mode=True):
            return False
        if not second_order:
            return True
        out = fn(*ready)
        outs = out if isinstance(out, tuple) else (out,)
        cotangents = [
            torch.linspace(0.5, 1.5, y.numel(), dtype=y.dtype, device=y.device)
            .reshape(y.shape)
            .requires_grad_()
            for y in outs
        ]
        return gradgradcheck(fn, ready, cotangents, raise_exception=False)
