"""
task: broadcast_state_
way: one flat tensor for each dtype, asynchronously
"""


def broadcast_state_(module, src=0):
    tensors = [t.detach() for t in [*module.parameters(), *module.buffers()]]
    works = []
    for dtype in sorted({t.dtype for t in tensors}, key=str):
        same = [t for t in tensors if t.dtype == dtype]
        flat = torch.cat([t.reshape(-1) for t in same])
        works.append((dist.broadcast(flat, src=src, async_op=True), flat, same))
    for work, flat, same in works:
        work.wait()
        for t, part in zip(same, flat.split([t.numel() for t in same])):
            t.copy_(part.view_as(t))
