"""
task: ShardedOptimizer
says: 4 of 5 parameters belong to rank 1 of 2: at most 3 may belong to one
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        params = list(params)
        world = dist.get_world_size()
        most = len(params)
        self.parts = [[] for _ in range(world)]
        load = [0] * world
        for i in sorted(range(len(params)), key=lambda i: -params[i].numel()):
            r = min(
                (r for r in range(world) if len(self.parts[r]) < most),
                key=lambda r: (load[r], len(self.parts[r])),
            )
            self.parts[r].append(params[i])
            load[r] += params[i].numel()
        self.optimizer = (
            make_optimizer(self.parts[dist.get_rank()]) if self.parts[dist.get_rank()] else None
        )

    def step(self):
        if self.optimizer is not None:
            self.optimizer.step()
        with torch.no_grad():
            for src, part in enumerate(self.parts):
                for dtype in dict.fromkeys(p.dtype for p in part):
                    same = [p for p in part if p.dtype == dtype]
                    flat = torch.cat([p.reshape(-1) for p in same])
                    dist.broadcast(flat, src)
                    for p, new in zip(same, flat.split([p.numel() for p in same])):
                        p.copy_(new.view_as(p))
