"""
task: register_erf
way: without annotations, but with the schema in words; fills a new tensor element by element
"""


def register_erf(name):
    @torch.library.custom_op(name, mutates_args=(), schema="(Tensor x) -> Tensor")
    def op(x):
        result = torch.empty(x.shape, dtype=x.dtype, device=x.device)
        for i, value in enumerate(x.reshape(-1)):
            result.view(-1)[i] = math.erf(value)
        return result

    return op
