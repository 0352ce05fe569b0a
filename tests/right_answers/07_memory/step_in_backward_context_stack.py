"""
task: step_in_backward_
way: a stack of callbacks from contextlib
"""

import contextlib


def step_in_backward_(params, lr):
    stack, known = contextlib.ExitStack(), []
    for p in params:
        if not p.requires_grad or any(p is q for q in known):
            continue
        known.append(p)

        @torch.no_grad()
        def step(p):
            p.copy_(p - lr * p.grad)
            p.grad = None

        stack.callback(p.register_post_accumulate_grad_hook(step).remove)
    return stack.close
