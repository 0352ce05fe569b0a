"""What each class is asked: derivatives up to the third, and where its tensors are kept."""

import torch

from gradkata.checks import Wrong, check, node_of, tensors_in, tracked_copies


def check_three_orders(function, reference, x):
    """Compare three derivatives with torch's: each of the squared sum of the one before."""
    for order, (yours, torchs) in enumerate(
        zip(derivatives(function, x), derivatives(reference, x), strict=True), 1
    ):
        check(yours, torchs, what=f"the gradient of order {order}")


def derivatives(function, x):
    """Give the gradient of the sum, and then twice that of the squared sum of the one before."""
    (leaf,) = tracked_copies(x)
    result = function(leaf)
    for order in range(3):
        if not result.requires_grad:
            raise Wrong(
                f"backward: the gradient of order {order} has no graph, and there is no next: "
                "a recorded backward computes with what forward saved, also where grad_output "
                "itself does not record",
                method="backward",
            )
        (result,) = torch.autograd.grad(result.sum(), leaf, create_graph=True)
        yield result.detach()
        result = result.square()


def check_no_tensor_on_ctx(function, inputs):
    """Demand that no attribute of ctx holds a tensor."""
    outputs = function.apply(*(x.requires_grad_() for x in inputs[:1]), *inputs[1:])
    node = node_of(function, outputs[0] if isinstance(outputs, tuple) else outputs)
    for name, value in vars(node).items():
        if any(True for _ in tensors_in(value)):
            raise Wrong(
                f"forward: ctx.{name} holds a tensor: keep it with ctx.save_for_backward, also "
                "one that was computed on the way",
                method="forward",
            )
