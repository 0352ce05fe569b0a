"""
task: checkpoint
way: holders in the graph, which the second run fills through weak references
"""

import weakref


class _Holder:
    """Stands in the graph for one saved tensor."""

    def __init__(self, frame):
        self.frame = frame
        self.value = None


class _Frame:
    """One call of checkpoint: what is needed to run it again."""

    def __init__(self, fn, args):
        self.fn = fn
        self.args = args
        self.devices = sorted(
            {a.device.index for a in args if isinstance(a, Tensor) and a.device.type == "cuda"}
        )
        self.cpu_state = torch.get_rng_state()
        self.cuda_states = [torch.cuda.get_rng_state(d) for d in self.devices]
        self.holders = []

    def pack(self, t):
        holder = _Holder(self)
        self.holders.append(weakref.ref(holder))
        return holder

    def unpack(self, holder):
        if holder.value is None:
            self.run_again()
        return holder.value

    def run_again(self):
        waiting = iter(self.holders)

        def fill(t):
            kept = t.detach()
            ref = next(waiting, None)
            holder = None if ref is None else ref()
            if holder is not None:
                holder.value = kept
            return kept

        with torch.random.fork_rng(devices=self.devices), torch.enable_grad():
            torch.set_rng_state(self.cpu_state)
            for d, state in zip(self.devices, self.cuda_states, strict=True):
                torch.cuda.set_rng_state(state, d)
            with saved_tensors_hooks(fill, lambda kept: kept):
                self.fn(*self.args)


def checkpoint(fn, *args):
    if not torch.is_grad_enabled():
        return fn(*args)
    frame = _Frame(fn, args)
    with saved_tensors_hooks(frame.pack, frame.unpack):
        return fn(*args)
