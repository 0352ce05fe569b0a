"""
task: checkpoint
way: tokens as weak keys, so that each tensor that was computed again dies with its node
"""

import weakref


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)

    class Token:
        pass

    state = torch.get_rng_state()
    order = []
    found = weakref.WeakKeyDictionary()

    def pack(t):
        token = Token()
        order.append(weakref.ref(token))
        return token

    def unpack(token):
        if token not in found:
            turns = iter(order)

            def fill(t):
                owner = next(turns)()
                if owner is not None:
                    found[owner] = t.detach()

            hooks = saved_tensors_hooks(fill, lambda t: t)
            with torch.random.fork_rng(devices=[]), torch.enable_grad(), hooks:
                torch.set_rng_state(state)
                fn(*args)
        return found[token]

    with saved_tensors_hooks(pack, unpack):
        return fn(*args)
