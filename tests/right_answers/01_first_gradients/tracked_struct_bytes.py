"""
task: tracked
way: packs the numbers as raw C doubles and reads the bytes with torch.frombuffer.
"""

import struct


def tracked(values: Sequence[float]) -> Tensor:
    if not values:
        return torch.empty(0, dtype=torch.float64, requires_grad=True)
    raw = bytearray(struct.pack(f"{len(values)}d", *values))
    return torch.frombuffer(raw, dtype=torch.float64).clone().requires_grad_()
