"""Whether a function that is passed in is called in grad mode."""

import torch

from gradkata.checks import Wrong


def demand_grad_mode():
    """Look whether a function that is passed in could take a gradient of its own."""
    if not torch.is_grad_enabled():
        raise Wrong(
            "f is called where grad mode is off, by no_grad or inference_mode: an f that takes a "
            "gradient of its own would fail there. Call it in grad mode, and detach what it returns"
        )
