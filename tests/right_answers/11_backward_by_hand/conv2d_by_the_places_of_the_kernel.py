"""
task: conv2d_backward
way: a loop over the places of the kernel
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    padded = F.pad(x, (padding, padding, padding, padding))
    grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros_like(weight)
    rows, columns = grad_output.shape[2:]
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            down = slice(a, a + stride * (rows - 1) + 1, stride)
            right = slice(b, b + stride * (columns - 1) + 1, stride)
            of_place = torch.einsum("nohw,nchw->oc", grad_output, padded[:, :, down, right])
            grad_weight[:, :, a, b] = of_place
            back = torch.einsum("nohw,oc->nchw", grad_output, weight[:, :, a, b])
            grad_padded[:, :, down, right] += back
    height, width = x.shape[2:]
    grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]
    return grad_x, grad_weight
