"""
task: average_in_backward_
says: when backward comes to the first layer, 0 collectives have begun
"""


def average_in_backward_(params):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]

    def finish():
        for p in params:
            if p.grad is not None:
                dist.all_reduce(p.grad)
                p.grad /= dist.get_world_size()

    return finish
