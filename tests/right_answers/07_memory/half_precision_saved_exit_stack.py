"""
task: HalfPrecisionSaved
way: an ExitStack that enters the hooks
"""

from contextlib import ExitStack


class HalfPrecisionSaved(ExitStack):
    def __enter__(self):
        super().__enter__()

        def pack(t):
            if t.dtype.is_floating_point:
                return torch.empty_like(t, dtype=torch.bfloat16).copy_(t), t.dtype
            return t.detach(), None

        def unpack(p):
            return p[0] if p[1] is None else p[0].type(p[1])

        self.enter_context(saved_tensors_hooks(pack, unpack))
        return self
