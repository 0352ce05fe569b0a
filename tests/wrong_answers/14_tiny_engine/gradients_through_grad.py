"""
task: gradients
says: gradients writes to .grad
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    for x in inputs:
        x.grad = None
    backward(root, cotangent)
    return [x.grad for x in inputs]
