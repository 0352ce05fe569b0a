"""
task: checkpoint
way: saved-tensor hooks with an empty box for each tensor, filled only if somebody still holds it
"""

import weakref


class _Box:
    tensor = None


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    before = torch.get_rng_state()
    boxes = []

    def pack(t):
        box = _Box()
        boxes.append(weakref.ref(box))
        return box

    def recompute():
        order = iter(boxes)

        def fill(t):
            box = next(order)()
            if box is not None:
                box.tensor = t.detach()

        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(before)
            with torch.enable_grad(), saved_tensors_hooks(fill, lambda t: t):
                fn(*args)

    def unpack(box):
        if box.tensor is None:
            recompute()
        return box.tensor

    with saved_tensors_hooks(pack, unpack):
        return fn(*args)
