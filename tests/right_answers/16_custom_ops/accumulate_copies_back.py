"""
task: register_accumulate
way: computes with NumPy and copies back; the schema is in words
"""


def register_accumulate(name):
    @custom_op(name, mutates_args={"total"}, schema="(Tensor(a0!) total, Tensor x) -> ()")
    def accumulate(total, x):
        total.copy_(torch.from_numpy(np.asarray(total.cpu().numpy() + np.abs(x.cpu().numpy()))))

    return accumulate
