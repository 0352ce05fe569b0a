"""
task: broadcast_state_
says: yours['count']: it differs
"""


@torch.no_grad()
def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    ts = list(dict.fromkeys([*module.parameters(), *module.buffers()]))
    flat = torch.cat([t.reshape(-1).double() for t in ts])
    dist.broadcast(flat, src)
    for t, part in zip(ts, flat.split([t.numel() for t in ts])):
        t.copy_(part.view_as(t))
