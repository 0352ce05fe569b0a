"""
task: ShardedOptimizer
says: is written to, and put back
"""


class ShardedOptimizer:
    def __init__(self, params, make_optimizer):
        self.params = list(params)
        self.ranks = dist.get_world_size()
        own = self.params[dist.get_rank() :: self.ranks]
        self.optimizer = make_optimizer(own) if own else None

    def step(self):
        gradients = [(p.grad, p.grad.clone()) for p in self.params if p.grad is not None]
        for grad, _ in gradients:
            dist.all_reduce(grad)
            grad /= self.ranks
        for grad, was in gradients:
            grad.copy_(was)
        if self.optimizer is not None:
            self.optimizer.step()
        for i, p in enumerate(self.params):
            dist.broadcast(p.detach(), i % self.ranks)
