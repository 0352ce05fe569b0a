"""
task: batch_norm_backward
way: through the file's own layer_norm_backward, whose rows are the channels
"""


def batch_norm_backward(grad_output, x, weight, eps):
    # a channel is a row of layer norm without weight
    rows = x.movedim(1, 0).flatten(1)
    g = grad_output.movedim(1, 0).flatten(1)
    one = torch.ones(rows.shape[1], dtype=x.dtype, device=x.device)
    rows = rows - rows[:, :1]
    gx, _, _ = layer_norm_backward(g * weight[:, None], rows, one, eps)
    xc = rows - rows.mean(1, keepdim=True)
    gw = (g * xc).sum(1) / (xc.square().mean(1) + eps).sqrt()
    return gx.unflatten(1, (x.shape[0], *x.shape[2:])).movedim(0, 1), gw, g.sum(1)
