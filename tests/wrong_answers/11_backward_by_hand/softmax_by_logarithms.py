"""
task: softmax_backward
says: NaN
"""


def softmax_backward(grad_output, output, dim):
    logits = output.log()
    powers = (logits - logits.amin(dim, keepdim=True)).exp()
    y = powers / powers.sum(dim, keepdim=True)
    weighted = grad_output * y
    return weighted - y * weighted.sum(dim, keepdim=True)
