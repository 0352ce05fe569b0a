"""
task: HalfPrecisionSaved
way: holds hooks, keeps the sixteen bits as integers, and clones what is not real
"""


class HalfPrecisionSaved:
    def __enter__(self):
        def pack(t):
            if t.is_floating_point():
                bits = t.clone(memory_format=torch.contiguous_format).to(torch.bfloat16)
                return bits.view(torch.int16), t.dtype
            return t.clone(), None

        def unpack(packed):
            values, dtype = packed
            return values if dtype is None else values.view(torch.bfloat16).to(dtype)

        self.hooks = saved_tensors_hooks(pack, unpack)
        self.hooks.__enter__()
        return self

    def __exit__(self, *error):
        self.hooks.__exit__(*error)
        return False
