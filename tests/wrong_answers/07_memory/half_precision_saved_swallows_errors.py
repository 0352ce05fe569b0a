"""
task: HalfPrecisionSaved
says: ValueError is due when the code in the block raises it; nothing was raised
"""


class HalfPrecisionSaved:
    def __enter__(self):
        def pack(t):
            return (t.to(torch.bfloat16) if t.is_floating_point() else t).detach(), t.dtype

        self.hooks = saved_tensors_hooks(pack, lambda p: p[0].to(p[1]))
        self.hooks.__enter__()

    def __exit__(self, *args):
        self.hooks.__exit__(*args)
        return True
